"""Who may write what, decided on small unit trees."""

import hashlib
import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnsite_desktop.domain.scopes import (
    Authority,
    Deed,
    Enrolment,
    Incarnation,
    OnBranch,
    Revocation,
    RevokedHead,
    Scope,
    superseded,
)

COUNTY, NORTH, SOUTH = "41", "4101", "4102"
HILL, LAKE, MILL = "410101", "410102", "410201"
TIERS = {2: "county", 4: "township", 6: "village"}
ROOT = b"root"


def is_within(unit: str, ancestor: str) -> bool:
    return unit.startswith(ancestor)


def tier_of(unit: str) -> str:
    return TIERS[len(unit)]


def enrol(device: bytes, unit: str, by: bytes, *more: Scope) -> Enrolment:
    scopes = (Scope("own", unit), Scope("below", unit), *more)
    name = hashlib.sha256(repr((device, unit, by, more)).encode()).digest()
    return Enrolment(name, device, unit, scopes, by)


def revoke(
    device: bytes, by: bytes, *heads: RevokedHead, keeps: Iterable[Enrolment] = ()
) -> Revocation:
    kept = frozenset(item.hash for item in keeps)
    name = hashlib.sha256(repr((device, by, heads)).encode()).digest()
    return Revocation(name, device, heads, kept, by)


def life(device: bytes, unit: str, of: bytes | None = None) -> Incarnation:
    return Incarnation(b"i-" + device, device, unit, tier_of(unit), of)


COUNTY_PC = enrol(b"c", COUNTY, ROOT)
NORTH_PC = enrol(b"n", NORTH, b"c")
SOUTH_PC = enrol(b"s", SOUTH, b"c")
HILL_PC = enrol(b"h", HILL, b"n", Scope("for", LAKE, "2026-03-01"))
LAKE_PC = enrol(b"l", LAKE, b"n")
ALL = (COUNTY_PC, NORTH_PC, SOUTH_PC, HILL_PC, LAKE_PC)
LIVES = tuple(life(item.device, item.unit) for item in ALL)


def authority(
    enrolments: Iterable[Enrolment] = ALL,
    revocations: Iterable[Revocation] = (),
    lives: Iterable[Incarnation] = LIVES,
    on_branch: OnBranch | None = None,
) -> Authority:
    if on_branch is None:
        return Authority(ROOT, enrolments, revocations, lives, is_within, tier_of=tier_of)
    return Authority(
        ROOT, enrolments, revocations, lives, is_within, tier_of=tier_of, on_branch=on_branch
    )


def deed(
    device: bytes,
    unit: str,
    layer: str = "fact",
    *,
    why: bool = False,
    date: str = "2026-04-01T08:00:00+08:00",
    n: int = 1,
) -> Deed:
    return Deed(b"i-" + device, unit, layer, why, date, n, b"op%d" % n)


@pytest.mark.parametrize(
    ("done", "answer"),
    [
        (deed(b"h", HILL), None),
        (deed(b"h", HILL, "review:village"), "out_of_scope"),
        (deed(b"h", HILL, "review:township"), "out_of_scope"),
        (deed(b"h", HILL, "review"), "out_of_scope"),
        (deed(b"n", NORTH), None),
        (deed(b"n", NORTH, "review:township"), "out_of_scope"),
        (deed(b"n", HILL), "reason_missing"),
        (deed(b"n", HILL, why=True), None),
        (deed(b"n", HILL, "review:township"), None),
        (deed(b"n", HILL, "review"), None),
        (deed(b"n", HILL, "review:county"), "out_of_scope"),
        (deed(b"c", HILL, "review:county"), None),
        (deed(b"c", HILL, "review:township"), "out_of_scope"),
        (deed(b"c", NORTH, why=True), None),
        (deed(b"n", MILL, why=True), "out_of_scope"),
        (deed(b"n", COUNTY, why=True), "out_of_scope"),
        (deed(b"h", MILL), "out_of_scope"),
        (deed(b"h", LAKE), None),
        (deed(b"h", LAKE, date="2026-02-28T23:00:00+08:00"), "out_of_scope"),
        (deed(b"h", LAKE, "review:township"), "out_of_scope"),
        (deed(b"x", HILL), "not_enrolled"),
    ],
)
def test_scopes(done: Deed, answer: str | None) -> None:
    assert authority().judge(done) == answer


def test_certificates_count_only_from_strictly_above() -> None:
    own_unit = enrol(b"h2", HILL, b"h")
    beside = enrol(b"m", MILL, b"n")
    upward = enrol(b"c2", COUNTY, b"n")
    self_made = enrol(b"z", HILL, b"z")
    found = authority((*ALL, own_unit, beside, upward, self_made))
    for item in ALL:
        assert found.is_enrolled(item.device, item.unit)
    for item in (own_unit, beside, upward, self_made):
        assert not found.is_enrolled(item.device)
        assert found.scopes_of(item.device, item.unit) == ()
    assert found.may_certify(b"n", HILL)
    assert not found.may_certify(b"n", NORTH)
    assert not found.may_certify(b"n", MILL)
    assert found.may_certify(ROOT, COUNTY)
    assert found.may_publish(b"n", NORTH)
    assert found.may_publish(b"n", HILL)
    assert not found.may_publish(b"n", COUNTY)
    assert not found.may_publish(b"h", NORTH)


def test_a_missing_link_enrols_nobody_below_it() -> None:
    found = authority((COUNTY_PC, HILL_PC))
    assert not found.is_enrolled(b"h")
    assert found.judge(deed(b"h", HILL)) == "not_enrolled"


def test_scopes_beyond_the_issuer_are_worthless() -> None:
    greedy = Enrolment(
        b"greedy",
        b"g",
        HILL,
        (Scope("own", HILL), Scope("own", LAKE), Scope("below", COUNTY), Scope("for", MILL, "")),
        b"n",
    )
    found = authority((*ALL, greedy), lives=(life(b"g", HILL),))
    assert found.scopes_of(b"g", HILL) == (Scope("own", HILL),)
    assert found.judge(deed(b"g", HILL)) is None
    for unit in (LAKE, SOUTH, MILL):
        assert found.judge(deed(b"g", unit, why=True)) == "out_of_scope"
    certified = enrol(b"m", MILL, b"g")
    assert not authority((*ALL, greedy, certified)).is_enrolled(b"m")


def test_an_incarnation_cannot_claim_another_unit_or_tier() -> None:
    elsewhere = Incarnation(b"i-h", b"h", LAKE, "village")
    assert authority(lives=(elsewhere,)).judge(deed(b"h", LAKE)) == "not_enrolled"
    risen = Incarnation(b"i-n", b"n", NORTH, "county")
    assert authority(lives=(risen,)).judge(deed(b"n", HILL, "review:county")) == "not_enrolled"


def test_revocation_names_what_still_stands() -> None:
    head = RevokedHead(HILL, b"i-h", 5, b"op5")
    found = authority(revocations=(revoke(b"h", b"n", head),))
    assert not found.is_enrolled(b"h")
    assert found.judge(deed(b"h", HILL, n=4)) is None
    assert found.judge(deed(b"h", HILL, n=5)) is None
    assert found.judge(deed(b"h", HILL, n=6)) == "revoked"
    assert found.judge(deed(b"h", LAKE, n=1)) == "revoked"
    assert found.judge(deed(b"h", MILL, n=1)) == "out_of_scope"


def test_revocation_follows_the_named_branch() -> None:
    branches = {b"op4": {b"op5"}, b"op3": {b"op5", b"op7"}}
    heads = (RevokedHead(HILL, b"i-h", 5, b"op5"), RevokedHead(HILL, b"i-h", 7, b"op7"))

    def on_branch(operation: bytes, head: bytes) -> bool:
        return head in branches.get(operation, set())

    found = authority(revocations=(revoke(b"h", b"n", *heads),), on_branch=on_branch)
    assert [found.judge(deed(b"h", HILL, n=n)) for n in (3, 4, 5, 6, 7)] == [
        None,
        None,
        None,
        "revoked",
        None,
    ]


def test_only_those_above_may_revoke() -> None:
    for issuer in (b"s", b"l", b"h", b"x"):
        assert authority(revocations=(revoke(b"h", issuer),)).is_enrolled(b"h")
    for issuer in (b"n", b"c", ROOT):
        assert not authority(revocations=(revoke(b"h", issuer),)).is_enrolled(b"h")


def test_what_a_revoked_issuer_signed_falls_unless_kept() -> None:
    theft = revoke(b"n", b"c", keeps=[HILL_PC])
    rogue = enrol(b"r", LAKE, b"n", Scope("own", LAKE))
    found = authority((*ALL, rogue), (theft,))
    assert found.is_enrolled(b"h")
    assert not found.is_enrolled(b"l")
    assert not found.is_enrolled(b"r")
    assert not found.may_certify(b"n", HILL)
    assert not found.may_publish(b"n", NORTH)
    again = enrol(b"l", LAKE, b"c")
    assert authority((*ALL, again), (theft,)).is_enrolled(b"l")
    spite = revoke(b"h", b"n")
    assert authority(ALL, (theft, spite)).is_enrolled(b"h")


@given(st.integers(0, 2**32))
def test_order_and_repetition_do_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    units = [COUNTY, NORTH, SOUTH, HILL, LAKE, MILL]
    devices = [b"c", b"n", b"s", b"h", b"l"]
    enrolments = [*ALL] + [
        enrol(rng.choice(devices), rng.choice(units), rng.choice([*devices, ROOT]))
        for _ in range(4)
    ]
    revocations = [
        revoke(
            rng.choice(devices),
            rng.choice([*devices, ROOT]),
            RevokedHead(rng.choice(units), b"i-" + rng.choice(devices), 3, b"op3"),
            keeps=rng.sample(enrolments, 3),
        )
        for _ in range(2)
    ]
    deeds = [
        deed(device, unit, layer, why=rng.random() < 0.5, n=rng.randrange(1, 6))
        for device in devices
        for unit in units
        for layer in ("fact", "review:township", "review:county")
    ]
    first = authority(enrolments, revocations)
    answers = [first.judge(item) for item in deeds]
    mixed = [*enrolments, rng.choice(enrolments)]
    rng.shuffle(mixed)
    second = authority(mixed, reversed(revocations), reversed(LIVES))
    for item in rng.sample(deeds, len(deeds)):
        assert second.judge(item) == answers[deeds.index(item)]


def test_superseded_incarnations() -> None:
    first = Incarnation(b"1", b"d", HILL, "village")
    second = Incarnation(b"2", b"d", HILL, "village", of=b"1")
    third = Incarnation(b"3", b"d", HILL, "village", of=b"1")
    thief = Incarnation(b"4", b"e", HILL, "village", of=b"2")
    found = superseded([thief, third, first, second])
    assert found == {b"1": frozenset({b"2", b"3"})}
