"""Answers as bytes: one JSON object, or text to read."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import Any


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot stand in an answer")


def as_answer(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return `result` with `ok` in front, true unless the command said otherwise."""
    rest = {key: value for key, value in result.items() if key != "ok"}
    return {"ok": bool(result.get("ok", True)), **rest}


def json_bytes(answer: Mapping[str, Any]) -> bytes:
    """Return one line of JSON in UTF-8.

    Raises TypeError for a value that JSON or the contract has no place for, ValueError for NaN.
    """
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False, default=_plain)
    return (text + "\n").encode("utf-8", "backslashreplace")


def text_bytes(text: str) -> bytes:
    """Return `text` in UTF-8, ending in one line break."""
    return (text.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
