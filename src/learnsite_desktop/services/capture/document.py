"""Reading a capture file strictly: what is not plain, unambiguous JSON is refused as a whole."""

import json
from collections.abc import Mapping
from typing import Any, Final

from learnsite_desktop.domain.records import by_section
from learnsite_desktop.domain.refusals import Refusal

VERSION: Final = 1
MAX_DEPTH: Final = 8
MAX_BYTES: Final = 256 * 1024 * 1024
_LARGEST: Final = 2**53
_HEAD: Final = frozenset({"v", "source", "unit", "operator"})


def sections() -> set[str]:
    """Return the names of the sections a capture file may have."""
    maps = {family.section for kind in by_section().values() for family in kind.maps}
    return {*by_section(), *maps, "edits", "deletes"}


def read_document(raw: bytes) -> dict[str, Any]:
    """Return the checked object of a capture file.

    Refuses `capture_malformed` (not strict JSON: double keys, floats, NaN, lone surrogates, deep
    nesting, huge numbers, a section that is no list of objects), `capture_key_unknown`,
    `capture_version`, `capture_source_missing`; `where` names the place.
    """
    if len(raw) > MAX_BYTES:
        raise Refusal("capture_malformed", detail="size")
    try:
        document = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_no_duplicates,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
            parse_int=_small_int,
        )
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise Refusal("capture_malformed", detail="nesting") from error
    except ValueError as error:
        raise Refusal("capture_malformed", detail=str(error)[:200]) from error
    check_document(document)
    return dict(document)


def check_document(document: object) -> None:
    """Check the outer shape of a capture object."""
    if not isinstance(document, Mapping):
        raise Refusal("capture_malformed", detail="object expected")
    known = sections()
    for key, value in document.items():
        if key not in known and key not in _HEAD:
            raise Refusal("capture_key_unknown", where=key)
        if key in known:
            _check_section(key, value)
        elif key != "v" and not isinstance(value, str):
            raise Refusal("capture_malformed", where=key, detail="text expected")
    version = document.get("v")
    if version != VERSION or isinstance(version, bool):
        raise Refusal("capture_version", where="v", found=str(version))
    if not document.get("source"):
        raise Refusal("capture_source_missing", where="source")
    _check_depth(document, 0)


def _check_section(name: str, value: object) -> None:
    if not isinstance(value, list):
        raise Refusal("capture_malformed", where=name, detail="list expected")
    for index, entry in enumerate(value):
        if not isinstance(entry, Mapping):
            raise Refusal("capture_malformed", where=f"{name}[{index}]", detail="object expected")


def _check_depth(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Refusal("capture_malformed", detail="nesting")
    if isinstance(value, Mapping):
        for child in value.values():
            _check_depth(child, depth + 1)
    elif isinstance(value, list):
        for child in value:
            _check_depth(child, depth + 1)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _refuse_float(text: str) -> object:
    raise ValueError(f"number {text[:40]}")


def _small_int(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > _LARGEST:
        raise ValueError(f"number {text[:40]}")
    return int(text)
