"""Carrying a packed file to a stick or folder; the file itself stays in the outbox."""

from dataclasses import dataclass
from pathlib import Path

from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.handing_in import OUTBOX
from learnsite_desktop.services.packing import pack
from learnsite_desktop.services.receiving import file_digest
from learnsite_desktop.services.transports import carrier, is_sealed
from learnsite_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Sent:
    """A file and its copy; `trouble` says why there is none, the file stands all the same."""

    file: Path
    size: int
    digest: bytes
    copy: Path | None
    trouble: Refusal | None = None


def send_file(file: Path, folder: Path) -> Sent:
    """Copy a sealed file there. Refuses `file_missing` and `not_a_bundle`."""
    if not file.is_file():
        raise Refusal("file_missing", where=str(file))
    if not is_sealed(file):
        raise Refusal("not_a_bundle")
    digest, size = file_digest(file), file.stat().st_size
    try:
        return Sent(file, size, digest, carrier(folder).put(file))
    except Refusal as refusal:
        return Sent(file, size, digest, None, refusal)


def send_packed(
    workspace: Workspace, unit: str, folder: Path, *, progress: Progress = silent
) -> Sent:
    """Pack what a unit lacks into the outbox and copy it there. Refuses what `pack` does."""
    packed = pack(workspace, unit, workspace.subfolder(OUTBOX), progress=progress)
    return send_file(packed.written.path, folder)
