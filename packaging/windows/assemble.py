"""Puts together on Linux what a release for Windows would be made of, as far as that is to be had.

    python packaging/windows/assemble.py FOLDER

FOLDER/learnsite is laid out as PyInstaller lays it out on Windows: the wheels for Windows of every
pinned requirement, thinned out by the same list (trim.py), and our own code. What PyInstaller adds
there is a stand-in: the two programs and Python itself, which no package index carries. It fails
when a requirement has no wheel for 64-bit Windows and Python 3.11, when one of the libraries asks
for another that is neither in the folder nor Windows' own, or when the folder is over the budget.
Nothing here shows that the program runs. It needs uv, objdump and the package index.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trim import kept
from version_info import ROOT

INSTALLED_MB: Final = 130
STAND_INS: Final = {
    "learnsite.exe": 9_000_000,
    "learnsite-window.exe": 9_000_000,
    "_internal/python311.dll": 6_000_000,
    "_internal/sqlite3.dll": 1_500_000,
    "_internal/libcrypto-3.dll": 5_000_000,
    "_internal/base_library.zip": 1_400_000,
}
"""What is not to be had here, about as large as it is: zeros, which weigh nothing when packed."""
TOOLS: Final = re.compile(
    r"^((pyinstaller|_pyinstaller\w*|altgraph|ordlookup|pip|setuptools|pkg_resources|_distutils_hack"
    r"|win32ctypes|packaging|bin|share)/|pefile\.py|peutils\.py|distutils-precedence\.pth|\.lock)",
    re.IGNORECASE,
)
"""What builds and is no part of the release."""
SYSTEM: Final = re.compile(
    r"^(api-ms-win-.*|ext-ms-.*|python3(11)?|kernel32|user32|gdi32|advapi32|shell32|ole32|oleaut32|ws2_32|"
    r"ntdll|bcrypt(primitives)?|crypt32|secur32|mpr|userenv|authz|netapi32|version|winmm|imm32|dwmapi|uxtheme|"
    r"shcore|shlwapi|comdlg32|comctl32|d3d(9|11|12)|dxgi|dcomp|dwrite|d2d1|opengl32|setupapi|wtsapi32|winspool|iphlpapi|"
    r"dnsapi|winhttp|psapi|pdh|powrprof|rpcrt4|ncrypt|wldap32|icuuc|icuin|propsys|windowscodecs|uiautomationcore|"
    r"runtimeobject|kernelbase|cfgmgr32|hid)\.(dll|drv)$",
    re.IGNORECASE,
)
"""Windows 10's own, and Python's, which PyInstaller brings."""


def main() -> None:
    """Put the folder together and look at it."""
    place = Path(sys.argv[1]).absolute()
    site, folder = place / "wheels", place / "learnsite"
    for one in (site, folder):
        shutil.rmtree(one, ignore_errors=True)
    fetch(site)
    lay_out(site, folder)
    told = {"wheels": len(list(site.glob("*.dist-info"))), "libraries": len(libraries(folder))}
    told["MB"] = round(sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6)
    print(f"assemble: {json.dumps(told)}")
    if missing := lacking(folder):
        raise SystemExit(f"asked for, but neither here nor Windows' own: {missing}")
    if told["MB"] > INSTALLED_MB:
        raise SystemExit(f"{told['MB']} MB is over the budget of {INSTALLED_MB} MB")


def fetch(site: Path) -> None:
    """Unpack the wheels for Windows of all that is pinned, digests checked."""
    uv = shutil.which("uv", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}") or "uv"
    subprocess.run(
        [
            uv, "pip", "install", "--quiet", "--target", str(site),
            "--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.11",
            "--only-binary", ":all:", "--require-hashes", "--no-compile-bytecode",
            "-r", str(ROOT / "packaging/requirements.txt"),
        ],
        check=True,
    )  # fmt: skip


def lay_out(site: Path, folder: Path) -> None:
    """Copy what a release keeps into its place."""
    names = [str(one.relative_to(site)) for one in site.rglob("*") if one.is_file()]
    for name, *_ in kept((name, name, "") for name in names if _is_collected(name)):
        copy(site / name, folder / "_internal" / name)
    for one in (ROOT / "resources").rglob("*"):
        if one.is_file() and one.suffix not in {".po", ".ts"}:
            name = str(one.relative_to(ROOT / "resources"))
            copy(one, folder / "_internal/learnsite_desktop/_resources" / name)
    for one in (ROOT / "src/learnsite_desktop").rglob("*.py"):
        copy(one, folder / "_internal" / one.relative_to(ROOT / "src"))
    for name, size in STAND_INS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes(size))
    (folder / "licences").mkdir()
    for one in (ROOT / "packaging/licences").iterdir():
        copy(one, folder / "licences" / one.name)
    (folder / "licences/NOTICES.txt").write_text("stand-in\n", encoding="utf-8")


def _is_collected(name: str) -> bool:
    """Whether PyInstaller would look at a file of the wheels at all."""
    if TOOLS.match(name) or ".dist-info/" in name or "/tests/" in name:
        return False
    if name.startswith(("PySide6/", "shiboken6/")):
        wanted = re.search(r"/(plugins|translations)/", name) or name.count("/") == 1
        return bool(wanted) and name.endswith((".dll", ".pyd", ".qm", ".py"))
    return not name.endswith((".pyi", ".h", ".c", ".pyx", ".lib", ".exe"))


def copy(source: Path, target: Path) -> None:
    """Copy one file, its folders made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def libraries(folder: Path) -> list[Path]:
    """Return everything in a folder that Windows loads as code."""
    return [one for one in folder.rglob("*") if one.suffix in {".dll", ".pyd"} and is_real(one)]


def is_real(path: Path) -> bool:
    """Whether a file is a program of Windows, and no stand-in."""
    with path.open("rb") as file:
        return file.read(2) == b"MZ"


def lacking(folder: Path) -> dict[str, list[str]]:
    """Return the libraries that are asked for and to be found nowhere, and by whom."""
    here = {one.name.lower() for one in libraries(folder)}
    asked: dict[str, list[str]] = {}
    for one in libraries(folder):
        told = subprocess.run(
            ["objdump", "-p", str(one)], check=True, capture_output=True, text=True
        ).stdout
        for name in re.findall(r"DLL Name: (\S+)", told):
            if name.lower() not in here and not SYSTEM.match(name):
                asked.setdefault(name, []).append(one.name)
    return asked


if __name__ == "__main__":
    main()
