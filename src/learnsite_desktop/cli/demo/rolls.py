"""Roll calls and head-counts as recorders would write them."""

from random import Random
from typing import Any, Final

Json = dict[str, Any]

_STATUSES: Final = ("P", "L", "E", "A", "X", "R", "M")
_SHARES: Final = (80, 5, 4, 6, 3, 1, 1)


def class_row(rng: Random, learner: str, length: int) -> Json:
    """Return the mark of an enrolled learner; late and early ones have minutes."""
    status = rng.choices(_STATUSES, _SHARES)[0]
    row: Json = {"learner": learner, "status": status}
    if status in {"L", "E", "R"}:
        row["minutes"] = length - rng.randrange(10, length // 2, 5)
    if status == "P" and rng.random() < 0.015:
        row["proxy"] = True
    return row


def walk_in_row(rng: Random, learner: str, length: int) -> Json:
    """Return the mark of somebody who came without being enrolled."""
    row: Json = {"learner": learner, "status": "W", "source": "walk_in"}
    if rng.random() < 0.1:
        row["minutes"] = length - 15
    return row


def event_row(rng: Random, learner: str, length: int) -> Json:
    """Return the mark of somebody at an event without a roster."""
    if rng.random() < 0.3:
        return walk_in_row(rng, learner, length)
    return {"learner": learner, "status": "P", "source": "sheet"}


def crowd(rng: Random, heads: int) -> Json:
    """Return a head-count of about `heads`; sometimes only the total is known."""
    total = max(3, round(heads * rng.uniform(0.8, 1.3)))
    found: Json = {"total": total, "basis": "counted" if rng.random() < 0.6 else "estimate"}
    if rng.random() < 0.75:
        male = round(total * rng.uniform(0.25, 0.5))
        unknown = rng.choice((0, 0, total // 10))
        found |= {"male": male, "female": total - male - unknown}
    if rng.random() < 0.7:
        found["over60"] = round(total * rng.uniform(0.3, 0.8))
    return found
