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
        "merge": "writes nothing; joins the branches of a record that has more than 64 heads",
    }
)
"""Verbs that every kind of record knows."""

SPECIAL: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "return": {"close": "the record's own unit has answered the return"},
        "submission": {"outcome": "a unit above notes when it first received the submission"},
    }
)
"""Further verbs of single kinds."""


def verbs_of(kind: str) -> dict[str, str]:
    """Return the verbs of a kind with what they mean."""
    return {**VERBS, **SPECIAL.get(kind, {})}


def require_verb(kind: str, verb: str) -> None:
    """Raise KeyError for a verb the kind does not have: a mistake of ours, never of an entry."""
    verbs_of(kind)[verb]
