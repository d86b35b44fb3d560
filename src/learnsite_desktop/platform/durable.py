"""Files that are still there after the power went: barriers for content, names and new folders.

A file's content is on the disk after its own `fsync`, its name only after that of its folder, and a
new folder after that of the one above. The order for a file that was promised: write a `.part`,
`settle_file`, `put_in_place`.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_CANNOT: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM})
"""What some FAT and network drivers say to the barrier of a folder; the content is safe already."""


def settle_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    with path.open("r+b") as file, named(path):
        os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with named(folder):
            os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Let an error of a barrier say whose it is; the system does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, as far as they are missing, to stay."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1] != missing[-1].parent:
        missing.append(missing[-1].parent)
    folder.mkdir(parents=True, exist_ok=True)
    for above in reversed(missing[1:]):
        settle_folder(above)


def put_in_place(part: Path, target: Path) -> None:
    """Give a settled file its final name, to stay; a file of that name is replaced."""
    part.replace(target)
    settle_folder(target.parent)


def settle_names(paths: Iterable[Path]) -> None:
    """Wait until the names of files are on the disk; each folder is waited for once."""
    for folder in dict.fromkeys(path.parent for path in paths):
        settle_folder(folder)


@contextmanager
def whole_set(folder: Path) -> Iterator[Path]:
    """Give a folder to fill; its files come into `folder` when the block has ended, else none.

    They are made beside it, on the same disk. Files of these names are replaced, others stay.
    """
    fresh = not folder.exists()
    make_folder(folder.parent)
    making = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        yield making
        for path in making.iterdir():
            settle_file(path)
        if fresh:
            making.rename(folder)
            settle_folder(folder)
            settle_folder(folder.parent)
        else:
            for path in sorted(making.iterdir()):
                path.replace(folder / path.name)
            settle_folder(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
