"""A packed file as numbered pictures, on a screen or on paper: for a computer without chat."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.printout import CodePicture, CodeSheet
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.packing import Packed, pack
from learnsite_desktop.services.printing import Printer
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.transport.picture_place import Picture, PicturePlace, pictures_of
from learnsite_desktop.transport.pictures import series_of
from learnsite_desktop.transport.places import Taken

A_PAGE: Final = 2
"""How many pictures stand on a page."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """A packed file and its pictures: `folder` holds `total` of them, `spare` may go missing."""

    packed: Packed
    folder: Path
    total: int
    spare: int


def pack_as_pictures(
    workspace: Workspace,
    unit: str,
    out: Path,
    folder: Path,
    printer: Printer,
    *,
    progress: Progress = silent,
) -> Pictured:
    """Pack what a unit lacks and draw it; refused as a whole, no file is left behind.

    Refuses what `pack` does, `pictures_too_large`, and as a folder to copy into does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _whole(workspace) as written:
        packed = pack(workspace, unit, out, progress=progress)
        written.append(packed.written.path)
        place = PicturePlace(
            folder,
            Taken(lambda _digest: False),
            store=folder,
            read=_reads_nothing,
            draw=lambda name, pictures: printer(*_sheets(workspace, unit, name, pictures)),
        )
        place.put(packed.written.path)
    series = series_of(packed.written.path.read_bytes())
    return Pictured(packed, folder, series.total, series.spare)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of a packed `file`: `pngs` for a screen by their numbers, `sheets` for paper.

    `spare` of them may go missing, one in each group.
    """

    file: Path
    pngs: tuple[bytes, ...]
    sheets: tuple[CodeSheet, ...]
    spare: int


def draw_pictures(workspace: Workspace, file: Path, unit: str) -> Drawn:
    """Draw a file that was packed for a unit; nothing is written.

    Refuses `file_missing` and `pictures_too_large`.
    """
    if not file.is_file():
        raise Refusal("file_missing", where=str(file))
    raw = file.read_bytes()
    drawn = pictures_of(raw, file.name)
    return Drawn(
        file,
        tuple(one.png for one in drawn),
        tuple(_sheets(workspace, unit, file.stem, drawn)),
        series_of(raw).spare,
    )


def keep_pictures(drawn: Drawn, folder: Path, printer: Printer) -> Path:
    """Write pictures and their pages into a folder, all or none; return the folder.

    Refuses as a folder to copy into does.
    """
    place = PicturePlace(
        folder,
        Taken(lambda _digest: False),
        store=folder,
        read=_reads_nothing,
        draw=lambda _name, _pictures: printer(*drawn.sheets),
    )
    return place.put(drawn.file)


@contextmanager
def _whole(workspace: Workspace) -> Iterator[list[Path]]:
    """One transaction for packing and drawing; the files named go when it fails."""
    written: list[Path] = []
    try:
        with workspace.database.transaction():
            yield written
    except BaseException:
        workspace.idents.forget()
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _reads_nothing(_photo: Path) -> list[bytes]:
    return []


def _sheets(
    workspace: Workspace, unit: str, name: str, pictures: Sequence[Picture]
) -> Iterator[CodeSheet]:
    """Yield the pages of the pictures, in the language in use."""
    pages = [pictures[at : at + A_PAGE] for at in range(0, len(pictures), A_PAGE)]
    by, to = (unit_name(workspace.database, one) or one for one in (workspace.unit, unit))
    first = render(
        N_("From %(by)s to %(to)s · %(count)s pictures"),
        {"by": by, "to": to, "count": len(pictures)},
    )
    how = _("Photograph every picture sharply and from the front; the order does not matter.")
    for number, page in enumerate(pages, start=1):
        yield CodeSheet(
            title=_("Bundle in pictures"),
            lines=(first, how),
            pictures=tuple(CodePicture(one.matrix, f"{one.number}/{one.total}") for one in page),
            code=name,
            footer=name,
            number=render(
                N_("Page %(number)s of %(count)s"), {"number": number, "count": len(pages)}
            ),
            at=workspace.now(),
        )
