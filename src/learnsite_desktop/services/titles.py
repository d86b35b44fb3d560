"""What a record is called on a screen: one line that people recognise, names of persons masked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.ids import is_record_id
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import find_record

_ABOUT = ("activity", "learner", "target", "record")


def title_of(workspace: Workspace, record: str) -> str:
    """Return the title of a record, "" for one that is not held here."""
    stored = find_record(workspace.database, record)
    if stored is None or stored.kind not in KINDS:
        return ""
    entry = entry_of(KINDS[stored.kind], stored.doc, workspace.vault)
    return titled(workspace, stored.kind, entry)


def titled(workspace: Workspace, kind_name: str, entry: Mapping[str, Any]) -> str:
    """Return the title of a record in capture shape, as far as it is filled in."""
    return " · ".join(_parts(workspace, kind_name, entry))


def _parts(workspace: Workspace, kind_name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    kind = KINDS[kind_name]
    for name in _ABOUT:
        named = entry.get(name)
        above = title_of(workspace, named) if isinstance(named, str) and named else ""
        if above:
            yield above
    names = (kind.title_field,) if kind.title_field else kind.natural_key
    for name in (*names, *(("start",) if kind_name == "session" else ())):
        value = entry.get(name)
        if name in _ABOUT or not isinstance(value, (str, int)) or not value:
            continue
        register = kind.by_field.get(name)
        private = register is not None and register.private
        yield masked("name", str(value)) if private else str(value)


def field_label(kind_name: str, field: str) -> str:
    """Return the word for a field of a kind; `*` stands for the whole record, `rows` for marks."""
    if field == "*":
        return _("the whole record")
    if field == "rows":
        return _("roll call")
    kind = KINDS.get(kind_name)
    found = kind.fields.get(field) if kind else None
    return _(found.label) if found else field


def spoken(issue: Issue) -> Issue:
    """Return an issue in the words on the screen: no key of a field, no id of a record."""
    if issue.code == "REF_UNKNOWN":
        kind, value = str(issue.params.get("kind")), str(issue.params.get("value"))
        label = _(KINDS[kind].label) if kind in KINDS else kind
        value = _("deleted, or not on this computer") if is_record_id(value) else value
        return replace(issue, params={**issue.params, "kind": label, "value": value})
    if issue.code == "HEADCOUNT_PART_EXCEEDS_TOTAL":
        return replace(issue, params={**issue.params, "part": _(str(issue.params.get("part")))})
    key = issue.params.get("key")
    if not isinstance(key, str):
        return issue
    return replace(issue, params={**issue.params, "key": field_label(issue.kind, key)})
