"""A release of the program: its signed description, as it stands before the installer in a file.

Such a file is one line that says what it is, one line of canonical JSON signed by the publisher of
the program, and the installer's bytes as they are. Nothing in it is secret, so that one file serves
every unit that it passes.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.ids import HASH_BYTES, b64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.oplog.signed import KEY_BYTES, VERSION, Fields, Sign, malformed, seal

MAGIC: Final = b"LEARNSITE PROGRAM 1\n"
KIND: Final = "program"
MAX_DESCRIPTION_BYTES: Final = 16 * 1024
MAX_INSTALLER_BYTES: Final = 200_000_000
"""What is larger is refused: it would fill the sticks and disks of those below."""
PLATFORMS: Final = {
    "deb-amd64": ".deb",
    "uos-amd64": ".deb",
    "linux-x86_64": ".tar.zst",
    "windows-x64": ".exe",
}
"""The packages there are, with the ending of an installer's name."""

_VERSION: Final = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){2}", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_DEVICE: Final = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)\.", re.ASCII | re.IGNORECASE)
"""How names begin that mean a device to Windows, whatever follows: no file can be written there."""
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBody:
    """What a description says.

    `version` and `follows` are three numbers below 1,000 with dots; `follows` is the oldest
    version that may be replaced at once. `platform` is one of `PLATFORMS`, `name` the installer's
    file name, `size` its bytes, `schema` the number of the stored form that the program brings,
    `at` an RFC 3339 moment.
    """

    version: str
    platform: str
    name: str
    size: int
    sha256: bytes
    follows: str
    schema: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(ReleaseBody):
    """A description with the key that signed it and the bytes as signed."""

    by: bytes
    raw: bytes


def number_of(version: str) -> int:
    """Return a version as one number that grows with it: "1.2.3" → 1,002,003.

    ValueError for anything but three numbers below 1,000.
    """
    if not _VERSION.fullmatch(version):
        raise ValueError(f"not a version: {version[:40]}")
    first, second, third = map(int, version.split("."))
    return (first * _THOUSAND + second) * _THOUSAND + third


def version_of(number: int) -> str:
    """Return the version of which `number_of` gives this number."""
    rest, third = divmod(number, _THOUSAND)
    return ".".join(map(str, (*divmod(rest, _THOUSAND), third)))


def make_release(body: ReleaseBody, public_key: bytes, sign: Sign) -> Release:
    """Return a description signed with the publisher's key; refuses `part_malformed`."""
    raw = seal(
        {
            "t": KIND,
            "v": VERSION,
            "version": body.version,
            "platform": body.platform,
            "name": body.name,
            "size": body.size,
            "sha256": b64(body.sha256),
            "follows": body.follows,
            "schema": body.schema,
            "at": body.at,
            "by": b64(public_key),
        },
        sign,
    )
    return parse_release(raw)


def parse_release(raw: bytes) -> Release:
    """Return a well-formed description; who signed it is asked by `is_published`."""
    fields = Fields(raw, KIND, MAX_DESCRIPTION_BYTES)
    release = Release(
        version=_version(fields, "version"),
        platform=fields.text("platform"),
        name=fields.text("name"),
        size=fields.integer("size", 1),
        sha256=fields.blob("sha256", HASH_BYTES),
        follows=_version(fields, "follows"),
        schema=fields.integer("schema", 1),
        at=fields.time("at"),
        by=fields.blob("by", KEY_BYTES),
        raw=raw,
    )
    ending = PLATFORMS.get(release.platform)
    if ending is None:
        raise malformed(KIND, "platform")
    if not _NAME.fullmatch(release.name) or not release.name.endswith(ending):
        raise malformed(KIND, "name")
    if _DEVICE.match(release.name):
        raise malformed(KIND, "name")
    return release


def _version(fields: Fields, key: str) -> str:
    text = fields.text(key)
    try:
        number_of(text)
    except ValueError as error:
        raise malformed(KIND, key) from error
    return text


def is_published(release: Release, keys: Collection[bytes]) -> bool:
    """Whether one of these public keys signed a description."""
    if release.by not in keys:
        return False
    try:
        Fields(release.raw, KIND, MAX_DESCRIPTION_BYTES).require_signature(release.by)
    except Refusal:
        return False
    return True
