"""Publishing: a file is checked whole, then issued as the next version of a down document."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.region_changes import require_succession
from learnsite_desktop.oplog.documents import Document, stored_document
from learnsite_desktop.services import documents, units
from learnsite_desktop.services.other_versions import trees_aside
from learnsite_desktop.services.publishing.files import (
    form_content,
    forms_body,
    roster_body,
    roster_content,
)
from learnsite_desktop.services.publishing.outlook import (
    Change,
    changes_of,
    held_body,
    reached,
    rows_of,
)
from learnsite_desktop.services.publishing.tables import codes_body, notices_body, targets_body
from learnsite_desktop.services.region_edits import take_effect, with_trees_aside
from learnsite_desktop.services.regions import read_regions
from learnsite_desktop.services.reveals import note_reveal
from learnsite_desktop.services.trial.mark import refuse_trial
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import trust

KINDS: Final = ("forms", "codes", "targets", "notices", "regions", "roster")
KINDS_HERE: Final = ("notices", "targets", "codes", "forms", "roster", "regions")
"""The same, those first that change most often."""


class _Looked(Exception):
    """Ends the transaction of a preview."""


def _end_preview(*, dry_run: bool) -> None:
    if dry_run:
        raise _Looked


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued, or would be with `dry_run`.

    `entries` counts rows or files, `units` the units below that exist today and hear of it,
    `changes` is what is other than in the version before it, whose body is `former`.
    """

    kind: str
    scope: str
    version: int
    entries: int
    expires: str | None
    units: int
    changes: tuple[Change, ...]
    former: Any = None

    def as_row(self) -> dict[str, Any]:
        """Return it for an answer of the command line, without its changes."""
        names = ("kind", "scope", "version", "entries", "expires")
        return {name: getattr(self, name) for name in names}


def publish_file(
    workspace: Workspace,
    kind: str,
    path: Path,
    *,
    unit: str = "",
    expires: date | None = None,
    version: int | None = None,
    dry_run: bool = False,
) -> Issued:
    """Check a file and issue it for this unit and those below, or for `unit` below alone.

    With `dry_run` everything is done and taken back: the preview. A roster is for one unit, which
    must be named. Refuses what `documents.publish` and the checks of the kind refuse; then nothing
    is changed.
    """
    if kind == "roster" and not unit:
        raise Refusal("roster_unit_missing", where=path.name)
    scope = scope_of(workspace, unit)
    if expires is not None and expires < workspace.clock.now().date():
        raise Refusal("publish_expired", where=kind, date=expires.isoformat())
    return issue(
        workspace,
        kind,
        lambda: _body(workspace, kind, path, scope),
        scope=scope,
        expires=expires,
        version=version,
        dry_run=dry_run,
    )


def scope_of(workspace: Workspace, unit: str) -> str:
    """Return the unit for which something is issued; refuses where nothing is issued."""
    refuse_trial(workspace)
    if workspace.tier == "village":
        raise Refusal("publish_village", where=workspace.unit)
    scope = unit or workspace.unit
    units.require_unit(workspace, scope)
    return scope


def issue(
    workspace: Workspace,
    kind: str,
    make: Callable[[], Any],
    *,
    scope: str,
    expires: date | None = None,
    version: int | None = None,
    dry_run: bool = False,
) -> Issued:
    """Issue what `make` gives, asked inside the transaction, as the next version of a kind."""
    found: list[Issued] = []
    try:
        with workspace.database.transaction():
            body = make()
            former = held_body(workspace, kind, scope)
            document = documents.publish(
                workspace,
                kind,
                body,
                scope=scope,
                expires=expires,
                version=version,
                joins=trees_aside(workspace) if kind == units.TREE else (),
            )
            if kind == units.TREE:
                take_effect(workspace)
            found.append(
                Issued(
                    kind=kind,
                    scope=scope,
                    version=document.version,
                    entries=len(body) if isinstance(body, list) else 1,
                    expires=document.expires,
                    units=reached(workspace, scope),
                    changes=tuple(changes_of(kind, former, body)),
                    former=former,
                )
            )
            _end_preview(dry_run=dry_run)
    except _Looked:
        workspace.idents.forget()
    return found[0]


def take_back(workspace: Workspace, issued: Issued) -> Issued:
    """Issue again what was in use before a document, as a version after it.

    Refuses `publish_not_newest` when another one was issued since, and `publish_final` for a
    region tree, codes and a first roster: what others may have used already stays.
    """
    held = trust.document(workspace.database, issued.kind, issued.scope)
    if held is None or held[0] != issued.version:
        raise Refusal("publish_not_newest", where=issued.kind)
    whole = issued.kind in ("roster", "policy")
    if issued.kind in ("regions", "codes") or (whole and issued.former is None):
        raise Refusal("publish_final", where=issued.kind)
    former = [] if issued.former is None else issued.former
    return issue(workspace, issued.kind, lambda: former, scope=scope_of(workspace, issued.scope))


def _body(workspace: Workspace, kind: str, path: Path, scope: str) -> Any:
    if kind == "regions":
        tree = read_regions(path)
        held = units.load_tree(workspace.database)
        require_succession(with_trees_aside(workspace, held), tree)
        return [row.as_row() for row in tree.rows()]
    if kind == "roster":
        return roster_body(workspace, path, scope)
    before = held_body(workspace, kind, scope) or []
    if kind == "codes":
        return codes_body(path, before)
    if kind == "forms":
        return forms_body(path, before)
    if kind == "targets":
        return targets_body(workspace, path, scope)
    return notices_body(path)


def show(
    workspace: Workspace, kind: str, out: Path | None = None, *, operator: str = ""
) -> dict[str, Any]:
    """Return the documents of a kind held here with their content; with `out` write their files.

    Files (forms, rosters) are written into the folder `out`, which for a roster is noted as a look
    at private values and needs a workspace open for writing; without it only names are shown.
    Refuses `document_missing`, `document_sealed`, `document_unreadable` and `file_exists`.
    """
    found = [
        stored_document(body) for _scope, body in trust.documents_by_level(workspace.database, kind)
    ]
    if not found:
        raise Refusal("document_missing", where=kind)
    states = {(row["kind"], row["scope"]): row for row in documents.list_documents(workspace)}
    written: list[str] = []
    rows = []
    for document in found:
        if out is not None:
            written += _write_files(workspace, document, out)
            if kind == "roster":
                note_reveal(workspace, [], asked={"roster": document.scope}, operator=operator)
        rows.append({**states[kind, document.scope], "content": _shown(document)})
    return {"documents": rows, "files": written}


def contents(workspace: Workspace, kind: str) -> dict[str, Any]:
    """Return what the documents of a kind held here say, by scope; of files their names.

    Refuses what `show` refuses of a document that cannot be read.
    """
    bodies = [body for _scope, body in trust.documents_by_level(workspace.database, kind)]
    return {one.scope: _shown(one) for one in map(documents.known_document, bodies)}


def _shown(document: Document) -> Any:
    if document.kind == "roster" and isinstance(document.body, dict):
        return {"file": document.body.get("file")}
    if document.kind == "forms" and isinstance(document.body, list):
        return [{k: v for k, v in one.items() if k != "content"} for one in document.body]
    return document.body


def _write_files(workspace: Workspace, document: Document, out: Path) -> list[str]:
    if document.kind == "forms":
        files = [(str(one["file"]), form_content(one)) for one in document.body]
    elif document.kind == "roster":
        files = [(str(document.body["file"]), roster_content(workspace, document.body))]
    else:
        return []
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, raw in files:
        # A name from elsewhere is a name only, wherever it says the file should lie.
        path = out / Path(name.replace("\\", "/")).name
        if path.exists():
            raise Refusal("file_exists", where=str(path))
        path.write_bytes(raw)
        written.append(str(path))
    return written


def notices(workspace: Workspace, day: date) -> list[dict[str, Any]]:
    """Return the notices to be read on a day: title, text, from, to, unit that issued them."""
    found = []
    for document in documents.in_force(workspace, "notices"):
        for one in rows_of(document.body):
            texts = {key: str(one.get(key) or "") for key in ("title", "text", "from", "to")}
            if texts["from"] <= day.isoformat() <= texts["to"]:
                found.append({**texts, "unit": document.scope})
    return sorted(found, key=lambda one: (one["from"], one["title"]), reverse=True)
