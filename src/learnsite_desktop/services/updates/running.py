"""What runs here, and whose word is believed about newer programs."""

from dataclasses import dataclass

from learnsite_desktop import __version__
from learnsite_desktop.domain.ids import unb64
from learnsite_desktop.oplog.signed import KEY_BYTES
from learnsite_desktop.platform.packaged import package_kind
from learnsite_desktop.platform.resources import resource
from learnsite_desktop.store.migrations import SCHEMA


@dataclass(frozen=True, slots=True)
class Running:
    """The program at work: version, kind of package ("" from source), stored form, publishers."""

    version: str
    platform: str
    schema: int
    publishers: frozenset[bytes]


def running() -> Running:
    """Return what runs here, with the public keys that came with it."""
    return Running(__version__, package_kind(), SCHEMA, publisher_keys())


def publisher_keys() -> frozenset[bytes]:
    """Return the public keys of the program's publisher, from the program's own files."""
    text = resource("publisher", "keys.txt").read_text(encoding="ascii")
    lines = (line.strip() for line in text.splitlines())
    keys = frozenset(unb64(line) for line in lines if line and not line.startswith("#"))
    if any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("publisher/keys.txt: not a public key")
    return keys
