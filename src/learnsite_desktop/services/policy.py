"""Workspace policy: named values that the unit above may set."""

from collections.abc import Sequence
from typing import Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.documents import publish
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import settings

DEFAULTS: Final = {
    "id_numbers": "off",
    "minutes_per_hour": "45",
    "active_sessions_per_year": "12",
    "relay_private": "name,birth",
}
_CHOICES: Final = {"id_numbers": {"on", "off"}}
_NUMBERS: Final = {"minutes_per_hour": (1, 120), "active_sessions_per_year": (1, 366)}


def current(workspace: Workspace) -> dict[str, str]:
    """Return the policy in force: defaults and what was set."""
    return {**DEFAULTS, **settings.policy(workspace.database)}


def apply(workspace: Workspace, values: Sequence[str]) -> dict[str, str]:
    """Set KEY=VALUE pairs, all or none; returns the policy in force.

    Refuses `policy_unknown` and `policy_value`.
    """
    pairs = []
    for text in values:
        key, equals, value = text.partition("=")
        if key not in DEFAULTS or not equals:
            raise Refusal("policy_unknown", where=text, known=", ".join(DEFAULTS))
        if not _allowed(key, value):
            raise Refusal("policy_value", where=text)
        pairs.append((key, value))
    if pairs:
        with workspace.database.transaction():
            for key, value in pairs:
                settings.set_policy(workspace.database, key, value)
            if workspace.tier != "village":
                publish(workspace, "policy", settings.policy(workspace.database))
    return current(workspace)


def adopt(workspace: Workspace, body: object) -> None:
    """Put policy from above in force; values this version does not know are left aside."""
    if not isinstance(body, dict):
        return
    for key, value in sorted(body.items()):
        if key in DEFAULTS and isinstance(value, str) and _allowed(key, value):
            settings.set_policy(workspace.database, key, value)


def _allowed(key: str, value: str) -> bool:
    if key in _CHOICES:
        return value in _CHOICES[key]
    if key in _NUMBERS:
        low, high = _NUMBERS[key]
        return value.isdecimal() and low <= int(value) <= high
    return True
