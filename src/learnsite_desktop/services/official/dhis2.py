"""Figures as a DHIS2 data value set: JSON that `/api/dataValueSets` takes.

Data elements, organisation units and category option combinations are named by code. A ratio gives
two data elements, `S07.N` and `S07.D`, so that no system above averages it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from learnsite_desktop.domain.periods import Period, PeriodKind, parse_period
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.durable import make_folder
from learnsite_desktop.services import figures
from learnsite_desktop.services.indicators import registry
from learnsite_desktop.services.official.asked import Asked
from learnsite_desktop.services.official.contents import state_code
from learnsite_desktop.services.official.hiding import untold_cells
from learnsite_desktop.services.units import require_unit
from learnsite_desktop.services.workspace import Workspace

_COLLECTION: Final = "LEARNSITE"
_SPLITS: Final = ("", "age", "sex", "group")
_DEFAULT: Final = "default"


def dhis2_period(period: Period) -> str:
    """Return a period as DHIS2 writes it; refuses `dhis_period` for a school year."""
    if period.kind is PeriodKind.MONTH:
        return period.text.replace("-", "")
    if period.kind is PeriodKind.QUARTER:
        return period.text.replace("-", "")
    if period.kind is PeriodKind.HALF:
        return period.text.replace("-H", "S")
    if period.kind is PeriodKind.YEAR:
        return period.text
    raise Refusal("dhis_period", where=period.text)


def knows(period: str) -> bool:
    """Return whether DHIS2 has a period of this kind."""
    return parse_period(period).kind is not PeriodKind.SCHOOL_YEAR


def write_values(
    workspace: Workspace, asked: Asked, out: Path, progress: Progress = silent
) -> dict[str, Any]:
    """Write a data value set of the unit and those directly below; returns `path`, `values`.

    What has no value is left out. Refuses `dhis_period` and what `figures.indicators` does; OSError
    where `out` cannot be written.
    """
    question = asked.question(workspace)
    period = dhis2_period(question.period)
    require_unit(workspace, question.unit)
    units = [question.unit, *figures.children_of(workspace, question)]
    values: list[dict[str, str]] = []
    for done, unit in enumerate(units):
        progress(done, len(units), N_("Counting"))
        for dimension in _SPLITS if unit == question.unit else ("",):
            values += _values(workspace, asked, unit, period, dimension)
    content = {
        "dataSet": _COLLECTION,
        "completeDate": workspace.clock.now().date().isoformat(),
        "period": period,
        "orgUnit": question.unit,
        "idScheme": "CODE",
        "dataElementIdScheme": "CODE",
        "orgUnitIdScheme": "CODE",
        "categoryOptionComboIdScheme": "CODE",
        "dataValues": values,
    }
    make_folder(out.parent)
    part = out.with_name(out.name + ".part")
    try:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        part.write_text(text, encoding="utf-8")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    state = state_code(workspace, question.unit)
    return {"path": str(out), "values": len(values), "state": state}


def _values(
    workspace: Workspace, asked: Asked, unit: str, period: str, dimension: str
) -> Iterator[dict[str, str]]:
    ids = [name for name, one in registry().items() if not dimension or dimension in one.dimensions]
    found = figures.indicators(
        workspace,
        period=asked.period,
        unit=unit,
        by=dimension or None,
        basis=asked.basis,
        ids=ids,
        tree=asked.tree,
    )
    untold = untold_cells(workspace, found)
    for value in found:
        place, _colon, code = value["cell"].partition(":")
        if bool(code) != bool(dimension) or (place, code) in untold or value["incomplete"]:
            continue
        divided = bool(registry()[value["id"]].denominator)
        parts = {"N": value["numerator"], "D": value["denominator"]}
        if not divided:
            parts = {"": value["numerator"]}
        elif value["denominator"] is None:
            continue
        for tail, number in parts.items():
            yield {
                "dataElement": f"{value['id']}.{tail}" if tail else value["id"],
                "period": period,
                "orgUnit": unit,
                "categoryOptionCombo": f"{dimension.upper()}_{code}" if code else _DEFAULT,
                "value": str(number),
                "comment": f"rule {value['rule_version']}; basis {asked.basis}",
            }
