"""What the screen of supervision shows: findings, rounds, clauses, a visit being entered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services.codes import shipped_codes
from learnsite_desktop.services.supervision.findings import (
    ANSWERED,
    CLOSED,
    MET,
    OPEN,
    OVERDUE,
    PARTLY,
    UNMET,
    UNSEEN,
    Finding,
    list_findings,
)
from learnsite_desktop.services.supervision.rounds import (
    Inspection,
    Verdict,
    list_inspections,
)
from learnsite_desktop.services.supervision.rules import Checklist, checklists, clauses
from learnsite_desktop.services.units import load_tree
from learnsite_desktop.services.workspace import Workspace

STATES: Final = {
    OVERDUE: ("error", N_("overdue")),
    OPEN: ("warning", N_("to be mended")),
    ANSWERED: ("note", N_("answered, look again")),
    CLOSED: ("ok", N_("is closed")),
    MET: ("ok", N_("met")),
    UNSEEN: ("draft", N_("not looked at")),
}
VERDICT_KEYS: Final = {"1": MET, "2": PARTLY, "3": UNMET, "4": UNSEEN}
_TONES: Final = {MET: "ok", PARTLY: "warning", UNMET: "error", UNSEEN: "draft"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; see `widgets.row_list.ListRow`."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the screen lists; `below` are the units that can be visited: (code, name, tier).

    `names` are the units' names by code.
    """

    findings: tuple[Finding, ...]
    inspections: tuple[Inspection, ...]
    below: tuple[tuple[str, str, str], ...]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def last_round(self) -> str:
        """The round of the newest visit, "" before the first."""
        newest = max(self.inspections, key=lambda one: one.visited, default=None)
        return newest.round if newest is not None else ""


def look(workspace: Workspace) -> Seen:
    """Return what the screen shows."""
    tree = load_tree(workspace.database)
    today = workspace.clock.now().date()
    below = [
        row
        for code in tree.subtree(workspace.unit)
        if code != workspace.unit and (row := tree.require(code)).valid_on(today)
    ]
    return Seen(
        findings=tuple(list_findings(workspace)),
        inspections=tuple(list_inspections(workspace)),
        below=tuple((row.code, row.name, row.tier) for row in below),
        names={row.code: row.name for row in tree.rows()},
    )


def finding_rows(seen: Seen) -> list[Row]:
    """Return the findings to work on, under a heading for each state."""
    found: list[Row] = []
    last = ""
    for one in seen.findings:
        tone, word = STATES[one.state]
        if one.state != last:
            count = sum(other.state == one.state for other in seen.findings)
            said = {"state": _(word), "count": count}
            heading = render(_("%(state)s: %(count)s"), said)
            found.append(Row(one.state, "heading", (heading, "", "", "", "")))
            last = one.state
        cells = (
            seen.names.get(one.unit, one.unit), one.question, one.text, one.due or "–", one.round
        )  # fmt: skip
        found.append(Row(one.id, "finding", cells, tone, _(word)))
    return found


def inspection_rows(seen: Seen) -> list[Row]:
    """Return the visits under a heading for each round, in the order of units: nobody is ranked."""
    found: list[Row] = []
    rounds = list(dict.fromkeys(one.round for one in seen.inspections))
    for name in rounds:
        visits = [one for one in seen.inspections if one.round == name]
        said = {"round": name, "count": len(visits)}
        heading = render(_("%(round)s: %(count)s units visited"), said)
        found.append(Row(name, "heading", (heading, "", "", "")))
        for one in visits:
            share = f"{one.points} / {one.most}" if one.most else "–"
            found.append(
                Row(
                    one.id,
                    "inspection",
                    (
                        seen.names.get(one.unit, one.unit),
                        list_name(one.checklist),
                        one.visited,
                        share,
                    ),
                    "error" if one.overdue else "warning" if one.open else "ok",
                    render(_("%(count)s open"), {"count": one.open})
                    if one.open
                    else _("all settled"),
                )
            )
    return found


def list_name(checklist: str) -> str:
    """Return the title of a checklist, its id for one not known here."""
    found = checklists().get(checklist)
    return str(found.words) if found is not None else checklist


def clause_rows() -> list[Row]:
    """Return the clauses: what, by which document, whose duty, by which figures."""
    label = shipped_codes().label
    return [
        Row(
            one.id,
            "clause",
            (
                one.id,
                str(one.words),
                one.document,
                "、".join(
                    dict.fromkeys(label("department", duty.lead, language()) for duty in one.duties)
                ),
                " ".join(one.indicators),
            ),
        )
        for one in clauses().values()
    ]


@dataclass(slots=True)
class Visit:
    """A visit being entered: what is found so far at the items of a checklist."""

    checklist: Checklist
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @classmethod
    def of(cls, checklist: Checklist, before: Inspection | None) -> "Visit":
        """Begin, going on from what was found before in the same round."""
        known = before.items if before is not None else ()
        return cls(
            checklist,
            {one.item: Verdict(one.verdict, one.points, one.text, _day(one.due)) for one in known},
        )

    def judge(self, item: str, verdict: str) -> None:
        """Set a verdict; the words stay, the points follow the verdict."""
        before = self.verdicts.get(item)
        text = before.text if before is not None else ""
        due = before.due if before is not None else None
        self.verdicts[item] = Verdict(verdict, None, text, due)

    def say(self, item: str, text: str) -> None:
        """Set what was found at an item; without a verdict yet it is not met."""
        before = self.verdicts.get(item) or Verdict(UNMET)
        self.verdicts[item] = Verdict(before.verdict, before.points, text, before.due)

    def rows(self) -> list[Row]:
        """Return the items with their verdicts."""
        label = shipped_codes().label
        found = []
        for item in self.checklist.items:
            said = self.verdicts.get(item.id)
            found.append(
                Row(
                    item.id,
                    "item",
                    (
                        item.id,
                        str(item.words),
                        item.look,
                        str(item.points),
                        said.text if said else "",
                    ),
                    _TONES[said.verdict] if said else "",
                    label("finding_verdict", said.verdict, language()) if said else "",
                )
            )
        return found

    @property
    def left(self) -> int:
        """How many items have no verdict yet."""
        return len(self.checklist.items) - len(self.verdicts)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def lists_for(tier: str) -> Sequence[Checklist]:
    """Return the checklists for units of a tier."""
    return [one for one in checklists().values() if one.tier == tier]
