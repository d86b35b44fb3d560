"""The two Debian packages, from one folder: one for Debian and Kylin, one for deepin's app shop."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from version_info import ROOT, four_parts, version

APP_ID: Final = "org.learnsite.desktop"
MARK: Final = "package.txt"
"""The file beside the program that says from which kind of package it comes."""
_LINUX: Final = ROOT / "packaging" / "linux"
_NEEDED: Final = (
    "libegl1", "libgl1", "libxkbcommon0", "libxkbcommon-x11-0", "libfontconfig1", "libfreetype6",
    "libdbus-1-3", "libglib2.0-0 | libglib2.0-0t64", "libx11-6", "libx11-xcb1", "libxcb1",
    "libgssapi-krb5-2", "libstdc++6", "libgcc-s1", "zlib1g",
    # Without a Chinese font every letter is a box: no Recommends.
    "fonts-wqy-microhei | fonts-noto-cjk | fonts-wqy-zenhei | fonts-droid-fallback",
)  # fmt: skip
_ABOUT: Final = """\
 Villages record classes, learners and attendance on their own computer,
 without a network. Records go up as sealed files; townships and counties
 receive, check and count them.
 .
 学点记：社区学习点台账，不联网也能用，以文件逐级报送。"""


@dataclass(frozen=True, slots=True)
class Flavour:
    """One package: where its program lies and how the desktop knows it."""

    package: str
    program: str
    """The folder of the program, below the root."""
    entries: str
    """Where desktop files, icons and kinds of file lie, below the root."""
    execute: str
    version: str
    kind: str
    """How update files call this kind of package."""


def plain() -> Flavour:
    """Return the package for Debian, Kylin and their like."""
    place, entries = "usr/lib/learnsite", "usr/share"
    return Flavour("learnsite", place, entries, "learnsite", version(), "deb-amd64")


def shop() -> Flavour:
    """Return the package for the shop of deepin and UOS: all below /opt/apps, nothing runs."""
    place = f"opt/apps/{APP_ID}"
    return Flavour(
        APP_ID,
        f"{place}/files",
        f"{place}/entries",
        f"/{place}/files/learnsite",
        ".".join(map(str, four_parts(version()))),
        "uos-amd64",
    )


def make_package(flavour: Flavour, folder: Path, into: Path, glibc: str) -> Path:
    """Write the .deb of a built folder that needs glibc (such as "2.31"); return its path."""
    root = into / f"{flavour.package}.root"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / flavour.program, symlinks=True)
    (root / flavour.program / MARK).write_text(f"{flavour.kind}\n", encoding="ascii")
    _entries(root, flavour)
    _documents(root, flavour)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(_control(flavour, root, glibc), encoding="utf-8")
    _usual_rights(root)
    path = into / f"{flavour.package}_{flavour.version}_amd64.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", str(root), str(path)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(root)
    return path


def _filled(name: str, words: dict[str, str]) -> str:
    text = (_LINUX / name).read_text(encoding="utf-8")
    for key, word in words.items():
        text = text.replace(f"@{key}@", word)
    return text


def _entries(root: Path, flavour: Flavour) -> None:
    entries = root / flavour.entries
    moment = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")) or _now(), UTC)
    words = {
        "EXEC": flavour.execute,
        "ICON": flavour.package,
        "APPID": APP_ID,
        "DESKTOP": f"{flavour.package}.desktop",
        "VERSION": version(),
        "DATE": moment.date().isoformat(),
    }
    files = {
        f"applications/{flavour.package}.desktop": "learnsite.desktop",
        f"mime/packages/{flavour.package}.xml": "learnsite-mime.xml",
        f"metainfo/{APP_ID}.metainfo.xml": "learnsite.metainfo.xml",
        f"icons/hicolor/scalable/apps/{flavour.package}.svg": "learnsite.svg",
    }
    for target, source in files.items():
        path = entries / target
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _filled(source, words).replace(
            'icon name="learnsite"', f'icon name="{words["ICON"]}"'
        )
        path.write_text(text, encoding="utf-8")
    if flavour.package == APP_ID:
        info = {
            "appid": APP_ID,
            "name": "学点记",
            "version": flavour.version,
            "arch": ["amd64"],
            "permissions": {},
        }
        text = json.dumps(info, ensure_ascii=False, indent=2)
        (entries.parent / "info").write_text(text + "\n", encoding="utf-8")
    else:
        command = root / "usr/bin/learnsite"
        command.parent.mkdir(parents=True)
        command.symlink_to("../lib/learnsite/learnsite")


def _now() -> int:
    return int((ROOT / "src/learnsite_desktop/__init__.py").stat().st_mtime)


def _documents(root: Path, flavour: Flavour) -> None:
    if flavour.package == APP_ID:
        return  # the shop wants nothing outside its folder; the notices lie with the program
    place = root / "usr/share/doc/learnsite"
    place.mkdir(parents=True)
    shutil.copy(root / flavour.program / "licences" / "NOTICES.txt", place / "copyright")


def _control(flavour: Flavour, root: Path, glibc: str) -> str:
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file())
    fields = {
        "Package": flavour.package,
        "Version": flavour.version,
        "Architecture": "amd64",
        "Maintainer": "learnsite <learnsite@localhost>",
        "Section": "education",
        "Priority": "optional",
        "Installed-Size": str(size // 1024),
        "Depends": ", ".join((f"libc6 (>= {glibc})", *_NEEDED)),
        "Recommends": "libcups2, shared-mime-info, desktop-file-utils",
        "Description": f"records of community learning sites, kept offline\n{_ABOUT}",
    }
    return "".join(f"{name}: {text}\n" for name, text in fields.items())


def _usual_rights(root: Path) -> None:
    for path in root.rglob("*"):
        if path.is_symlink():
            continue
        runs = path.is_dir() or bool(path.stat().st_mode & 0o100)
        path.chmod(0o755 if runs else 0o644)
    root.chmod(0o755)
