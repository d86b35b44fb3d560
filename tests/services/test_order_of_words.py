"""Whatever order words come in, with revocations and files taken back: one state, live and rebuilt.

Histories of findings, returns, reversals and proposals that no program would write, by a village,
its township and the county. Each is taken in by the real log in two orders, one of them with
everything at once.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.ids import b64, derived_id, unb64
from learnsite_desktop.domain.scopes import RevokedHead
from learnsite_desktop.oplog.certificates import make_revocation
from learnsite_desktop.oplog.line import Operation, encode, line_hash
from learnsite_desktop.services import enrolment, judging
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import journal
from learnsite_desktop.store.idents import Idents
from learnsite_desktop.store.ingest import Incoming, Ingest
from learnsite_desktop.store.rebuild import dump, rebuild
from tests.desks import COUNTY, NOW, TOWNSHIP, VILLAGE, Line

AUTHORS = (VILLAGE, TOWNSHIP, COUNTY)
VISIT = "A" * 22
FINDING = b64(derived_id("finding", VILLAGE, VISIT, "1"))
BEGUN: dict[str, object] = {
    "inspection": VISIT,
    "item": "1",
    "score": ["unmet", 0, 10],
    "words": ["x", None],
}
ASKED: dict[str, object] = {"record": VISIT, "field": "notes", "reason": "R01", "tier": "county"}
BOOKED: dict[str, object] = {
    "record": VISIT,
    "period": "2027-01",
    "date": "2026-03-03",
    "before": ["A" * 43],
    "after": [],
}
PROPOSED: dict[str, object] = {
    "what": ["rename", VILLAGE, None, "x", None, None, None, None, "2026-04-01"],
    "said": "x",
}
WORDS: dict[str, list[dict[str, object]]] = {
    "finding": [
        BEGUN,
        {**BEGUN, "score": ["met", 10, 10]},
        {"answered": "2026-04-01"},
        {"due": "2026-05-01"},
        {"due": "2026-06-01", "answered": "2026-04-02"},
        {"recheck": ["2026-04-02", True, None]},
        {"_deleted": True},
        {"_deleted": None},
        {},
    ],
    "return": [
        ASKED,
        {**ASKED, "reason": "R02", "tier": "township"},
        {"closed_by": "A" * 43},
        {"closed_by": None},
        {"closed_by": "B" * 42 + "A", "reason": "R03"},
        {"reason": "R02"},
        {"_deleted": True},
        {"_deleted": None},
        {},
    ],
    "reversal": [
        BOOKED,
        {**BOOKED, "after": ["B" * 42 + "A"]},
        {"after": []},
        {"date": "2026-03-04"},
        {"before": ["B" * 42 + "A"], "date": "2026-03-05"},
        {"review.county.state": "rejected"},
        {"_deleted": True},
        {"_deleted": None},
        {},
    ],
    "proposal": [
        PROPOSED,
        {**PROPOSED, "decision": [True, "2026-04-01", None]},
        {"decision": [False, "2026-04-02", "x"]},
        {"decision": [True, "2026-04-03", "y"]},
        {"said": "y", "decision": [False, "2026-04-04", None]},
        {"why": "z"},
        {"_deleted": True},
        {"_deleted": None},
        {},
    ],
}


OWN = {"finding": [2, 8], "return": [2, 3, 8], "reversal": [8], "proposal": [0, 5, 6, 7, 8]}
"""Which of them the village may write itself."""


class _Undone(Exception):
    """Ends a transaction without a trace."""


@dataclass(frozen=True)
class History:
    """Operations, parents first; `cut`: whose computer is revoked, and the last that stands."""

    items: Sequence[Incoming]
    cut: tuple[str, Incoming | None] | None


@dataclass(frozen=True)
class Way:
    """An order to take a history in: who comes when, in files of how many.

    `revoked` after how many files the revocation comes, `back` the file that is taken back as soon
    as it came and brought again at the end.
    """

    order: Sequence[int]
    files: int
    revoked: int
    back: int | None


Plan = tuple[str, list[tuple[int, int, list[int]]], tuple[int, int] | None]
"""Kind, operations as (author, words, parents), revocation as (author, how many stand)."""


@st.composite
def histories(draw: st.DrawFn) -> Plan:
    kind = draw(st.sampled_from(sorted(WORDS)))
    planned = [(draw(st.integers(1, 2)), draw(st.integers(0, 1)), list[int]())]
    for number in range(1, draw(st.integers(3, 6))):
        author = draw(st.integers(0, 2))
        words = draw(st.integers(0, 8) if author else st.sampled_from(OWN[kind]))
        recent = st.integers(max(0, number - 3), number - 1)
        beside = words < 2 and draw(st.booleans())
        parents = [] if beside else draw(st.lists(recent, unique=True, min_size=1, max_size=2))
        planned.append((author, words, parents))
    cut = st.tuples(st.integers(1, 2), st.integers(0, 3))
    return kind, planned, draw(st.none() | cut)


@st.composite
def ways(draw: st.DrawFn) -> Way:
    return Way(
        order=draw(st.permutations(range(6))),
        files=draw(st.integers(1, 3)),
        revoked=draw(st.integers(0, 6)),
        back=draw(st.none() | st.integers(0, 5)),
    )


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The county's computer, open for writing, with the certificates of all."""
    line = Line(tmp_path_factory.mktemp("words"))
    line.found()
    line.enrol()
    with line.county.open() as workspace:
        yield workspace


def made(workspace: Workspace, plan: Plan) -> History:
    """Return a history's lines, in the chains of the three computers."""
    kind, planned, cut = plan
    place: dict[int, tuple[int, str]] = {}
    items: list[Incoming] = []
    for author, words, parents in planned:
        inc = enrolment.live_incarnations(workspace, AUTHORS[author])[0].inc
        n, prev = place.get(author, (1000, b64(bytes([author]) * 32)))
        operation = Operation(
            at=NOW, inc=b64(inc), k=f"{kind}.edit", n=n, prev=prev,
            r=FINDING if kind == "finding" else VISIT, sv=1, u="", un=VILLAGE, v=1,
            f=cast("dict[str, Any]", WORDS[kind][words]),
            par=sorted(b64(items[one].hash) for one in parents),
            why="" if author == 0 else "A" * 43,
        )  # fmt: skip
        line = encode(operation)
        name = line_hash(line)
        place[author] = (n + 1, b64(name))
        items.append(Incoming(line, name, operation))
    if cut is None:
        return History(items, None)
    author, stand = cut
    standing = [one for one, (by, _w, _p) in zip(items, planned, strict=True) if by == author]
    return History(items, (AUTHORS[author], standing[:stand][-1] if standing[:stand] else None))


def revoke(workspace: Workspace, history: History) -> None:
    """Revoke a computer after one of its operations, or whole; what it certified stands."""
    assert history.cut is not None
    unit, last = history.cut
    heads = []
    if last is not None:
        heads = [RevokedHead(VILLAGE, unb64(last.operation.inc), last.operation.n, last.hash)]
    device = enrolment.live_incarnations(workspace, unit)[0].ed
    keeps = [one.hash for one in enrolment.known_enrolments(workspace.database) if one.by == device]
    keys = workspace.keys.root
    assert keys is not None
    certificate = make_revocation(keys, device=device, heads=heads, at=NOW, keeps=keeps)
    enrolment.store_certificate(workspace, certificate)
    judging.apply_certificates(workspace)


def settle(workspace: Workspace, number: int, state: str) -> None:
    """Take a file back, or bring it again."""
    journal.set_batch_state(workspace.database, number, state)
    ingest = Ingest(workspace.database, Idents(workspace.database))
    ingest.mark(journal.settle_withdrawals(workspace.database))
    ingest.finish()


def taken(workspace: Workspace, history: History, way: Way) -> list[list[str]]:
    """Take a history in; return what is held then, live and rebuilt; nothing of it stays."""
    database = workspace.database
    order = [one for one in way.order if one < len(history.items)]
    files = [order[at : at + way.files] for at in range(0, len(order), way.files)]
    found: list[list[str]] = []

    def take_in(number: int, names: Sequence[int]) -> None:
        idents = Idents(database)
        batch = journal.add_batch(
            database, bundle_id=str(number), digest=os.urandom(32), kind="up", from_unit=VILLAGE,
            received_at=NOW, file="",
        )  # fmt: skip
        judge = enrolment.quarantine(workspace, enrolment.authority(workspace))
        ingest = Ingest(database, idents, quarantine=judge, batch=batch)
        for one in names:
            item = history.items[one]
            ingest.add(idents.chain(item.operation.inc, VILLAGE), [item])
        if history.cut is not None and number >= way.revoked:
            chains = judging.doubtful_chains(workspace, enrolment.authority(workspace))
            judging.judge_anew(workspace, ingest, chains)
        judging.free(workspace, ingest)
        ingest.finish()
        if way.back == number:
            gone.append(batch)
            settle(workspace, batch, "rolled_back")

    def held() -> list[str]:
        codes = database.rows("SELECT o.hash, q.code FROM quarantine q JOIN op o ON o.id=q.op")
        return dump(database) + sorted(f"{b64(name)} {code}" for name, code in codes)

    gone: list[int] = []
    with suppress(_Undone), database.transaction():
        for number, names in enumerate(files):
            if history.cut is not None and number == way.revoked:
                revoke(workspace, history)
            take_in(number, names)
        if history.cut is not None and way.revoked >= len(files):
            revoke(workspace, history)
        for batch in gone:
            settle(workspace, batch, "active")
        found.append(held())
        rebuild(database)
        found.append(held())
        raise _Undone
    workspace.idents.forget()
    return found


@given(plan=histories(), way=ways())
def test_the_order_of_words_has_no_part_in_what_stands(
    county: Workspace, plan: Plan, way: Way
) -> None:
    history = made(county, plan)
    at_once = Way(order=range(6), files=6, revoked=0, back=None)
    live, rebuilt = taken(county, history, at_once)
    assert rebuilt == live
    live_otherwise, rebuilt_otherwise = taken(county, history, way)
    assert live_otherwise == live
    assert rebuilt_otherwise == live
