"""Signs what was built, for updates without a network; keeps the publisher's key out of the source.

    python packaging/sign_release.py key FILE              makes a key pair, the secret in FILE
    python packaging/sign_release.py sign FILE [PACKAGE…]  signs packages, else all of build/package

`key` prints the line for resources/publisher/keys.txt. `sign` writes an update file (.lsu) beside
each package and refuses when the program that is built would not believe the key. The secret key
is 43 letters in a file that only its owner may read; it belongs on a stick in a safe, never here.
What cannot be done is said in one line and ends with code 2; then no package was signed further.
"""

import argparse
import hashlib
import os
import re
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from learnsite_desktop.domain.ids import b64, unb64  # noqa: E402
from learnsite_desktop.domain.refusals import Refusal  # noqa: E402
from learnsite_desktop.oplog.releases import (  # noqa: E402
    MAX_INSTALLER_BYTES,
    ReleaseBody,
    make_release,
    number_of,
)
from learnsite_desktop.services.updates.files import write_update  # noqa: E402
from learnsite_desktop.services.updates.running import publisher_keys  # noqa: E402
from learnsite_desktop.store.migrations import SCHEMA  # noqa: E402

BUILT: Final = ROOT / "build" / "package"
NAMES: Final = (
    (re.compile(r"learnsite_(\d+\.\d+\.\d+)_amd64\.deb"), "deb-amd64"),
    (re.compile(r"org\.learnsite\.desktop_(\d+\.\d+\.\d+)\.\d+_amd64\.deb"), "uos-amd64"),
    (re.compile(r"learnsite-(\d+\.\d+\.\d+)-linux-x86_64\.tar\.zst"), "linux-x86_64"),
    (re.compile(r"learnsite-(\d+\.\d+\.\d+)-windows-x64-setup\.exe"), "windows-x64"),
)
"""How packages are called; the version stands in the name."""
_SEED: Final = 32


class Unfit(Exception):
    """What was asked for cannot be done; the text says why, for the one who asked."""


def main() -> None:
    """Make a key, or sign; ends with code 2 and one line where that cannot be done."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    deeds = words.add_subparsers(dest="deed", required=True)
    deeds.add_parser("key").add_argument("file", type=Path)
    sign = deeds.add_parser("sign")
    sign.add_argument("file", type=Path)
    sign.add_argument("packages", type=Path, nargs="*")
    sign.add_argument("--follows", default="0.0.0", help="the oldest version it may replace")
    asked = words.parse_args()
    try:
        lines = [make_key(asked.file)] if asked.deed == "key" else _signed(asked)
        for line in lines:
            print(line)
    except (Unfit, OSError) as error:
        words.error(str(error))


def _signed(asked: argparse.Namespace) -> Iterator[Path]:
    """Sign one package after another; everything that is asked is looked at before the first."""
    seed = read_key(asked.file)
    try:
        believed = publisher_keys()
    except ValueError as error:
        raise Unfit(f"resources/publisher/keys.txt cannot be read: {error}") from error
    packages = asked.packages or _built()
    if not packages:
        raise Unfit("nothing to sign: no package was built")
    for package in packages:
        require_fit(package, asked.follows)
    for package in packages:
        yield sign_package(package, seed, asked.follows, believed)


def _built() -> list[Path]:
    """Return the packages that were built, none where nothing was."""
    listed = sorted(BUILT.iterdir()) if BUILT.is_dir() else []
    return [one for one in listed if kind_of(one.name)]


def make_key(path: Path) -> str:
    """Write a new secret key, for its owner's eyes; return the public one as text."""
    if path.resolve().is_relative_to(ROOT):
        raise Unfit("the secret key must not lie in the source: choose a folder elsewhere")
    seed = secrets.token_bytes(_SEED)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{b64(seed)}\n")
    return b64(public_of(seed))


def read_key(path: Path) -> bytes:
    """Return the secret key of a file. Raises OSError."""
    try:
        seed = unb64(path.read_text(encoding="ascii").strip())
    except ValueError as error:  # what stands there is not repeated: it may be a key all the same
        raise Unfit(f"{path} is no secret key") from error
    if len(seed) != _SEED:
        raise Unfit(f"{path} is no secret key")
    return seed


def public_of(seed: bytes) -> bytes:
    """Return the public key of a secret one."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def kind_of(name: str) -> tuple[str, str] | None:
    """Return platform and version of a package by its name, None for another file."""
    for pattern, platform in NAMES:
        found = pattern.fullmatch(name)
        if found:
            return platform, found[1]
    return None


def require_fit(package: Path, follows: str) -> tuple[str, str]:
    """Return platform and version of a package that may be signed. Raises Unfit, OSError."""
    kind = kind_of(package.name)
    if kind is None:
        raise Unfit(f"{package.name} is not called as a package is")
    size = package.stat().st_size
    if not 0 < size <= MAX_INSTALLER_BYTES:
        raise Unfit(f"{package.name} has {size} bytes, not 1 to {MAX_INSTALLER_BYTES}")
    try:
        version = number_of(kind[1])
    except ValueError as error:
        raise Unfit(f"{package.name}: {kind[1]} is no version (three numbers to 999)") from error
    try:
        oldest = number_of(follows)
    except ValueError as error:
        text = "is no version; give three numbers to 999 with dots, such as 0.2.0"
        raise Unfit(f"--follows: {follows[:40]} {text}") from error
    if oldest >= version:
        raise Unfit(f"--follows {follows}: {kind[1]} could then replace nothing; give an older one")
    return kind


def sign_package(package: Path, seed: bytes, follows: str, believed: frozenset[bytes]) -> Path:
    """Write the update file of a package beside it; `believed` are the keys that are shipped."""
    public = public_of(seed)
    if public not in believed:
        raise Unfit(f"resources/publisher/keys.txt does not have this key: {b64(public)}")
    kind = require_fit(package, follows)
    size = package.stat().st_size
    platform, version = kind
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    body = ReleaseBody(
        version=version,
        platform=platform,
        name=package.name,
        size=size,
        sha256=digest,
        follows=follows,
        schema=SCHEMA,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    try:
        release = make_release(body, public, Ed25519PrivateKey.from_private_bytes(seed).sign)
    except Refusal as refusal:
        raise Unfit(f"{package.name} cannot be described: {refusal}") from refusal
    return write_update(release, package, package.parent)


if __name__ == "__main__":
    main()
