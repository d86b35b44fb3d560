"""Documents that are files: forms, held as they come, and rosters, sealed for their readers."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyrage

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.services.enrolment import live_incarnations
from learnsite_desktop.services.roster.tables import open_table
from learnsite_desktop.services.workspace import Workspace

MAX_FILE: Final = 2 * 1024 * 1024
MAX_ALL: Final = 8 * 1024 * 1024
"""Bytes of all forms together: they travel in one document, as text."""

Entry = dict[str, Any]


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise Refusal("file_missing", where=str(path))
    raw = path.read_bytes()
    if not raw or len(raw) > MAX_FILE:
        raise Refusal("publish_file_size", where=path.name, limit=MAX_FILE // 1024)
    return raw


def forms_body(path: Path, held: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Return the forms in use with this file among them, as name, version, sha256, file, content.

    A form's name is the file's without its ending; the same name again is its next version, the
    same bytes again change nothing. The content is not looked into here.
    """
    raw = _bytes_of(path)
    digest = hashlib.sha256(raw).hexdigest()
    kept = {str(one["name"]): dict(one) for one in held}
    before = kept.get(path.stem)
    if before is not None and before["sha256"] == digest:
        raise Refusal("publish_same", where=path.name)
    kept[path.stem] = {
        "name": path.stem,
        "version": (int(before["version"]) if before else 0) + 1,
        "sha256": digest,
        "file": path.name,
        "content": b64(raw),
    }
    if sum(len(one["content"]) for one in kept.values()) > MAX_ALL * 4 // 3:
        raise Refusal("publish_file_size", where=path.name, limit=MAX_ALL // 1024)
    return [kept[name] for name in sorted(kept)]


def roster_body(workspace: Workspace, path: Path, unit: str) -> Entry:
    """Return a roster for one unit, sealed for its computers, its recovery key and this computer.

    Persons rest in clear nowhere on the way, nor in the database it arrives in. Refuses a file that
    is no table, and `receiver_unknown` while no computer of the unit is enrolled.
    """
    raw = _bytes_of(path)
    open_table(path)
    readers = live_incarnations(workspace, unit)
    if not readers:
        raise Refusal("receiver_unknown", where=unit)
    texts = {text for item in readers for text in (item.x, item.rec)}
    texts.add(workspace.keys.device.recipient)
    keys = [pyrage.x25519.Recipient.from_str(text) for text in sorted(texts)]
    return {"file": path.name, "sealed": b64(pyrage.encrypt(raw, keys))}


def roster_content(workspace: Workspace, body: Mapping[str, Any]) -> bytes:
    """Return the table in a roster; refuses `document_sealed` on a computer it is not for."""
    try:
        identities = list(workspace.keys.device.identities())
        return bytes(pyrage.decrypt(unb64(str(body["sealed"])), identities))
    except (pyrage.DecryptError, ValueError, KeyError) as error:
        raise Refusal("document_sealed", where="roster") from error


def form_content(one: Mapping[str, Any]) -> bytes:
    """Return the bytes of a form; refuses `document_unreadable` if they are not those named."""
    try:
        raw = unb64(str(one["content"]))
        if hashlib.sha256(raw).hexdigest() == one["sha256"]:
            return raw
    except (ValueError, KeyError) as error:
        raise Refusal("document_unreadable", where="forms") from error
    raise Refusal("document_unreadable", where="forms")
