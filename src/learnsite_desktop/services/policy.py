"""Workspace policy: named values that the unit above may set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.fields import REASONS
from learnsite_desktop.domain.questions import read_limits
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.platform.i18n import _, language
from learnsite_desktop.services import documents
from learnsite_desktop.services.codes import codes_in_force, shipped_codes
from learnsite_desktop.services.documents import publish
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

DEFAULTS: Final = {
    "id_numbers": "off",
    "minutes_per_hour": "45",
    "active_sessions_per_year": "12",
    "evidence_required": "banner,wide,signin",
    "relay_private": "name,birth",
    "four_eyes": "off",
    "review_sample": "10",
    "auto_link": "on",
    "media_per_bundle": "50",
    "questions": "",
}
_CHOICES: Final = {
    "id_numbers": {"on", "off"},
    "four_eyes": {"on", "off"},
    "auto_link": {"on", "off"},
}
_NUMBERS: Final = {
    "minutes_per_hour": (1, 120),
    "active_sessions_per_year": (1, 366),
    "review_sample": (0, 100),
    "media_per_bundle": (1, 900),
}
ALWAYS_RELAYED: Final = frozenset({"why", "text"})
"""Private registers that travel above the township whatever the policy says."""
_LISTS: Final = {"evidence_required": "evidence_kind"}
"""Settings that name codes of a list, with commas between them."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of the policy in force; `above` says that a unit above has set it.

    `choices` are the values it may have, empty when they are `numbers` (lowest, highest) or text.
    Of `several` (value, its word) any may hold at once, with commas between them; one at least if
    `needed`.
    """

    key: str
    value: str
    above: bool
    choices: tuple[str, ...] = ()
    numbers: tuple[int, int] | None = None
    several: tuple[tuple[str, str], ...] = ()
    needed: bool = False


def in_force(workspace: Workspace) -> list[Setting]:
    """Return every setting with where it comes from."""
    above = _from_above(workspace)
    return [
        Setting(
            key,
            value,
            key in above,
            tuple(sorted(_CHOICES.get(key, ()))),
            _NUMBERS.get(key),
            _several(workspace, key),
            key in _LISTS,
        )
        for key, value in current(workspace).items()
    ]


def _several(workspace: Workspace, key: str) -> tuple[tuple[str, str], ...]:
    """Return what a setting that names several may name, each with its word."""
    if key == "relay_private":
        return tuple((name, _(label)) for name, label in relayable().items())
    codes = _LISTS.get(key)
    if codes is None:
        return ()
    known = codes_in_force(workspace.database)
    return tuple((code, known.label(codes, code, language())) for code in known.codes(codes))


def relayable() -> dict[str, str]:
    """Return the registers of private values that may travel above the township, with labels.

    A name stands for the registers of that name of all kinds; those that always travel are no
    choice, and neither are the reasons for warnings.
    """
    found: dict[str, str] = {}
    for kind in (KINDS["learner"], *KINDS.values()):
        for register in kind.registers:
            if register.private and register.key not in {REASONS, *ALWAYS_RELAYED}:
                found.setdefault(register.key, register.fields[-1].label)
    return found


def current(workspace: Workspace) -> dict[str, str]:
    """Return the policy in force: defaults, what was set here, and over it what units above set.

    The highest unit's word counts, whatever the order in which the documents came.
    """
    own = _known(_own(workspace))
    return {**DEFAULTS, **settings.policy(workspace.database), **own, **_from_above(workspace)}


def _from_above(workspace: Workspace) -> dict[str, str]:
    """Return the values set by units above; what this version does not know is left aside."""
    found: dict[str, str] = {}
    for document in documents.in_force(workspace, "policy"):
        if document.scope != workspace.unit:
            found |= _known(document.body)
    return found


def _own(workspace: Workspace) -> object:
    """Return what this unit issued last, on whichever of its computers; None without it."""
    found = documents.in_force(workspace, "policy")
    return next((one.body for one in found if one.scope == workspace.unit), None)


def _known(values: object) -> dict[str, str]:
    if not isinstance(values, dict):
        return {}
    return {
        key: value
        for key, value in values.items()
        if key in DEFAULTS and isinstance(value, str) and _allowed(key, value)
    }


def apply(workspace: Workspace, values: Sequence[str]) -> dict[str, str]:
    """Set KEY=VALUE pairs, all or none; returns the policy in force.

    Refuses `policy_unknown`, `policy_value`, and `policy_from_above` for what a unit above has set.
    """
    pairs = []
    above = _from_above(workspace) if values else {}
    for text in values:
        key, equals, value = text.partition("=")
        if key not in DEFAULTS or not equals:
            raise Refusal("policy_unknown", where=text, known=", ".join(DEFAULTS))
        if not _allowed(key, value):
            raise Refusal("policy_value", where=text)
        if key in above:
            raise Refusal("policy_from_above", where=key, value=above[key])
        pairs.append((key, value))
    if pairs:
        with workspace.database.transaction():
            for key, value in pairs:
                settings.set_policy(workspace.database, key, value)
            if workspace.tier != "village":
                own = _own(workspace)
                said = own if isinstance(own, dict) else {}
                body = {**settings.policy(workspace.database), **said, **dict(pairs)}
                publish(workspace, "policy", body)
    return current(workspace)


def _allowed(key: str, value: str) -> bool:
    if key == "questions":
        return _are_limits(value)
    if key in _CHOICES:
        return value in _CHOICES[key]
    if key in _NUMBERS:
        low, high = _NUMBERS[key]
        return value.isdecimal() and low <= int(value) <= high
    code_list = _LISTS.get(key)
    if code_list is not None:
        return all(shipped_codes().has(code_list, code) for code in value.split(","))
    return True


def _are_limits(text: str) -> bool:
    """Whether a text sets thresholds of questions over many records."""
    try:
        read_limits(text)
    except ValueError:
        return False
    return True
