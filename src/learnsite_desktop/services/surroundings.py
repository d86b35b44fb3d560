"""What this computer is, for a supporter: versions, disk, diary. No name, no path, no free text."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import psutil

from learnsite_desktop import __version__
from learnsite_desktop.domain.impersonal import is_moment
from learnsite_desktop.domain.refusals import REFUSALS
from learnsite_desktop.platform.drives import current_partitions, medium_of_folder
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.platform.logs import CODE, FIGURES, START_FIGURES, read_diary
from learnsite_desktop.store.engine import engine_version

_LIBRARIES: Final = ("PySide6_Essentials", "msgspec", "zstandard", "pyrage", "cryptography")
_DIARY_READ: Final = 5000
_DIARY_SHOWN: Final = 300
_STARTS_SHOWN: Final = 40
_CLOUDS: Final = ("onedrive", "dropbox", "nutstore", "weiyun", "baidunetdisk", "icloud")
"""Folders that a program copies away by itself; a database in one of them gets damaged."""
_NUMBERS: Final = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)
_WORD: Final = re.compile(r"[a-z][a-z0-9_.-]{0,20}", re.ASCII)
_MODULE: Final = re.compile(r"learnsite_desktop(\.\w+)*", re.ASCII)
_TYPE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}", re.ASCII)
_FRAME: Final = re.compile(r"[\w<>-]{1,60}(\.pyc?)?:\d{1,6} [\w<>.]{1,80}", re.ASCII)
_LEVELS: Final = frozenset(("debug", "info", "warning", "error", "critical"))


def program() -> dict[str, Any]:
    """Return versions and the size of the computer."""
    memory = psutil.virtual_memory()
    return {
        "learnsite": __version__,
        "language": language(),
        "packed": bool(getattr(sys, "frozen", False)),
        "python": platform.python_version(),
        "sqlite": engine_version(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "system": platform.system(),
        "release": _numbers(platform.release()),
        "distribution": _distribution(),
        "machine": platform.machine(),
        "libc": platform.libc_ver()[1],
        "processors": os.cpu_count(),
        "memory_bytes": memory.total,
        "memory_free_bytes": memory.available,
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _numbers(text: str) -> str:
    """Return the figures at the beginning; what follows may be anybody's."""
    found = _NUMBERS.match(text)
    return found[0] if found else ""


def _distribution() -> str:
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return ""
    name = told.get("ID", "")
    return f"{name if _WORD.fullmatch(name) else '?'} {_numbers(told.get('VERSION_ID', ''))}"


def place(folder: Path) -> dict[str, Any]:
    """Return where the records lie and how much room there is; the path itself is not told."""
    text = str(folder.absolute())
    found: dict[str, Any] = {
        "medium": medium_of_folder(folder).value,
        "file_system": _file_system(folder),
        "there": folder.is_dir(),
        "path_length": len(os.fsencode(text)),
        "path_plain": text.isascii() and " " not in text,
        "in_home": folder.absolute().is_relative_to(Path.home()),
        "cloud_folder": any(cloud in text.lower() for cloud in _CLOUDS),
    }
    try:
        room = shutil.disk_usage(folder)
        found |= {"total_bytes": room.total, "free_bytes": room.free}
    except OSError as error:
        found["room_refused"] = type(error).__name__
    for name in ("learnsite.db", "learnsite.db-wal", "keys.json", "run.json"):
        found[name.replace(".", "_").replace("-", "_")] = _size(folder / name)
    for name in ("media", "backups", "inbox", "logs", "tmp", "reports", "templates"):
        found[name] = _weight(folder / name)
    return found


def _file_system(folder: Path) -> str:
    real = Path(os.path.realpath(folder))
    under = [
        one
        for one in current_partitions()
        if real == one.mountpoint or one.mountpoint in real.parents
    ]
    if not under:
        return ""
    kind = max(under, key=lambda one: len(one.mountpoint.parts)).kind
    return kind if _WORD.fullmatch(kind) else "?"


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def _weight(folder: Path) -> dict[str, int]:
    """Return how many files there are below a folder, and their bytes."""
    files, size = 0, 0
    for where, _folders, names in os.walk(folder):
        for name in names:
            files += 1
            size += _size(Path(where) / name) or 0
    return {"files": files, "bytes": size}


def diary_lines(folder: Path) -> list[dict[str, Any]]:
    """Return the newest refusals and mistakes of the diary, the newest last.

    Of a line its moment, its level, the place in our code and its code are told, never its words.
    """
    found = [
        _told(line)
        for line in read_diary(folder, _DIARY_READ)
        if line.get("level") in ("warning", "error") or CODE in line
    ]
    return found[-_DIARY_SHOWN:]


def starts(folder: Path) -> list[dict[str, Any]]:
    """Return what the newest starts took, the newest last."""
    lines = [line for line in read_diary(folder, _DIARY_READ) if FIGURES in line]
    return [_told(line) for line in lines[-_STARTS_SHOWN:]]


def _told(line: Mapping[str, object]) -> dict[str, Any]:
    """Return what of a diary line may be told, each part only in the form that our code gives."""
    at = str(line.get("at", ""))
    found: dict[str, Any] = {"at": at if is_moment(at) else ""}
    level, module, number = line.get("level"), line.get("from"), line.get("line")
    if isinstance(level, str) and level in _LEVELS:
        found["level"] = level
    if isinstance(module, str) and _MODULE.fullmatch(module):
        found["from"] = module
    if isinstance(number, int):
        found["line"] = number
    code = line.get(CODE)
    if isinstance(code, str) and code in REFUSALS:
        found[CODE] = code
    figures = line.get(FIGURES)
    if isinstance(figures, dict):
        found[FIGURES] = {
            name: value
            for name in START_FIGURES
            if isinstance(value := figures.get(name), (int, float))
        }
    if isinstance(line.get("error"), dict):
        found["error"] = _error(line["error"])
    return found


def _error(error: Any, depth: int = 0) -> dict[str, Any]:
    kind, frames, cause = error.get("type"), error.get("frames"), error.get("cause")
    found: dict[str, Any] = {"type": kind if _TYPE.fullmatch(str(kind)) else "?"}
    if isinstance(frames, list):
        found["frames"] = [one for one in map(str, frames) if _FRAME.fullmatch(one)]
    if isinstance(cause, dict) and depth < 4:
        found["cause"] = _error(cause, depth + 1)
    return found
