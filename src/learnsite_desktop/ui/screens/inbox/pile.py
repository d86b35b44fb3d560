"""The files on the screen: what was dropped or chosen, what lies on sticks and in the folder."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from learnsite_desktop.services.at_hand import AtHand, Taking
from learnsite_desktop.services.photo_files import MISSING, is_of_pictures
from learnsite_desktop.services.register_files import BOOK
from learnsite_desktop.services.transports import Lying

NAMED: Final = "named"
STICKS: Final = "sticks"
WATCHED: Final = "watched"
_SOURCES: Final = (NAMED, WATCHED, STICKS)
_DONE: Final = frozenset({"received", "held"})


class Pile:
    """Files by where they came from, each content once, and what became of them here."""

    def __init__(self) -> None:
        self._found: dict[str, list[AtHand]] = {source: [] for source in _SOURCES}
        self._results: dict[str, Taking] = {}
        self._left_out: set[str] = set()

    def add(self, files: Iterable[AtHand]) -> None:
        """Add files that somebody named; one named again is looked at anew."""
        new = list(files)
        keys = {one.key for one in new}
        # What photos give of a file lies in one place, and has another key once it is whole.
        paths = {one.lying.candidate.path for one in new}
        kept = [
            one
            for one in self._found[NAMED]
            if one.key not in keys and one.lying.candidate.path not in paths
        ]
        self._found[NAMED] = [*kept, *new]
        for key in keys:
            self._left_out.discard(key)
            if self.state_of(key) not in _DONE:
                self._results.pop(key, None)

    def put(self, source: str, files: Sequence[AtHand]) -> bool:
        """Show these files for a place that is looked at again and again; True if that is news."""
        same = [(one.key, one.lying.state) for one in self._found[source]] == [
            (one.key, one.lying.state) for one in files
        ]
        self._found[source] = list(files)
        return not same

    def __iter__(self) -> Iterator[AtHand]:
        """Yield each file once."""
        seen: set[str] = set()
        for source in _SOURCES:
            for one in self._found[source]:
                if one.key not in seen:
                    seen.add(one.key)
                    yield one

    def named_paths(self) -> list[Path]:
        """Return where the files lie that somebody named; those from photos are none."""
        named = self._found[NAMED]
        return [one.lying.candidate.path for one in named if not is_of_pictures(one)]

    def put_named(self, files: Sequence[AtHand]) -> bool:
        """Show these files for those named before; what photos gave stays. True if that is news."""
        photographed = [one for one in self._found[NAMED] if is_of_pictures(one)]
        return self.put(NAMED, [*photographed, *files])

    def known(self) -> dict[bytes, Lying]:
        """Return what was found out of files, by digest."""
        return {
            one.lying.candidate.digest: one.lying
            for one in self
            if one.lying.candidate.digest and one.lying.kind
        }

    def note(self, taking: Taking) -> None:
        """Note what became of a file."""
        self._results[taking.file.key] = taking

    def forget_batch(self, number: int) -> None:
        """Forget what became of a file that was taken back."""
        self._results = {
            key: one
            for key, one in self._results.items()
            if one.received is None or one.received.batch != number
        }

    def result(self, key: str) -> Taking | None:
        """Return what became of a file here, None if nothing was tried."""
        return self._results.get(key)

    def state_of(self, key: str) -> str:
        """Return the state of what became of a file, "" if nothing was tried."""
        found = self._results.get(key)
        return found.state if found else ""

    def toggle(self, key: str) -> None:
        """Leave a file out of what is taken in, or no longer."""
        self._left_out ^= {key}

    def is_left_out(self, key: str) -> bool:
        """Whether a file is to be left."""
        return key in self._left_out

    def wanted(self) -> list[AtHand]:
        """Return the files that would be taken in now."""
        return [
            one
            for one in self
            if one.is_new and one.key not in self._left_out and one.key not in self._results
        ]

    def spoilt(self) -> int:
        """Return how many files are damaged, cut off or refused."""
        return sum(self._is_spoilt(one) for one in self)

    def _is_spoilt(self, one: AtHand) -> bool:
        result = self._results.get(one.key)
        state = result.state if result else one.lying.state
        refusal = result.refusal if result else one.lying.refusal
        if refusal is not None and refusal.code == BOOK:
            return False
        cut = refusal is not None and refusal.code not in {"file_unfinished", MISSING}
        return state in {"damaged", "refused"} or (state == "incomplete" and cut)

    def senders(self) -> dict[str, Path]:
        """Return the units whose files came in here, with the folder that they came from."""
        return {
            one.lying.from_unit: one.folder
            for one in self
            if one.lying.from_unit and self.state_of(one.key) in _DONE
        }
