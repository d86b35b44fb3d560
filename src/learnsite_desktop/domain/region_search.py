"""Finding units of the tree by name, former name, code, or pinyin initials."""

import unicodedata
from collections.abc import Iterable

from learnsite_desktop.domain.initials import initials
from learnsite_desktop.domain.regions import RegionRow


def find(rows: Iterable[RegionRow], typed: str) -> list[RegionRow]:
    """Return the units that a typed text may mean, the likeliest first, else in their order."""
    want = "".join(unicodedata.normalize("NFKC", typed).split()).lower()
    if not want:
        return list(rows)
    ranked = [(rank, row) for row in rows if (rank := _rank(row, want)) is not None]
    return [row for rank, row in sorted(ranked, key=lambda pair: pair[0])]


def formerly(row: RegionRow, typed: str) -> str:
    """Return the former name by which a text finds a unit, "" if the present one is found too."""
    want = "".join(unicodedata.normalize("NFKC", typed).split()).lower()
    if not want or _rank_of(row.name, want) is not None or row.code.startswith(want):
        return ""
    return next((one.name for one in row.former if _rank_of(one.name, want) is not None), "")


def _rank(row: RegionRow, want: str) -> int | None:
    if want.isdigit():
        return 0 if row.code.startswith(want) else None
    names = (row.name, *(one.name for one in row.former))
    ranks = [rank for name in names if (rank := _rank_of(name, want)) is not None]
    return min(ranks, default=None)


def _rank_of(name: str, want: str) -> int | None:
    name = name.lower()
    short = initials(name)
    hits = (want == name, name.startswith(want), short.startswith(want), want in name)
    if True in hits:
        return hits.index(True)
    return len(hits) if want in short else None
