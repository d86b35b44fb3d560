"""A publisher of the program, and update files made byte by byte without the program's own code."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAMES = {
    "deb-amd64": "learnsite_{}_amd64.deb",
    "uos-amd64": "org.learnsite.desktop_{}.0_amd64.deb",
    "linux-x86_64": "learnsite-{}-linux-x86_64.tar.zst",
    "windows-x64": "learnsite-{}-windows-x64-setup.exe",
}
INSTALLER = b"installer " * 40_000


def text(raw: bytes) -> str:
    """Return bytes as the program spells them."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def canonical(body: dict[str, Any]) -> bytes:
    """Return the one spelling of an object."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Publisher:
    """Who signs releases."""

    def __init__(self) -> None:
        """Make a key pair."""
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()

    def write(
        self,
        folder: Path,
        version: str = "99.0.0",
        platform: str = "deb-amd64",
        installer: bytes = INSTALLER,
        **changes: Any,
    ) -> Path:
        """Write an update file; `changes` replace what its description says, before it is signed.

        `installer` given as one of them in `content` is what follows it, whatever is described.
        """
        content = changes.pop("content", installer)
        after = changes.pop("after", {})
        body = {
            "t": "program",
            "v": 1,
            "version": version,
            "platform": platform,
            "name": NAMES[platform].format(version),
            "size": len(installer),
            "sha256": text(hashlib.sha256(installer).digest()),
            "follows": "0.0.0",
            "schema": 2,
            "at": "2026-11-01T10:00:00+08:00",
            "by": text(self.public),
            **changes,
        }
        signed = {**body, "sig": text(self._key.sign(canonical(body))), **after}
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{body['name']}.lsu"
        path.write_bytes(b"LEARNSITE PROGRAM 1\n" + canonical(signed) + b"\n" + content)
        return path


class Computer:
    """What the program at work is taken for: version, kind of package, whose word it believes."""

    def __init__(self, patch: pytest.MonkeyPatch, publisher: Publisher) -> None:
        """Take this process for a program from a package of Debian."""
        self._patch = patch
        self.publishers([publisher])
        self.runs("deb-amd64")

    def runs(self, platform: str, version: str = "0.1.0") -> None:
        """Be of another kind or version from now on."""
        where = "learnsite_desktop.services.updates.running"
        self._patch.setattr(f"{where}.package_kind", lambda: platform)
        self._patch.setattr(f"{where}.__version__", version)

    def publishers(self, believed: list[Publisher]) -> None:
        """Believe these publishers, and nobody else."""
        keys = frozenset(one.public for one in believed)
        where = "learnsite_desktop.services.updates.running.publisher_keys"
        self._patch.setattr(where, lambda: keys)
