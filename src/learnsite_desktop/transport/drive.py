"""A drive that can be pulled out at any moment: a folder that must be the same to the end."""

from collections.abc import Callable, Sequence
from pathlib import Path

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.transport.disk import Disk, told
from learnsite_desktop.transport.folder import FolderPlace
from learnsite_desktop.transport.places import Recognise, Taken

Drives = Callable[[], Sequence[Path]]
"""Gives where drives that can be pulled out are mounted now."""


class DrivePlace(FolderPlace):
    """A stick. Where it was mounted may stay behind as an empty folder of the computer's own disk.

    So the drive is looked for before and after a copy, and must be the same file system.
    """

    def __init__(
        self,
        root: Path,
        drives: Drives,
        recognise: Recognise,
        taken: Taken,
        disk: Disk | None = None,
    ) -> None:
        """`root` is where the drive is mounted, `drives` lists those that are there."""
        super().__init__(root, recognise, taken, disk)
        self._drives = drives

    def require_there(self) -> None:
        """Refuse `place_gone` for a drive that is not plugged in."""
        if self.folder not in self._drives():
            raise Refusal("place_gone", where=str(self.folder))
        super().require_there()

    def put(self, file: Path, name: str = "") -> Path:
        """Copy a file there; a drive pulled out meanwhile refuses `place_gone`."""
        before = self._device()
        target = super().put(file, name)
        if self.folder not in self._drives() or self._device() != before:
            self._remove_stray(target, before)
            raise Refusal("place_gone", where=str(self.folder))
        return target

    def _device(self) -> int:
        self.require_there()
        try:
            return self._disk.device(self.folder)
        except OSError as error:
            raise told(error, self.folder) from error

    def _remove_stray(self, target: Path, device: int) -> None:
        """Remove a copy that fell onto the computer's own disk instead of the drive."""
        try:
            if self._disk.device(self.folder) != device:
                self._disk.remove(target)
        except OSError:
            return
