"""A folder into which another program drops files, such as the downloads of a chat program.

A file counts once its size and its time have not changed between two looks some seconds apart:
until then it may still be growing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.transport.disk import Disk, Entry
from learnsite_desktop.transport.folder import FolderPlace, Found
from learnsite_desktop.transport.looks import Look, Looks
from learnsite_desktop.transport.places import Candidate, Recognise, Taken

SETTLED_SECONDS: Final = 2


class DropPlace(FolderPlace):
    """A folder that is looked at again and again; it may hold very many files of others."""

    def __init__(
        self,
        folder: Path,
        recognise: Recognise,
        taken: Taken,
        *,
        clock: Clock,
        looks: Path,
        disk: Disk | None = None,
    ) -> None:
        """`looks` is the file in which is kept what was seen."""
        super().__init__(folder, recognise, taken, disk)
        self._clock = clock
        self._looks = Looks(looks)
        self._there: set[Path] = set()

    def candidates(self) -> list[Candidate]:
        """Look at the folder once and return the bundles in it; those not settled yet too."""
        self._there = set()
        found = super().candidates()
        self._looks.keep(self._there)
        return found

    def files(self) -> Iterator[Entry]:
        """Yield the files, noting that they are there."""
        for entry in super().files():
            self._there.add(entry.path)
            yield entry

    def judged(self, entry: Entry) -> Candidate | None:
        """Return what a file is; what is none of ours is remembered once it has settled."""
        now = self._clock.now().timestamp()
        seen = self._looks.get(entry.path)
        if seen is not None and seen.is_of(entry) and seen.digest == "":
            return None
        if seen is None or not seen.is_of(entry) or seen.since > now:
            # A clock that went back counts from where it is now.
            self._note(entry, now, None)
        candidate = super().judged(entry)
        if candidate is None and self._has_rested(entry):
            self._note(entry, now, "")
        return candidate

    def is_settled(self, entry: Entry) -> bool:
        """Whether nobody is still writing: its name says nothing of that, and it has rested."""
        return super().is_settled(entry) and self._has_rested(entry)

    def look(self, entry: Entry) -> Found | None:
        """Return what a file is; one that was read before and has not changed is not read again."""
        seen = self._looks.get(entry.path)
        if seen is not None and seen.digest and seen.is_of(entry):
            return Found(bytes.fromhex(seen.digest))
        found = super().look(entry)
        if seen is not None and found is not None and found.digest:
            self._note(entry, seen.since, found.digest.hex())
        return found

    def _has_rested(self, entry: Entry) -> bool:
        """Whether it looked like this some seconds ago too."""
        seen = self._looks.get(entry.path)
        now = self._clock.now().timestamp()
        return seen is not None and now - seen.since >= SETTLED_SECONDS

    def _note(self, entry: Entry, since: float, digest: str | None) -> None:
        self._looks.set(entry.path, Look(entry.size, entry.stamp, since, digest))
