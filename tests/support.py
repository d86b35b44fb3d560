"""Tools shared by the tests."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
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


def table_dump(folder: Path) -> dict[str, list[str]]:
    """Return every row of every table of a workspace, sorted, read without the product."""
    uri = f"{(folder / 'learnsite.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: sorted(repr(row) for row in connection.execute(f'SELECT * FROM "{name}"'))
            for name in sorted(names)
        }


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder; nothing if there is no such folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
