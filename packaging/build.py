"""Builds a release: `python packaging/build.py [--here]`; `make package` calls it.

Writes into build/package: the program's folder, on Linux both Debian packages and a portable
archive, on Windows a portable archive, and SHA256SUMS. Fails when the folder or a package is larger
than the budget, or when what was built does not start.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Final

from debian import MARK, make_package, plain, shop
from notices import write_notices
from trim import SYSTEM
from version_info import ROOT, version

OUT: Final = ROOT / "build" / "package"
WORK: Final = ROOT / "build" / "package-work"
INSTALLED_MB: Final = 160
PACKED_MB: Final = 50
FONT_MB: Final = 5
"""What the archive for a stick may have on top: it carries a Chinese font."""
_MB: Final = 1_000_000
LATER: Final = frozenset(
    {"openpyxl", "sqlite_utils", "pyxform", "pypinyin", "rapidfuzz", "zxingcpp", "segno",
     "cryptography", "sqlite3", "click"}
)  # fmt: skip
"""What only some screen or a file needs: loaded when it does, never before the first paint."""
_GLIBC: Final = re.compile(r"^(ld-linux|lib(c|m|dl|pthread|rt|util|resolv)\.so)")
_FONTS: Final = ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",)
_READ_ME: Final = """\
学点记 {version} 便携版

不用安装：把整个文件夹复制到电脑上（不要直接在U盘上长期使用），双击 {program} 即可。
记录保存在这台电脑自己的数据文件夹里，不在U盘上。Windows 需要 10（1809）或更新的版本；
Linux 需要 glibc {glibc} 或更新的版本。各组件的许可证见 licences 文件夹。

No installation: copy the whole folder to the computer and start {program}.
Records stay in the computer's own folder, not on the stick.
"""


def main() -> None:
    """Build everything that can be built on this system."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument(
        "--folder", action="store_true", help="only the program's folder, no packages"
    )
    asked = words.parse_args()
    started = time.monotonic()
    folder = build_folder()
    notices = write_notices(folder / "licences", version())
    glibc = oldest_glibc(folder)
    starts(folder)
    sizes = {"installed": size_of(folder)}
    if not asked.folder:
        sizes |= {path.name: path.stat().st_size for path in pack(folder, glibc)}
        write_sums()
    told = {name: f"{size / _MB:.1f} MB" for name, size in sizes.items()}
    told |= {"components": str(notices), "glibc": glibc or "-"}
    told |= {"seconds": f"{time.monotonic() - started:.0f}"}
    print(json.dumps(told, ensure_ascii=False, indent=2))
    within_budget(sizes)


def build_folder() -> Path:
    """Run PyInstaller, take out what nobody needs; return the program's folder."""
    shutil.rmtree(OUT, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        make_icon(WORK / "learnsite.ico")
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
            "--distpath", str(OUT), "--workpath", str(WORK),
            str(ROOT / "packaging" / "learnsite.spec"),
        ],
        check=True,
        cwd=ROOT,
    )  # fmt: skip
    folder = OUT / "learnsite"
    if sys.platform == "win32":
        # Installer and archive are made of this very folder; both go on with the installer.
        (folder / MARK).write_text("windows-x64\n", encoding="ascii")
    if sys.platform == "linux":
        for library in folder.rglob("*.so*"):
            if library.is_file() and not library.is_symlink():
                # A library that cannot be stripped stays as it is.
                subprocess.run(
                    ["strip", "--strip-unneeded", str(library)], check=False, capture_output=True
                )
        drop_unneeded(folder)
        if lacking(folder):
            raise SystemExit(f"asked for, but left out: {sorted(lacking(folder))}")
    return folder


def needed(folder: Path) -> set[str]:
    """Return the libraries that the files of a folder ask for."""
    found: set[str] = set()
    for path in [folder / "learnsite", *folder.rglob("*.so*")]:
        told = subprocess.run(
            ["objdump", "-p", str(path)], check=False, capture_output=True, text=True
        ).stdout
        found.update(re.findall(r"^\s+NEEDED\s+(\S+)", told, re.MULTILINE))
    return found


def drop_unneeded(folder: Path) -> None:
    """Take away the libraries that came for something that was taken out."""
    while True:
        wanted = needed(folder)
        # Python's own and Qt's are loaded by other means too.
        idle = [
            path
            for path in (folder / "_internal").glob("lib*.so*")
            if path.name not in wanted
            and not re.match(r"lib(python|Qt6|pyside|shiboken)", path.name)
        ]
        if not idle:
            return
        for path in idle:
            path.unlink()


def lacking(folder: Path) -> set[str]:
    """Return the libraries that are neither in the folder nor known to be the system's own."""
    here = {path.name for path in folder.rglob("*.so*")}
    return {one for one in needed(folder) - here if not (SYSTEM.match(one) or _GLIBC.match(one))}


def make_icon(path: Path) -> None:
    """Draw the program's icon for Windows."""
    from PySide6.QtCore import QByteArray  # noqa: PLC0415 - there alone
    from PySide6.QtGui import QImage  # noqa: PLC0415

    drawing = (ROOT / "packaging" / "linux" / "learnsite.svg").read_bytes()
    drawing = drawing.replace(
        b'viewBox="0 0 128 128"', b'width="256" height="256" viewBox="0 0 128 128"'
    )
    image = QImage.fromData(QByteArray(drawing))
    if image.isNull() or not image.save(str(path)):
        raise OSError("the icon could not be drawn")


def oldest_glibc(folder: Path) -> str:
    """Return the oldest glibc that all files of a folder run with, "" off Linux."""
    if sys.platform != "linux":
        return ""
    asked: set[tuple[int, ...]] = set()
    for path in [folder / "learnsite", *folder.rglob("*.so*")]:
        found = subprocess.run(
            ["objdump", "-T", str(path)], check=False, capture_output=True, text=True
        ).stdout
        asked |= {tuple(map(int, one.split("."))) for one in re.findall(r"GLIBC_(2\.\d+)", found)}
    return ".".join(map(str, max(asked)))


def starts(folder: Path) -> None:
    """Fail unless a county can be founded and checked with it, and its window opens lightly."""
    program = folder / ("learnsite.exe" if sys.platform == "win32" else "learnsite")

    def run(*said: str, **environment: str) -> str:
        done = subprocess.run(
            [str(program), *said], check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            timeout=120,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        )  # fmt: skip
        return done.stdout

    if version() not in run("--version"):
        raise SystemExit("the program that was built does not know its version")
    with tempfile.TemporaryDirectory() as place:
        data = str(Path(place) / "county")
        run("--data", data, "init", "--tier", "county", "--unit", "410122000000")
        if not json.loads(run("--data", data, "--json", "check"))["ok"]:
            raise SystemExit("the program that was built finds its own records damaged")
        told = Path(place) / "start.json"
        run(LEARNSITE_DATA=data, LEARNSITE_START_TIMES=str(told))
        early = sorted(LATER & set(json.loads(told.read_text(encoding="utf-8"))["loaded"]))
        if early:
            raise SystemExit(f"loaded before the first paint, though nothing needs it: {early}")


def pack(folder: Path, glibc: str) -> list[Path]:
    """Make every package of this system."""
    if sys.platform == "win32":
        return [portable_zip(folder)]
    debs = [make_package(one, folder, OUT, glibc) for one in (plain(), shop())]
    return [*debs, portable_tar(folder, glibc)]


def portable_tar(folder: Path, glibc: str) -> Path:
    """Pack the folder for a stick, with a Chinese font for computers that have none."""
    place = WORK / f"learnsite-{version()}"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place, symlinks=True)
    (place / MARK).write_text("linux-x86_64\n", encoding="ascii")
    for font in _FONTS:
        (place / "fonts").mkdir(exist_ok=True)
        shutil.copy(font, place / "fonts")
        copyright_of = Path("/usr/share/doc/fonts-wqy-microhei/copyright")
        shutil.copy(copyright_of, place / "licences" / "fonts-wqy-microhei.txt")
    text = _READ_ME.format(version=version(), program="learnsite", glibc=glibc)
    (place / "README.txt").write_text(text, encoding="utf-8")
    path = OUT / f"learnsite-{version()}-linux-x86_64.tar.zst"
    tar = ["tar", "--owner=0", "--group=0", "--sort=name", "-C", str(WORK), "-c", place.name]
    with path.open("wb") as out:
        packing = subprocess.Popen(tar, stdout=subprocess.PIPE)
        subprocess.run(["zstd", "-q", "-19", "-T2"], stdin=packing.stdout, stdout=out, check=True)
        if packing.wait():
            raise SystemExit("the portable archive could not be packed")
    shutil.rmtree(place)
    return path


def portable_zip(folder: Path) -> Path:
    """Pack the folder for a stick: Windows opens zip files by itself."""
    path = OUT / f"learnsite-{version()}-windows-x64.zip"
    text = _READ_ME.format(version=version(), program="learnsite-window.exe", glibc="2.28")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("learnsite/README.txt", text.replace("\n", "\r\n"))
        for file in sorted(folder.rglob("*")):
            archive.write(file, Path("learnsite", file.relative_to(folder)))
    return path


def write_sums() -> None:
    """Write the digests of all packages."""
    files = sorted(path for path in OUT.iterdir() if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (OUT / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def within_budget(sizes: dict[str, int]) -> None:
    """End with an error when something has grown beyond its budget."""
    for name, size in sizes.items():
        most = INSTALLED_MB if name == "installed" else PACKED_MB
        most += FONT_MB if name.endswith(".tar.zst") else 0
        if size > most * _MB:
            raise SystemExit(f"{name}: {size / _MB:.1f} MB is over the budget of {most} MB")


if __name__ == "__main__":
    main()
