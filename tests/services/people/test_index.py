"""Finding learners as one types: everybody whom a plain comparison finds, the near ones first."""

from collections.abc import Iterable
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PINYIN_DICT

from learnsite_desktop.services.people.index import NameIndex, Person, Renewal
from learnsite_desktop.services.people.readings import spelling
from tests.desks import SISTER, VILLAGE
from tests.services.people.material import names, people

EVERYBODY = people(names(3_000, 7))
INDEX = NameIndex(VILLAGE, EVERYBODY)
PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")


def found(query: str, index: NameIndex = INDEX) -> set[str]:
    return {hit.record for hit in index.search(query, limit=None).hits}


def sounds(character: str) -> set[str]:
    """Return the readings of a character, by a table of the letters with tones."""
    return {word.translate(PLAIN) for word in PINYIN_DICT[ord(character)].split(",")}


def reads(name: str, query: str) -> bool:
    """Return whether letters begin the initials or the pinyin of a name or of a later part."""
    for start in range(len(name)):
        ways = [sounds(character) for character in name[start:]]
        for way in product(*ways):
            initials = "".join(word[0] for word in way)
            if initials.startswith(query) or "".join(way).startswith(query):
                return True
    return False


@pytest.mark.parametrize("length", [1, 2, 3])
def test_every_part_of_a_name_finds_what_a_comparison_of_all_names_finds(length: int) -> None:
    rng = Random(length)
    for person in rng.sample(EVERYBODY, 60):
        start = rng.randrange(max(1, len(person.name) - length + 1))
        query = person.name[start : start + length]
        assert found(query) == {p.record for p in EVERYBODY if query in p.name}


@pytest.mark.parametrize("length", [1, 2, 3])
def test_letters_find_what_trying_every_reading_finds(length: int) -> None:
    rng = Random(length)
    crowd = EVERYBODY[:600]
    index = NameIndex(VILLAGE, crowd)
    for person in rng.sample(crowd, 25):
        way = [rng.choice(sorted(sounds(character))) for character in person.name]
        for query in ("".join(word[0] for word in way)[:length], "".join(way)[: length + 2]):
            assert found(query, index) == {p.record for p in crowd if reads(p.name, query)}


@pytest.mark.parametrize(
    ("name", "right", "other"),
    [
        ("曾小红", "zxh", "cxh"),
        ("单永福", "syf", "dyf"),
        ("仇桂英", "qgy", "cgy"),
        ("解秀兰", "xxl", "jxl"),
        ("查春梅", "zcm", "ccm"),
        ("翟广田", "zgt", "dgt"),
        ("区玉珍", "oyz", "qyz"),
    ],
)
def test_surnames_are_read_as_surnames_and_the_other_reading_finds_too(
    name: str, right: str, other: str
) -> None:
    rival = Person("2", VILLAGE, "程" + name[1:] if other[0] == "c" else "董" + name[1:])
    index = NameIndex(VILLAGE, [Person("1", VILLAGE, name), rival])
    assert index.search(right).hits[0].record == "1"
    assert "1" in found(other, index)
    assert spelling(name)[0] == right[0]


def test_the_likely_reading_comes_first() -> None:
    crowd = [Person("1", VILLAGE, "曾春花"), Person("2", VILLAGE, "陈春花")]
    index = NameIndex(VILLAGE, crowd)
    assert [hit.name for hit in index.search("cch").hits] == ["陈春花", "曾春花"]
    assert [hit.name for hit in index.search("zch").hits] == ["曾春花"]


ONE = Person("1", VILLAGE, "周桂兰", "F", "1956-04-09", 1956, "14412345678", "410199195604090025")
OTHERS = [
    Person("2", VILLAGE, "周桂莲", "F", "1961", 1961, "0371-62181234"),
    Person("3", SISTER, "吕桂兰", "F", "1956", 1956, ""),
    Person("4", VILLAGE, "阿依古丽·买买提", "F", "1990", 1990, ""),
    Person("5", VILLAGE, "欧阳修文", "M", "1949", 1949, ""),
]


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("", ""), (" ", ""), ("8", ""), ("王", ""), ("·", ""),
        ("周", "12"), ("桂兰", "13"), ("桂 兰", "13"), ("兰", "13"),
        ("zgl", "12"), ("ZGL", "12"), ("ｚｇｌ", "12"), ("gl", "1234"), ("zhou", "12"),
        ("zhouguilan", "1"), ("zhou gui lan", "1"), ("guilia", "2"), ("lv", "3"), ("lü", "3"),
        ("678", "1"), ("5678", "1"), ("12345678", "1"), ("14412345678", "1"), ("1441234", ""),
        ("34", "2"), ("62181234", "2"), ("0371-62181234", "2"), ("0025", "1"),
        ("zgl5", "1"), ("zgl56", "1"), ("zgl1956", "1"), ("zgl6", "2"), ("zgl5678", "1"),
        ("zgl34", "2"), ("周桂61", "2"), ("桂兰56", "13"), ("zgl77", ""),
        ("阿依古丽买", "4"), ("古丽·买", "4"), ("aygl", "4"), ("ouyang", "5"), ("oyxw", "5"),
    ],
)  # fmt: skip
def test_what_was_typed_and_who_is_meant(query: str, who: str) -> None:
    assert found(query, NameIndex(VILLAGE, [ONE, *OTHERS])) == set(who)


def test_what_a_hit_tells() -> None:
    (hit,) = NameIndex(VILLAGE, [ONE]).search("5678").hits
    assert (hit.name, hit.sex, hit.birth_year, hit.unit) == ("周桂兰", "F", 1956, VILLAGE)
    assert (hit.mobile, hit.why, hit.rank) == ("144****5678", "mobile", 2)


def test_the_roster_then_the_own_unit_then_the_others() -> None:
    crowd = [
        Person("1", SISTER, "王爱国"),
        Person("2", VILLAGE, "王保国"),
        Person("3", VILLAGE, "王卫国", recent=True),
        Person("4", SISTER, "王振国"),
    ]
    index = NameIndex(VILLAGE, crowd)
    for query in ("王", "国", "w", "wang"):
        hits = index.search(query, roster=frozenset({"4"})).hits
        assert [(hit.record, hit.rank) for hit in hits] == [("4", 0), ("3", 1), ("2", 2), ("1", 3)]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_than_asked_for_and_it_says_so(limit: int) -> None:
    crowd = [Person(str(n), unit, "王秀英") for n, unit in enumerate((VILLAGE, SISTER, SISTER))]
    answer = NameIndex(VILLAGE, crowd).search("王秀英", limit=limit)
    assert ([hit.record for hit in answer.hits], answer.more) == (
        ["0", "1", "2"][:limit],
        limit < len(crowd),
    )


STEPS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 39), st.sampled_from(["put", "drop", "present"])),
    max_size=40,
)
SHORT = ["王秀英", "曾秀英", "王英", "单国", "王秀瑛", "李", "Anna Li", "王秀英"]


def stand_ins(count: int) -> list[Person]:
    return people([SHORT[n % len(SHORT)] for n in range(count)], seed=3)


@given(
    steps=STEPS, query=st.sampled_from(["王", "英", "秀英", "wxy", "xy", "z", "wangx", "44", "a"])
)
def test_taking_changes_over_is_as_good_as_beginning_anew(
    steps: Iterable[tuple[int, int, str]], query: str
) -> None:
    choices = stand_ins(40)
    held = {f"r{n}": choices[n] for n in range(6)}
    index = NameIndex(VILLAGE, [moved(record, person) for record, person in held.items()])
    for place, choice, what in steps:
        record = f"r{place}"
        if what == "put":
            held[record] = choices[choice]
            index.renew(Renewal(people=(moved(record, choices[choice]),)))
        elif what == "drop":
            held.pop(record, None)
            index.renew(Renewal(gone=frozenset({record})))
        elif record in held:
            held[record] = moved(record, held[record], recent=True)
            index.renew(Renewal(present=frozenset({record})))
    anew = NameIndex(VILLAGE, [moved(record, person) for record, person in held.items()])
    assert len(index) == len(anew)
    for limit in (3, None):
        assert index.search(query, limit=limit) == anew.search(query, limit=limit)
    assert index.namesakes("王秀英") == anew.namesakes("王秀英")


def moved(record: str, person: Person, *, recent: bool | None = None) -> Person:
    """Return a person under another record id."""
    return Person(
        record,
        person.unit,
        person.name,
        person.sex,
        person.birth,
        person.birth_year,
        person.mobile,
        person.id_number,
        person.recent if recent is None else recent,
    )
