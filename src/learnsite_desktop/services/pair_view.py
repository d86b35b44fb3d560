"""Two learners that may be one person, side by side: field by field, and what they attended."""

from dataclasses import dataclass
from typing import Final

from learnsite_desktop.domain.identity import masked
from learnsite_desktop.domain.likeness import Compared, Traits, judge
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.deciding import is_settled
from learnsite_desktop.services.duplicates import comparison, suspects_of
from learnsite_desktop.services.reveals import note_reveal, require_reason
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.records import StoredRecord
from learnsite_desktop.store.work_rows import Attended, attended, attended_both, unit_names

_TITLES: Final = 3


@dataclass(frozen=True, slots=True)
class Compare:
    """One field of both: its label (message id), the two values and how they compare."""

    label: str
    first: str
    second: str
    result: str


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair: the rule that speaks for one person, the fields, attendances, sessions of both.

    `masked` unless the phone and ID numbers and whole birth days are shown.
    """

    rule: str
    fields: tuple[Compare, ...]
    attended: tuple[Attended, Attended]
    together: int
    masked: bool


def pair_view(
    workspace: Workspace,
    first: StoredRecord,
    second: StoredRecord,
    *,
    language: str,
    reveal: bool = False,
    why: str = "",
    operator: str = "",
) -> PairView | None:
    """Return a pair as whoever decides about it sees it, None once that is decided.

    Names are shown, as in every list of learners; of the other private values only the ends, unless
    revealed, which is noted and refuses `reveal_reason_missing`.
    """
    if is_settled(workspace, first, second):
        return None
    if reveal:
        asked = {"pair": f"{first.id} {second.id}"}
        note_reveal(
            workspace,
            [first, second],
            asked=asked,
            operator=operator,
            why=require_reason(why, first.id),
        )
    known = suspects_of(workspace, (first.ident, second.ident))
    if len(known) < len((first, second)):
        return None
    one, other = known[first.ident], known[second.ident]
    compared = comparison(one.traits, other.traits)
    verdict = judge(compared)
    both = (first.ident, second.ident)
    seen = [attended(workspace.database, ident, _TITLES) for ident in both]
    names = unit_names(
        workspace.database, {one.unit, other.unit, one.traits.home, other.traits.home} - {""}
    )
    shown = [_traits(item.traits, names, language, reveal=reveal) for item in (one, other)]
    fields = [
        Compare("unit", names[one.unit], names[other.unit], ""),
        *(
            Compare(label, shown[0][label], shown[1][label], result)
            for label, result in _results(compared)
            if shown[0][label] or shown[1][label]
        ),
    ]
    return PairView(
        rule=verdict.rule if verdict is not None else "",
        fields=tuple(fields),
        attended=(seen[0], seen[1]),
        together=attended_both(workspace.database, *both),
        masked=not reveal,
    )


def _results(compared: Compared) -> tuple[tuple[str, str], ...]:
    return (
        ("full name", compared.name),
        ("sex", compared.sex),
        ("birth", compared.birth),
        ("mobile", compared.mobile),
        ("ID number", compared.id_number),
        ("home unit", compared.home),
    )


def _traits(
    traits: Traits, names: dict[str, str], language: str, *, reveal: bool
) -> dict[str, str]:
    return {
        "full name": traits.name,
        "sex": shipped_codes().label("sex", traits.sex, language) if traits.sex else "",
        "birth": traits.birth if reveal else traits.birth[:4],
        "mobile": _shown("mobile", traits.mobile, reveal=reveal),
        "ID number": _shown("cn_id", traits.id_number, reveal=reveal),
        "home unit": names.get(traits.home, ""),
    }


def _shown(kind: str, value: str, *, reveal: bool) -> str:
    return value if reveal or not value else masked(kind, value)
