"""What all ways of carrying have in common: putting a file there, finding files, fetching one.

A place never moves or removes anything of the people it belongs to: what was taken is remembered
by digest, not by tidying up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from learnsite_desktop.domain.refusals import Refusal

NAME_DIGITS: Final = 32
SUFFIX: Final = ".lsb"
Recognise = Callable[[bytes], bool]
"""Whether a file that begins like this is a sealed one; it gets `HEAD_BYTES`."""
HEAD_BYTES: Final = 64


class State(StrEnum):
    """How things stand with a file that was found."""

    NEW = "new"
    TAKEN = "taken"
    INCOMPLETE = "incomplete"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file, or a set of pictures, that may hold a bundle.

    `name` is only shown, never written to; `digest` the SHA-256 of the bundle ("" while unknown);
    `copies` how often it lies there; `refusal` why it cannot be fetched now; `at` seconds since
    1970.
    """

    name: str
    path: Path
    size: int
    at: float
    state: State
    digest: bytes = b""
    copies: int = 1
    refusal: Refusal | None = None


class Taken:
    """Which bundles were taken: those `known` says, and those marked since."""

    def __init__(self, known: Callable[[bytes], bool]) -> None:
        """`known` answers for a SHA-256, from the journal of batches."""
        self._known = known
        self._marked: set[bytes] = set()

    def __contains__(self, digest: bytes) -> bool:
        """Whether the file of this digest was taken."""
        return digest in self._marked or self._known(digest)

    def add(self, digest: bytes) -> None:
        """Remember one for as long as this object lives."""
        self._marked.add(digest)


class Transport(Protocol):
    """A way in which a finished bundle travels. All methods refuse `place_gone` and the like."""

    def put(self, file: Path) -> Path:
        """Bring a finished file there, whole or not at all; return where it lies."""

    def candidates(self) -> list[Candidate]:
        """Return what lies there and may be a bundle, the newest first."""

    def fetch(self, candidate: Candidate, staging: Path) -> Path:
        """Bring a candidate into a folder of ours, whole or not at all, under a name of ours.

        Refuses `file_changed` if it is another file by now, and what the candidate's `refusal`
        says.
        """

    def mark_taken(self, candidate: Candidate) -> None:
        """Remember that it was taken in."""


def staged_name(digest: bytes) -> str:
    """Return the name under which a fetched file lies; nothing of its own name is in it."""
    return digest.hex()[:NAME_DIGITS] + SUFFIX
