"""What was done in the story, in order and without any total, so that anyone can recount it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.cli.demo.material import SOURCE

Json = dict[str, Any]
LISTS: Final = (
    *("captures", "edits", "deletes", "resolutions", "links", "moves", "returns"),
    *("rolled_back", "received", "restored"),
)


@dataclass
class Truth:
    """The diary of the story; every entry has a running number `n` over all lists."""

    regions: Sequence[Mapping[str, Any]]
    lists: dict[str, list[Json]] = field(default_factory=lambda: {name: [] for name in LISTS})
    count: int = 0

    def note(self, name: str, now: datetime, unit: str, **more: object) -> Json:
        """Write an entry into the list `name`; `unit` is whose computer did it."""
        self.count += 1
        entry: Json = {"n": self.count, "at": now.isoformat(), "unit": unit, **more}
        self.lists[name].append(entry)
        return entry

    def write(self, path: Path, head: Mapping[str, object]) -> None:
        """Write the diary as JSON, one line per entry; `head` says seed, scale, period, now."""
        parts = [f"{_text(key)}: {_text(value)}" for key, value in head.items()]
        parts.append(f'"regions": {_rows(self.regions)}')
        parts += [f"{_text(key)}: {_rows(rows)}" for key, rows in self.lists.items()]
        text = "{\n" + ",\n".join(parts) + "\n}\n"
        path.write_text(text, encoding="utf-8", newline="\n")


def place(unit: str, kind: str, ref: str) -> Json:
    """Name a record by where a capture file named it."""
    return {"unit": unit, "source": SOURCE, "kind": kind, "ref": ref}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rows(rows: Iterable[Mapping[str, Any]]) -> str:
    return "[" + ",".join(f"\n {_text(row)}" for row in rows) + "\n]"
