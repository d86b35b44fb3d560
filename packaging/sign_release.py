"""Signs what was built, for updates without a network; keeps the publisher's key out of the source.

    python packaging/sign_release.py key FILE              makes a key pair, the secret in FILE
    python packaging/sign_release.py sign FILE [PACKAGE…]  signs packages, else all of build/package

`key` prints the line for resources/publisher/keys.txt. `sign` writes an update file (.lsu) beside
each package and refuses when the program that is built would not believe the key. The secret key
is 43 letters in a file that only its owner may read; it belongs on a stick in a safe, never here.
"""

import argparse
import hashlib
import os
import re
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from learnsite_desktop.domain.ids import b64, unb64  # noqa: E402
from learnsite_desktop.oplog.releases import (  # noqa: E402
    MAX_INSTALLER_BYTES,
    ReleaseBody,
    make_release,
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


def main() -> None:
    """Make a key, or sign."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    deeds = words.add_subparsers(dest="deed", required=True)
    deeds.add_parser("key").add_argument("file", type=Path)
    sign = deeds.add_parser("sign")
    sign.add_argument("file", type=Path)
    sign.add_argument("packages", type=Path, nargs="*")
    sign.add_argument("--follows", default="0.0.0", help="the oldest version it may replace")
    asked = words.parse_args()
    if asked.deed == "key":
        print(make_key(asked.file))
        return
    packages = asked.packages or sorted(one for one in BUILT.iterdir() if kind_of(one.name))
    if not packages:
        raise SystemExit("nothing to sign: no package was built")
    for package in packages:
        print(sign_package(package, read_key(asked.file), asked.follows, publisher_keys()))


def make_key(path: Path) -> str:
    """Write a new secret key, for its owner's eyes; return the public one as text."""
    if path.resolve().is_relative_to(ROOT):
        raise SystemExit("the secret key must not lie in the source: choose a folder elsewhere")
    seed = secrets.token_bytes(_SEED)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{b64(seed)}\n")
    return b64(public_of(seed))


def read_key(path: Path) -> bytes:
    """Return the secret key of a file."""
    seed = unb64(path.read_text(encoding="ascii").strip())
    if len(seed) != _SEED:
        raise SystemExit(f"{path} is no secret key")
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


def sign_package(package: Path, seed: bytes, follows: str, believed: frozenset[bytes]) -> Path:
    """Write the update file of a package beside it; `believed` are the keys that are shipped."""
    public, kind = public_of(seed), kind_of(package.name)
    if public not in believed:
        raise SystemExit(f"resources/publisher/keys.txt does not have this key: {b64(public)}")
    if kind is None:
        raise SystemExit(f"{package.name} is not called as a package is")
    size = package.stat().st_size
    if size > MAX_INSTALLER_BYTES:
        raise SystemExit(f"{package.name} has {size} bytes; {MAX_INSTALLER_BYTES} is the most")
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
    release = make_release(body, public, Ed25519PrivateKey.from_private_bytes(seed).sign)
    return write_update(release, package, package.parent)


if __name__ == "__main__":
    main()
