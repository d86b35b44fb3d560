"""What the screen of down documents shows: kinds and versions, contents, what an issue changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import publishing, units
from learnsite_desktop.services.documents import list_documents
from learnsite_desktop.services.figure_views.catalogue import name_of
from learnsite_desktop.services.publishing import Issued
from learnsite_desktop.services.publishing.outlook import ADDED, CHANGED, REMOVED, Change
from learnsite_desktop.services.publishing.table_out import COLUMNS
from learnsite_desktop.services.publishing.words import COLUMN_WORDS
from learnsite_desktop.services.updates.held import PROGRAM, held_here
from learnsite_desktop.services.workspace import Workspace

LABELS: Final[Mapping[str, str]] = {
    "notices": N_("Notices"),
    "codes": N_("Local codes"),
    "targets": N_("Targets"),
    "forms": N_("Forms"),
    "regions": N_("Region tree"),
    "roster": N_("Roster for one unit"),
    "policy": N_("Settings for all"),
    PROGRAM: N_("Newer program"),
}
OWNERS: Final = frozenset({"codes", "forms", "regions"})
"""Kinds that only the keeper of the region tree issues."""
_COLUMNS: Final[Mapping[str, str]] = {
    **COLUMN_WORDS,
    "name": N_("Name"),
    "version": N_("Version"),
    "file": N_("File"),
    "kind": N_("Kind"),
    "level": N_("Level"),
    "valid_from": N_("Since"),
    "valid_to": N_("Until"),
    "successor": N_("Successor"),
    "past": N_("Former places"),
    "former": N_("Former names"),
}
_STATES: Final = {
    ADDED: ("ok", N_("new")),
    CHANGED: ("note", N_("is changed")),
    REMOVED: ("warning", N_("is left out")),
}
_HELD: Final = {
    "current": ("ok", N_("in use")),
    "amber": ("warning", N_("wants renewing")),
    "superseded": ("draft", N_("no longer for us")),
}
_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; see `widgets.row_list.ListRow`. `about` is (kind, scope) of a document."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""
    about: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held and issued: rows of the list, and the units below as (code, name)."""

    rows: tuple[Row, ...]
    below: tuple[tuple[str, str], ...]
    contents: Mapping[tuple[str, str], Any]
    names: Mapping[str, str]


def look(workspace: Workspace) -> Held:
    """Return everything the screen shows; reads the documents in use."""
    tree = units.load_tree(workspace.database)
    today = workspace.clock.now().date()
    owner = units.tree_owner(workspace.database) in ("", workspace.unit)
    listed = list_documents(workspace)
    rows = tuple(_rows(workspace, listed, owner=owner))
    below = tuple(
        (code, tree.require(code).name)
        for code in tree.subtree(workspace.unit)
        if code != workspace.unit and tree.require(code).valid_on(today)
    )
    names = {row.code: row.name for row in tree.rows()}
    return Held(rows, below, _contents(workspace, listed), names)


def _contents(workspace: Workspace, listed: Sequence[Mapping[str, Any]]) -> dict[Any, Any]:
    found: dict[tuple[str, str], Any] = {}
    for kind in {str(one["kind"]) for one in listed}:
        try:
            shown = publishing.contents(workspace, kind)
        except Refusal:
            continue  # the list itself says that this one cannot be read
        found |= {(kind, scope): content for scope, content in shown.items()}
    return found


def _rows(
    workspace: Workspace, listed: Sequence[Mapping[str, Any]], *, owner: bool
) -> Iterator[Row]:
    tree = units.load_tree(workspace.database)
    here = set(tree.subtree(workspace.unit)) | {workspace.unit}
    ours = [one for one in listed if one["scope"] in here]
    theirs = [one for one in listed if one["scope"] not in here]

    def line(one: Mapping[str, Any]) -> Row:
        kind, scope = str(one["kind"]), str(one["scope"])
        row = tree.get(scope)
        tone, word = _HELD[str(one["state"])]
        return Row(
            f"{kind} {scope}",
            "document",
            (
                _(LABELS[kind]) if kind in LABELS else kind,
                _("all units below") if scope == workspace.unit else row.name if row else scope,
                str(one["version"]),
                str(one["at"])[:10],
                str(one["expires"] or "–"),
            ),
            tone,
            _(word),
            (kind, scope),
        )

    yield Row("here", "heading", (_("Issued here"), "", "", "", ""))
    for kind in publishing.KINDS_HERE:
        if kind in OWNERS and not owner:
            continue
        known = [one for one in ours if one["kind"] == kind]
        for one in known:
            yield line(one)
        if not known:
            cells = (_(LABELS[kind]), "–", "–", "–", "–")
            yield Row(
                f"{kind} none", "document", cells, "draft", _("not issued"), (kind, workspace.unit)
            )
    yield _program(workspace)
    if theirs:
        yield Row("above", "heading", (_("From above"), "", "", "", ""))
    for one in theirs:
        yield line(one)


def _program(workspace: Workspace) -> Row:
    """Return the row of what lies here of newer programs, to be passed on."""
    found = held_here(workspace)
    newest = max(found, key=lambda one: one.number, default=None)
    about, label = (PROGRAM, workspace.unit), _(LABELS[PROGRAM])
    if newest is None:
        cells = (label, "–", "–", "–", "–")
        return Row(PROGRAM, "document", cells, "draft", _("not issued"), about)
    cells = (label, _("all units below"), newest.version, newest.release.at[:10], "–")
    return Row(PROGRAM, "document", cells, "ok", _("goes down"), about)


def headings(kind: str, content: Any) -> tuple[str, ...]:
    """Return the columns in which the content of a document is shown."""
    return tuple(_(_COLUMNS.get(name, name)) for name in _names(kind, content))


def _names(kind: str, content: Any) -> tuple[str, ...]:
    if kind in COLUMNS:
        used = [
            name
            for name in COLUMNS[kind]
            if isinstance(content, list) and any(row.get(name) not in (None, "") for row in content)
        ]
        return tuple(used) or COLUMNS[kind][:4]
    if kind == "forms":
        return ("name", "version", "file")
    return ("name", "value")


def _shown(column: str, value: Any, names: Mapping[str, str]) -> str:
    """Return a value of a column as people know it; `names` are those of units."""
    text = "" if value is None else str(value)
    if column == "unit" or (column == "" and text in names):
        return names.get(text, text)
    if column == "indicator":
        name = name_of(text)
        return text if name == text else f"{text} {name}"
    return text


def content_rows(kind: str, content: Any, units: Mapping[str, str]) -> list[Row]:
    """Return the rows of a document's content, at most 2,000; `units` are names of units."""
    if content is None:
        return []
    if isinstance(content, Mapping):
        return [
            Row(str(key), "row", (str(key), str(value))) for key, value in sorted(content.items())
        ]
    names = _names(kind, content)
    return [
        Row(
            str(place),
            "row",
            tuple(_shown(name, row.get(name), units) for name in names),
        )
        for place, row in enumerate(content[:_MOST])
    ]


def summary(issued: Issued) -> str:
    """Say what would be issued: kind, version, for how many units, how much is other."""
    counts = {state: sum(one.state == state for one in issued.changes) for state in _STATES}
    said = {
        "kind": _(LABELS.get(issued.kind, issued.kind)),
        "version": issued.version,
        "units": issued.units,
        "added": counts[ADDED],
        "changed": counts[CHANGED],
        "removed": counts[REMOVED],
    }
    if not issued.changes:
        return render(_("%(kind)s: nothing is other than in the version in use."), said)
    return render(
        _(
            "%(kind)s, version %(version)s, for %(units)s units: %(added)s new, "
            "%(changed)s changed, %(removed)s left out."
        ),
        said,
    )


def change_rows(issued: Issued, units: Mapping[str, str]) -> list[Row]:
    """Return what an issue changes, one line a value: which row, which column, before, after.

    `units` are names of units.
    """
    found: list[Row] = []
    for number, change in enumerate(issued.changes):
        tone, word = _STATES[change.state]
        title = " · ".join(_shown("", part, units) for part in change.name)
        for place, (column, before, after) in enumerate(_values(change, units)):
            found.append(
                Row(
                    f"{number}.{place}",
                    "change",
                    (title if not place else "", column, before, after),
                    tone if not place else "",
                    _(word) if not place else "",
                )
            )
        if len(found) >= _MOST:
            break
    return found


def _values(change: Change, units: Mapping[str, str]) -> list[tuple[str, str, str]]:
    names = list(dict.fromkeys([*change.before, *change.after])) or [""]

    def text(row: Mapping[str, Any], name: str) -> str:
        return _shown(name, row.get(name), units)

    return [
        (
            _(_COLUMNS[name]) if name in _COLUMNS else name,
            text(change.before, name),
            text(change.after, name),
        )
        for name in names
    ]
