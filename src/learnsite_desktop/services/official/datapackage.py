"""Figures and records for other programs: CSV files with a Frictionless `datapackage.json`.

Persons do not stand in it: figures, units, sites, activities and sessions do. A figure of a
sensitive group behind which few persons stand is left empty, and says so.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from learnsite_desktop import __version__
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.durable import whole_set
from learnsite_desktop.platform.i18n import language
from learnsite_desktop.reports.delimited import write_csv
from learnsite_desktop.services import figures
from learnsite_desktop.services.entries import entry_of
from learnsite_desktop.services.indicators import DIMENSIONS, registry
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.contents import state_code
from learnsite_desktop.services.official.hiding import untold_cells
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.figures import unit_name
from learnsite_desktop.store.records import records_of_kind

DESCRIPTOR: Final = "datapackage.json"
SPLITS: Final = ("", "age", "sex", "group", "category", "form", "vocational", "delivery")
_PROFILE: Final = "tabular-data-package"
Row = Sequence[str | int | float | None]
Fields = Sequence[tuple[str, str, str]]

_FIGURES: Final[Fields] = (
    ("indicator", "string", "指标代码 indicator"),
    ("name", "string", "指标名称 name"),
    ("unit", "string", "单位代码 unit code"),
    ("period", "string", "期间 period"),
    ("dimension", "string", "维度 dimension"),
    ("code", "string", "维度代码 code in the dimension"),
    ("numerator", "integer", "分子 numerator"),
    ("denominator", "integer", "分母 denominator"),
    ("value", "number", "数值 value; a ratio where the unit of measure is %"),
    ("unit_of_measure", "string", "计量单位 unit of measure"),
    ("named", "integer", "实名 by name"),
    ("headcount", "integer", "仅计数 by head-count"),
    ("basis", "string", "口径 basis"),
    ("rule_version", "string", "规则版本 rule version"),
    ("missing", "string", "空数据说明 why there is no value"),
)
_UNITS: Final[Fields] = (
    ("unit", "string", "单位代码 unit code"),
    ("name", "string", "单位名称 name"),
)


def write_package(
    workspace: Workspace, asked: Asked, folder: Path, progress: Progress = silent
) -> dict[str, Any]:
    """Write CSV files and their description into `folder`; returns `path`, `resources`, `rows`.

    All of it or, when it is cancelled or fails, nothing; a package that lies there is replaced.
    Refuses `file_exists` where one of the names is taken by something else, and what
    `figures.indicators` does; OSError where the folder cannot be written.
    """
    question = asked.question(workspace)
    require_unit(workspace, question.unit)
    units = [question.unit, *figures.children_of(workspace, question)]
    _require_own(folder)
    values: list[Row] = []
    for done, unit in enumerate(units):
        progress(done, len(units) + 1, N_("Counting"))
        values += _figure_rows(workspace, asked, unit, SPLITS if unit == question.unit else ("",))
    tables: dict[str, tuple[Fields, list[Row], list[str]]] = {
        "units": (
            _UNITS,
            [[unit, unit_name(workspace.database, unit)] for unit in units],
            ["unit"],
        ),
        "figures": (_FIGURES, values, ["indicator", "unit", "period", "dimension", "code"]),
    }
    for kind in ("site", "activity", "session"):
        fields, rows = _records(workspace, kind, asked)
        tables[f"{kind}s" if kind != "activity" else "activities"] = (fields, rows, ["id"])
    progress(len(units), len(units) + 1, N_("Writing"))
    with whole_set(folder) as making:
        resources = []
        for name, (fields, rows, key) in tables.items():
            path = making / f"{name}.csv"
            # The schema says which columns are text: digits need no mark there.
            write_csv(path, [[field[0] for field in fields], *rows], digits=False)
            resources.append(_resource(name, path, fields, key))
        descriptor = _descriptor(workspace, asked, resources)
        text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
        (making / DESCRIPTOR).write_text(text, encoding="utf-8")
        progress(len(units) + 1, len(units) + 1, N_("Writing"))
    return {
        "path": str(folder / DESCRIPTOR),
        "resources": list(tables),
        "rows": sum(len(rows) for _fields, rows, _key in tables.values()),
    }


def _require_own(folder: Path) -> None:
    """Refuse `file_exists` where a file stands in the way that no earlier package put there."""
    if (folder / DESCRIPTOR).exists():
        return
    for name in ("units", "figures", "sites", "activities", "sessions"):
        path = folder / f"{name}.csv"
        if path.exists():
            raise Refusal("file_exists", where=str(path))


def _descriptor(
    workspace: Workspace, asked: Asked, resources: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    unit = asked.unit or workspace.unit
    return {
        "profile": _PROFILE,
        "name": f"learnsite-{unit}-{asked.period.lower()}",
        "title": f"{unit_name(workspace.database, unit)} {asked.period}",
        "created": workspace.clock.now().isoformat(timespec="seconds"),
        "description": f"basis={asked.basis} tree={asked.tree} state={state_code(workspace, unit)}",
        "sources": [{"title": f"learnsite {__version__}"}],
        "resources": list(resources),
    }


def _resource(name: str, path: Path, fields: Fields, key: Sequence[str]) -> dict[str, Any]:
    raw = path.read_bytes()
    # A cell that begins like a formula has an apostrophe in front; the bytes are as they are read.
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [
                {"name": field, "type": kind, "description": text} for field, kind, text in fields
            ],
            "missingValues": [""],
            **({"primaryKey": list(key)} if key else {}),
        },
    }


def _figure_rows(
    workspace: Workspace, asked: Asked, unit: str, splits: Sequence[str]
) -> Iterator[Row]:
    for dimension in splits:
        ids = [
            name
            for name, one in registry().items()
            if not dimension or (dimension in DIMENSIONS and dimension in one.dimensions)
        ]
        values = figures.indicators(
            workspace,
            period=asked.period,
            unit=unit,
            by=dimension or None,
            basis=asked.basis,
            ids=ids,
            tree=asked.tree,
        )
        untold = untold_cells(workspace, values)
        for value in values:
            place, _colon, code = value["cell"].partition(":")
            if bool(code) != bool(dimension):
                continue
            shown = (place, code) not in untold
            yield [
                value["id"],
                registry()[value["id"]].text("name", language()),
                unit,
                asked.period,
                place if code else "",
                code or "all",
                *(value[part] if shown else None for part in ("numerator", "denominator", "value")),
                value["unit_of_measure"],
                *(value[part] if shown else None for part in ("named", "headcount")),
                asked.basis,
                value["rule_version"],
                value["missing"] if shown else untold[place, code],
            ]


_KEPT: Final[Mapping[str, Sequence[str]]] = {
    "site": ("name", "kinds", "opened", "closed"),
    "activity": (
        *("title", "site", "kind", "edu_kinds", "form", "vocational", "topics", "delivery"),
        *("department", "destinations", "campaign", "opens", "closes"),
    ),
    "session": ("activity", "date", "start", "end", "status", "headcount"),
}
"""Fields of records that are about no person; what is written in words about people stays here."""


def _records(workspace: Workspace, kind: str, asked: Asked) -> tuple[Fields, list[Row]]:
    period = asked.question(workspace).period
    names = [name for name in _KEPT[kind] if name in KINDS[kind].fields]
    fields: Fields = [
        ("id", "string", "记录编号 record id"),
        ("unit", "string", "单位代码 unit code"),
        *((name, _type_of(kind, name), KINDS[kind].fields[name].label) for name in names),
    ]
    rows: list[Row] = []
    unit = asked.unit or workspace.unit
    for stored in records_of_kind(workspace.database, kind, unit=unit):
        entry = entry_of(KINDS[kind], stored.doc, None)
        day = str(entry.get("date") or "")
        if kind == "session" and not period.first.isoformat() <= day <= period.last.isoformat():
            continue
        rows.append([stored.id, stored.unit, *(_plain(entry.get(name)) for name in names)])
    return fields, rows


def _type_of(kind: str, name: str) -> str:
    found = str(KINDS[kind].fields[name].type)
    return "date" if found == "date" else "integer" if name == "headcount" else "string"


def _whole(value: object) -> int:
    return value if type(value) is int else 0


_PLAIN: Final[Mapping[type, Callable[[Any], str | int]]] = {
    dict: lambda value: _whole(value.get("total")),
    list: lambda value: " ".join(str(one) for one in value),
}


def _plain(value: Any) -> str | int | None:
    if value is None:
        return None
    return _PLAIN.get(type(value), str)(value)
