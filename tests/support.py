"""Tools shared by the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnsite_desktop.cli.main import run


@dataclass(frozen=True, slots=True)
class Folders:
    """Workspaces of three tiers, not yet founded, and a USB stick between them.

    They share no parent folder but the test's own and no file at all.
    """

    village: Path
    township: Path
    county: Path
    stick: Path


class CommandLine:
    """Runs commands inside this process, as another person at another computer would."""

    def __call__(
        self,
        folder: Path,
        *words: str | Path,
        stdin: bytes | None = None,
        now: str = "",
        code: int = 0,
    ) -> dict[str, Any]:
        """Run `words` on workspace `folder`, expect exit code `code`, return the JSON object."""
        found, answer = self.attempt(folder, *words, stdin=stdin, now=now)
        assert found == code, f"exit code {found}: {answer}"
        return answer

    def attempt(
        self, folder: Path, *words: str | Path, stdin: bytes | None = None, now: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Run `words` and return exit code and JSON object, whatever they are."""
        args: Sequence[str] = ["--data", str(folder), "--json", *map(str, words)]
        return run([*(["--now", now] if now else []), *args], stdin)
