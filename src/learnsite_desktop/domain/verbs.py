"""What operations do: the second half of an operation's kind, e.g. "edit" of "session.edit"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERBS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "create": "the first save of a record",
        "edit": "a later save, by hand, from a capture file or on behalf of a unit below",
        "delete": "a deletion; it takes the live children along, each by its own operation",
        "undo": "gives registers the values they had before a change",
        "resolve": "closes a conflict",
        "object": "the record's own unit repeats its value beside a correction from above",
        "approve": "a tier above finds the record right as it stood before this operation",
        "reject": "a tier above does not take the record: it is in no figure",
        "merge": "writes nothing; joins the branches of a record that has more than 64 heads",
    }
)
"""Verbs that every kind of record knows."""

SPECIAL: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "return": {"close": "the record's own unit has answered the return"},
        "evidence": {"request": "a unit above asks for the original, or no longer does"},
        "submission": {
            "outcome": "a unit above notes when it first received the submission",
            "lock": "fixes what the figures of the period are made of: the heads of all chains",
            "unlock": "opens a locked period again",
        },
    }
)
"""Further verbs of single kinds."""


def verbs_of(kind: str) -> dict[str, str]:
    """Return the verbs of a kind with what they mean."""
    return {**VERBS, **SPECIAL.get(kind, {})}


def require_verb(kind: str, verb: str) -> None:
    """Raise KeyError for a verb the kind does not have: a mistake of ours, never of an entry."""
    verbs_of(kind)[verb]
