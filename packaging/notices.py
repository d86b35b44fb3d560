"""The licences of everything in a release, from what is installed where it is built."""

import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
TOOLS: Final = frozenset(
    {"altgraph", "macholib", "packaging", "pefile", "pip", "pyinstaller-hooks-contrib",
     "pywin32-ctypes", "setuptools"}
)  # fmt: skip
"""Needed to build a release, not in it. PyInstaller's own first lines of the program are."""
_LICENCE: Final = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_LESSER: Final = frozenset({"pyside6-essentials", "shiboken6"})
_HEAD: Final = """\
学点记 learnsite {version} 的许可证 / licences

学点记本身按 Apache License 2.0 发布，见 LICENSE.txt。下列组件按各自的许可证随本程序发布，
许可证全文在本文件夹中。
The program itself is under the Apache License 2.0 (LICENSE.txt). The components below come with it
under their own licences, whose texts are in this folder.

Qt, PySide6, Shiboken6: GNU Lesser General Public License 3 (LGPL-3.txt, GPL-3.txt)
  They are used unchanged, as shared libraries, in the folder `_internal/PySide6` and
  `_internal/shiboken6` of the program. You may replace them by your own builds of the same version:
  put your files in the place of those with the same names. You may take the program apart to find
  faults in such a replacement. Their sources are published by the Qt Project under these version
  numbers; whoever gave you this program gives you them on request.
python-stdnum: GNU Lesser General Public License 2.1 or later
  It is pure Python. To use another version of it, build the program anew from its own sources with
  `make package`; nothing else is needed.
PyInstaller: the first lines of the program file, GNU General Public License 2 or later with an
  exception that lets programs of any licence be built with it.
"""


def write_notices(folder: Path, version: str) -> int:
    """Write the texts of all licences into a folder; return how many components they are of."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    for text in sorted((ROOT / "packaging" / "licences").iterdir()):
        shutil.copy(text, folder / text.name)
    lines = [_HEAD.format(version=version), ""]
    lines += [_python(folder), *(_component(name, folder) for name in components())]
    lines += _of_the_system(folder)
    (folder / "NOTICES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 2


def components() -> list[str]:
    """Return the names of the components that a release is made of, those installed here."""
    named = re.findall(
        r"^([a-z0-9_.-]+)==",
        (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [name for name in named if name not in TOOLS and _installed(name)]


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _component(name: str, folder: Path) -> str:
    found = metadata.distribution(name)
    texts = [file for file in found.files or () if _LICENCE.search(str(file))]
    place = folder / f"{name}-{found.version}"
    for text in texts:
        place.mkdir(exist_ok=True)
        shutil.copy(str(text.locate()), place / f"{Path(str(text)).name}")
    if not texts and name not in _LESSER:
        # Its makers ship no text: what they declare is kept as they wrote it.
        place.mkdir(exist_ok=True)
        (place / "METADATA.txt").write_text(str(found.metadata), encoding="utf-8")
    return f"{name} {found.version}: {_declared(found)}"


def _declared(found: metadata.Distribution) -> str:
    fields = found.metadata.get_all("License-Expression") or found.metadata.get_all("License") or []
    stated = next((one.strip().splitlines()[0] for one in fields if one.strip()), "")
    classes = [
        one.rpartition(" :: ")[2]
        for one in found.metadata.get_all("Classifier") or []
        if one.startswith("License :: ")
    ]
    return stated or ", ".join(classes) or "see its folder"


def _python(folder: Path) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path(sys.base_prefix, "LICENSE.txt"),
        Path("/usr/share/doc/python3.11/copyright"),
    )
    for place in places:
        if place.is_file():
            shutil.copy(place, folder / "Python.txt")
            break
    else:
        raise FileNotFoundError("Python's licence is not where it usually is")
    return f"Python {version}: PSF-2.0"


def _of_the_system(folder: Path) -> list[str]:
    """Copy what Debian says of its own libraries that came along."""
    if not shutil.which("dpkg"):
        return []
    lines = []
    packages: set[str] = set()
    for library in sorted((folder.parent / "_internal").glob("*.so*")):
        found = subprocess.run(
            ["dpkg", "-S", f"*/{library.name}"], check=False, capture_output=True, text=True
        ).stdout
        packages.update(line.split(":", 1)[0] for line in found.splitlines()[:1])
    for package in sorted(packages):
        text = Path("/usr/share/doc", package, "copyright")
        if text.is_file():
            shutil.copy(text, folder / f"{package}.txt")
            lines.append(f"{package}: see {package}.txt")
    return lines
