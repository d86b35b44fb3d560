"""The documentation names what exists, and every command stands in it with its true answer."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from learnsite_desktop.cli.commands import COMMANDS
from learnsite_desktop.cli.frame import Root, Section
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.services.indicators import registry
from tests.arch.source import PACKAGE, ROOT
from tests.docs.pages import page, pages
from tests.pictures import photo_file
from tests.support import CommandLine, Folders

COUNTY, TOWNSHIP, VILLAGE = "410122000000", "410122101000", "410122101205"
SAMPLE = ROOT / "tests" / "golden" / "sample_capture.json"
NOW = "2026-04-02T10:00:00+08:00"
TOPS = "src|tests|docs|resources|scripts|packaging|bench|forms"
_PATH = re.compile(rf"`((?:{TOPS})/[^`\s]*|[\w./-]+\.(?:md|toml|txt|py))`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
_ROW = re.compile(r"^\| `(.+)` \| (.+?) \| `(.+)` \|$", re.MULTILINE)
_KEY = re.compile(r"\w+\??|[\[\]]")
_PLACES = re.compile(r"(?<![\w.`])(?:/(?:home|root|tmp|work|Users|mnt)/|[A-Z]:\\)")

Shape = dict[str, "Shape"]


def names(text: str) -> list[str]:
    """Return the paths that a page names in code or as a link."""
    return [*_PATH.findall(text), *_LINK.findall(text)]


def stands_somewhere(name: str, beside: Path) -> bool:
    """Return whether a path exists, seen from the checkout, the package or the page."""
    return any((place / name).exists() for place in (ROOT, PACKAGE, beside))


@pytest.mark.parametrize("path", list(pages()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Names with a word in capitals stand for files that somebody is going to make.
    named = [name for name in names(text) if not re.search(r"\b[A-Z]{2,}\.(sql|py)$", name)]
    missing = [name for name in named if not stands_somewhere(name, path.parent)]
    assert not missing, missing


@pytest.mark.parametrize("path", list(pages()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_place_of_one_computer_is_named(path: Path) -> None:
    assert not _PLACES.search(path.read_text(encoding="utf-8"))


def test_the_paths_of_a_page_are_found() -> None:
    text = (
        "`src/a.py` and `tests/b/` and [c](../c.md#d) and `Makefile` and `make test` and `x.toml`"
    )
    assert names(text) == ["src/a.py", "tests/b/", "x.toml", "../c.md"]


def test_every_package_has_its_place_in_the_picture() -> None:
    text = page("docs/architecture.md")
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there == set(re.findall(r"^\| `src/learnsite_desktop/(\w+)/` \|", text, re.MULTILINE))


def test_every_table_stands_in_the_list() -> None:
    migration = (PACKAGE / "store" / "migrations" / "m0001_log.py").read_text(encoding="utf-8")
    tables = set(re.findall(r"CREATE TABLE (\w+)", migration))
    assert tables
    assert tables <= set(re.findall(r"`(\w+)`", page("docs/architecture.md")))


def test_every_decision_is_listed_and_complete() -> None:
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{3}-[\w-]+\.md)\)", page("docs/decisions/README.md")) == files
    assert [name[:3] for name in files] == [f"{n:03}" for n in range(1, len(files) + 1)]
    for name in files:
        text = page(f"docs/decisions/{name}")
        assert text.startswith(f"# {name[:3]} ")
        for part in ("Context", "Decision", "Consequences", "Alternatives"):
            assert f"\n**{part}.** " in text, (name, part)


def test_every_kind_of_record_has_its_word() -> None:
    words = set(re.findall(r"^\| \*?([a-z -]+)\*?", page("docs/glossary.md"), re.MULTILINE))
    words |= {"unit"}
    assert set(KINDS) <= {word.strip() for word in words}


def test_every_indicator_is_worked_by_hand() -> None:
    rows = re.findall(r"^\| ([A-Z]\d\d) ", page("docs/sample-figures.md"), re.MULTILINE)
    assert sorted(set(rows)) == sorted(registry())


def test_the_worked_figures_are_those_tested() -> None:
    rows = re.findall(
        r"^\| ([A-Z]\d\d) [^|]*\| [^|]*\| (\d+) \| (\d+|–) \|",
        page("docs/sample-figures.md"),
        re.MULTILINE,
    )
    golden = json.loads(page("tests/golden/sample_figures.json"))["figures"]
    worked = {
        name: {"numerator": int(a), "denominator": None if b == "–" else int(b)}
        for name, a, b in rows
    }
    assert worked == golden


# -- commands --------------------------------------------------------------------------------------


SECTIONS = ("learner", "ledger", "photo", "population", "proposals", "regions", "register")


@cache
def documented() -> dict[str, tuple[str, str, str]]:
    """Return the rows of the tables of commands: name → (usage, about, keys)."""
    found = {}
    for usage, about, keys in _ROW.findall(page("docs/commands.md")):
        plain = usage.replace("\\|", "|")
        section = plain.split()[0] in SECTIONS
        found[" ".join(plain.split()[: 2 if section else 1])] = (plain, about, keys)
    return found


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its name, those of sections with both words."""
    root = Root()
    context = root.make_context("learnsite", ["x"], resilient_parsing=True)
    for name in COMMANDS:
        found = root.get_command(context, name)
        assert found is not None
        if isinstance(found, Section):
            yield from ((f"{name} {word}", one) for word, one in found.commands.items())
        else:
            yield name, found


def usage_of(name: str, command: click.Command) -> str:
    """Return a command's words, arguments and options as the tables write them."""
    context = click.Context(command, info_name=name)
    words: list[str] = []
    options: list[tuple[bool, str]] = []
    for one in command.params:
        if isinstance(one, click.Argument):
            word = one.make_metavar(context)
            words.append(word if one.required or word.startswith("[") else f"[{word}]")
        elif isinstance(one, click.Option) and not one.hidden:
            option = one.opts[0] if one.is_flag else f"{one.opts[0]} {_metavar(one, context)}"
            option += " …" if one.multiple else ""
            options.append((not one.required, option if one.required else f"[{option}]"))
    options.sort(key=lambda option: option[0])
    return " ".join([name, *words, *(option for _optional, option in options)])


def _metavar(option: click.Option, context: click.Context) -> str:
    number = isinstance(option.type, click.IntRange) or option.type is click.INT
    return "N" if number else option.make_metavar(context).strip("[]")


def test_every_command_is_listed_and_exists() -> None:
    assert set(documented()) == {name for name, _command in commands()}


def test_usage_and_words_are_the_commands_own() -> None:
    wrong = []
    for name, command in commands():
        about = f"{render(command.help or '', {})} {command.help}"
        if documented()[name][:2] != (usage_of(name, command), about):
            usage = usage_of(name, command).replace("|", "\\|")
            wrong.append(f"| `{usage}` | {about} | …")
    assert not wrong, "\n".join(wrong)


def shape_of(keys: str) -> Shape:
    """Return the keys of a table cell as nested names."""
    stack: list[Shape] = [{}]
    last = ""
    for word in _KEY.findall(keys):
        if word == "[":
            stack.append(stack[-1][last])
        elif word == "]":
            stack.pop()
        else:
            last = word
            stack[-1][word] = {}
    return stack[0]


def differences(shape: Shape, answer: object, place: str) -> Iterator[str]:
    """Yield where an answer's keys are not those listed; lists are judged by their first item.

    A key with a question mark may be missing. Records have fields of their own besides.
    """
    value = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(value, dict):
        return
    more = set(value) - set(shape) if place not in ("records", "record") else set()
    fewer = {key for key in set(shape) - set(value) if not key.endswith("?")}
    for key in sorted(fewer | {key for key in more if f"{key}?" not in shape}):
        yield f"{place}.{key}"
    for key, below in shape.items():
        name = key.removesuffix("?")
        if below and name in value:
            yield from differences(below, value[name], name)


class Story:
    """A short story in which most commands have something to say; keeps every answer."""

    def __init__(self, cli: CommandLine, folders: Folders) -> None:
        self._cli = cli
        self.folders = folders
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def do(self, place: str, *words: str | Path) -> dict[str, Any]:
        """Run a command at the village, township or county, and keep its answer."""
        folder = getattr(self.folders, place, self.folders.stick.parent / place)
        answer = self._cli(folder, *words, now=NOW)
        name = " ".join(map(str, words[: 2 if words[0] in SECTIONS else 1]))
        self.answers.setdefault(name, []).append(answer)
        return answer

    def send(self, place: str, to: str, code: str, command: str = "pack") -> None:
        """Carry a bundle from one place to another."""
        packed = self.do(place, command, "--to", code, "--out", self.folders.stick)
        self.do(to, "inspect", packed["path"])
        self.do(to, "receive", packed["path"])

    def begin(self) -> None:
        """Open three units and carry the sample up to the county and a receipt down."""
        stick = self.folders.stick
        self.do("county", "init", "--tier", "county", "--unit", COUNTY)
        (file,) = self.do("county", "opening", TOWNSHIP, "--out", stick)["files"]
        self.do("township", "open", file["path"])
        (file,) = self.do("township", "opening", VILLAGE, "--out", stick)["files"]
        self.do("village", "open", file["path"])
        self.do("village", "capture", SAMPLE)
        self.do("village", "delete", "session:s8", "--why", "误录")
        self.do("village", "undo")
        self.do("village", "series", "activity:a1", "--count", "2")
        self.do("village", "undo")
        self.do("village", "copy", "activity:a1")
        self.do("village", "undo")
        self.send("village", "township", TOWNSHIP)
        self.send("township", "county", COUNTY)
        self.send("township", "village", VILLAGE, "receipt")

    def review(self) -> None:
        """Return a field, disagree about it, settle it, take a batch out and in again."""
        session = self.do("village", "show", "session:s1")["record"]["id"]
        learners = self.do("township", "list", "learner")["records"]
        pair = [one["id"] for one in learners[:2]]
        self.do("township", "return", session, "venue", "--reason", "R99", "--text", "核对场地")
        self.do("township", "edit", session, "notes=甲", "--why", "核对")
        self.do("village", "edit", "session:s1", "notes=乙")
        self.send("village", "township", TOWNSHIP)
        (conflict,) = self.do("township", "conflicts")["conflicts"]
        keep = conflict["values"][0]["op"]
        self.do("township", "conflict", session, conflict["field"])
        self.do("township", "resolve", session, conflict["field"], "--keep", keep)
        self.do("township", "link", *pair)
        self.do("township", "unlink", *pair)
        self.do("township", "distinct", *pair)
        self.do("township", "duplicates", "--state", "settled", "--apply")
        self.do("township", "show", session, "--history")
        last = self.do("township", "batches")["batches"][-1]["batch"]
        self.do("township", "rollback", str(last), "--dry-run")
        self.do("township", "rollback", str(last))
        for name in ("waiting", "quarantine", "outbox", "forks", "returns", "receipts", "devices"):
            self.do("township", name)
        self.do("village", "standing")
        self.do("village", "outcome", "session:s1")
        self.do("township", "reapply", str(last))
        (device,) = self.do("township", "devices", "--unit", VILLAGE)["devices"]
        self.do("township", "certify", device["id"])

    def ask(self) -> None:
        """Be in two places at a time, explain it; compare a file; correct in a batch."""
        made = {
            "v": 1, "source": "elsewhere",
            "sites": [{"ref": "p9", "name": "文化广场", "kinds": ["v_point"],
                       "opened": "2019-05-01"}],
            "activities": [{"ref": "a9", "title": "灯谜会", "site": "p9", "kind": "04",
                            "edu_kinds": ["60"], "topics": ["0501"], "delivery": "10"}],
            "sessions": [{"ref": "s9", "activity": "a9", "date": "2026-02-24", "start": "09:00",
                          "end": "10:30", "status": "held"}],
        }  # fmt: skip
        learner = self.do("village", "show", "session:s1")["record"]["rows"][0]["learner"]
        made["rollcalls"] = [{"session": "s9", "rows": [{"learner": learner, "status": "P"}]}]
        file = self.folders.stick / "elsewhere.json"
        file.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        self.do("village", "capture", file)
        (question, *_more) = self.do("village", "questions")["questions"]
        self.do("village", "answer", question["id"], "--text", "先去看了灯谜")
        self.do("village", "questions")
        packed = self.do("village", "pack", "--to", TOWNSHIP, "--out", self.folders.stick)
        self.do("township", "compare-files", packed["path"])
        self.do("township", "receive", packed["path"])
        book = self.folders.stick / "register.xlsx"
        self.do("township", "register", "issue", VILLAGE, "--out", book)
        self.do("township", "register", "read", book)
        self.do("township", "batch-edit", "session", "notes=已核对", "--unit", VILLAGE,
                "--where", "status=held", "--why", "统一核对")  # fmt: skip
        self.do("township", "undo")

    def correct(self) -> None:
        """Correct a field from above, and object to it."""
        session = self.do("village", "show", "session:s1")["record"]["id"]
        self.do("township", "edit", session, "seq=9", "--why", "核对")
        self.send("township", "village", VILLAGE)
        self.do("village", "corrections", "--seen")
        self.do("village", "object", session, "seq", "--why", "当时是第一次")
        self.do("village", "export", "mark", "--out", self.folders.stick / "marks.csv")

    def close(self) -> None:
        """Review records and lock a month; correct it afterwards."""
        session = self.do("village", "show", "session:s2")["record"]["id"]
        (site,) = self.do("township", "list", "site")["records"][:1]
        self.do("township", "review")
        self.do("township", "worklist")
        self.do("township", "approve", site["id"])
        self.do("township", "reject", site["id"], "--why", "重复")
        self.do("township", "undo")
        self.do("township", "approve", "--period", "2026-03")
        self.do("township", "lock", "2026-03", "--force", "--why", "期限已到")
        self.do("township", "edit", session, "notes=未举办", "--why", "未举办")
        self.do("township", "lock", "2026-03", "--show")
        self.do("township", "supplements")
        self.do("township", "reverse", session, "--period", "2026-05", "--why", "未举办")
        self.do("township", "undo")
        self.do("township", "unlock", "2026-03", "--why", "改正")

    def issue(self) -> None:
        """Issue a document, change the region tree in every way, send both down."""
        notice = self.folders.stick / "notices.csv"
        notice.write_text("title,text,from,to\n通知,请报送,2026-04-01,2026-05-01\n", "utf-8")
        self.do("county", "publish", "notices", notice, "--expires", "2026-12-31")
        self.do("county", "notices")
        self.do("county", "updates")
        self.do("county", "publish", "notices", notice, "--dry-run")
        self.do("county", "notice", "停电", "--text", "明天停电", "--to", "2026-12-01")
        on = ("--on", "2026-04-02")
        new = [f"4101221019{number}" for number in range(90, 96)]
        kind = ("--kind", "village_committee")
        self.do("county", "regions", "add", f"{new[0]}=甲村", "--parent", TOWNSHIP, *kind, *on)
        self.do("county", "regions", "rename", new[0], "乙村")
        self.do("county", "regions", "split", new[0], "--into", f"{new[1]}=东", "--into",
                f"{new[2]}=西", *on)  # fmt: skip
        self.do("county", "regions", "merge", new[1], new[2], "--into", f"{new[3]}=合村", *on)
        self.do("county", "regions", "convert", new[3], "--into", f"{new[4]}=合社区", *on)
        self.do("county", "regions", "move", new[4], "--parent", "410122102000", *on)
        self.do("county", "regions", "close", new[4], *on)
        self.do("county", "regions", "undo")
        self.do("county", "regions", "join")
        self.do("county", "documents")
        self.do("county", "documents", "show", "notices")
        self.send("county", "township", TOWNSHIP, "receipt")
        self.propose()

    def propose(self) -> None:
        """A township asks for two changes of the tree; one is made, one refused."""
        on = ("--on", "2026-04-02")
        for name in ("新名一村", "新名二村"):
            self.do("township", "proposals", "make", "rename", VILLAGE, "--name", name, *on)
        self.send("township", "county", COUNTY)
        first, second = self.do("county", "proposals", "list")["proposals"]
        self.do("county", "proposals", "take", first["id"])
        self.do("county", "proposals", "refuse", second["id"], "--why", "没有批文")

    def count(self) -> None:
        """Enter the population, copy it, take it from a table; see who has opened."""
        numbers = ("--total", "900", "--over60", "200", "--source", "年报")
        self.do("township", "population", "set", VILLAGE, "--year", "2025", *numbers)
        self.do("township", "population", "copy", "--year", "2026", "--source", "沿用上年")
        self.do("township", "population", "list", "--year", "2026")
        table = self.folders.stick / "population.csv"
        table.write_text(f"区划代码,村,总人口,60岁以上\n{VILLAGE},村,950,210\n", "utf-8")
        self.do("township", "population", "import", table, "--year", "2024", "--source", "年报")
        self.do("township", "openings")
        self.do("county", "introduction", "--unit", TOWNSHIP, "--out", self.folders.stick)

    def supervise(self) -> None:
        """Visit the village, look at its answer, gather the evidence of a clause."""
        for name in ("checklists", "clauses"):
            self.do("township", name)
        visit = ("--round", "春季督导", "--checklist", "village", "--text", "3=没有计划")
        self.do("township", "supervise", VILLAGE, "1=met", "3=unmet:2", *visit)
        self.do("township", "inspections")
        self.send("township", "village", VILLAGE, "receipt")
        finding = self.do("village", "findings")["findings"][0]["id"]
        self.do("village", "mend", finding, "--text", "已补")
        self.do("township", "recheck", finding, "--failed", "--text", "仍缺日期")
        out = self.folders.stick / "evidence"
        self.do("township", "evidence-folder", "B-E", "--period", "2026-03", "--out", out)

    def end(self) -> None:
        """Ask for everything else."""
        stick = self.folders.stick
        self.do("village", "submit", "--period", "2026-04", "--zero", "放假")
        for words in (("units",), ("state",), ("check", "--deep"), ("policy",)):
            self.do("village", *words)
        self.do("village", "repeat", "session:s1", "--days", "365")
        self.do("village", "today", "--day", "2026-03-12")
        self.do("village", "learner", "check", "mobile", "14400000000")
        self.do("village", "learner", "list", "--reveal", "--why", "核对")
        self.do("village", "learner", "reveals")
        self.do("village", "learner", "search", "z")
        self.do("village", "learner", "card", "learner:l1", "--reveal", "--why", "核对")
        self.do("village", "learner", "consent", "learner:l1", "--kind", "photo", "--by", "self")
        self.do("village", "learner", "extract", "learner:l1", "--out", stick / "extract.pdf")
        self.do("village", "learner", "leave", "learner:l1")
        self.do("village", "trial", self.folders.stick.parent / "trial")
        roster, ledger = stick / "roster.csv", stick / "ledger.csv"
        roster.write_text("姓名,性别,年龄\n钱有福,男,70\n合计,1\n", encoding="utf-8")
        ledger.write_text("活动名称,日期,人数\n元宵灯会,2026-03-03,80\n", encoding="utf-8")
        self.do("village", "learner", "import", roster, "--faults", stick / "faults.xlsx")
        self.do("village", "ledger", "import", ledger, "--site", "site:p1")
        period = ("--period", "2026-03")
        self.do("county", "completeness", *period)
        self.do("county", "board", *period)
        self.do("county", "chase", "--period", "2025-12", "--unit", VILLAGE)
        self.do("county", "digest", *period, "--out", stick / "digest.pdf")
        self.do("county", "relay")
        self.do("county", "relay", "--unit", TOWNSHIP, "--out", stick)
        (site,) = self.do("village", "list", "site")["records"][:1]
        self.do("village", "contact", site["in_unit"], "--head", "王芳", "--phone", "62100000")
        self.do("county", "indicators", *period, "--unit", VILLAGE)
        self.do("county", "drill", "S01", *period, "--unit", VILLAGE)
        self.do("county", "trend", "S01", *period, "--unit", VILLAGE)
        self.do("county", "compare", "S01", *period, "--unit", VILLAGE)
        self.do("county", "excluded", "S01", *period, "--unit", VILLAGE)
        self.do("county", "targets", "--out", stick / "targets.csv")
        self.do("county", "publish", "targets", stick / "targets.csv")
        self.do("county", "targets")
        self.do("county", "report", "indicators", *period, "--out", stick / "figures.xlsx")
        self.print_officially(stick, period)
        sheet = self.do("village", "sheet", "session:s1", "--out", stick / "sheet.pdf")
        self.do("village", "sheet", "--code", sheet["sheet_code"])
        self.do("village", "report", "ledger", *period, "--out", stick / "ledger.xlsx")
        photo = photo_file(stick / "photo.jpg")
        self.do("village", "photo", "add", photo, "--to", "session:s1")
        self.do("village", "photo", "list", "session:s1")
        self.carry()
        self.issue()
        self.keep()

    def print_officially(self, stick: Path, period: tuple[str, str]) -> None:
        """Write official reports, ask where a number came from, register a table."""
        self.do("county", "reports", "community", *period)
        self.do("county", "report", "community", *period, "--out", stick / "community.xlsx")
        done = self.do("county", "report-set", "mof", *period, "--out", stick)
        self.do("county", "statutory", "phone=037160000000", "--report", "community")
        self.do("county", "written", done["files"][0]["key"])
        asked = stick / "asked.csv"
        asked.write_text("姓名,学习意愿\n", encoding="utf-8")
        self.do("county", "tables", "add", asked, "--department", "mca")
        self.do("county", "tables", "show", "asked")
        self.do("county", "datapackage", *period, "--out", stick / "package")
        self.do("county", "dhis2", *period, "--out", stick / "values.json")

    def carry(self) -> None:
        """Ask for originals, and hand files over in every way there is."""
        stick = self.folders.stick
        self.send("village", "township", TOWNSHIP)
        session = self.do("village", "show", "session:s1")["record"]["id"]
        self.do("township", "photo", "request", session)
        self.do("township", "photo", "requests")
        self.do("village", "handover", "--out", stick)
        self.do("village", "diagnostics", "--out", stick / "diagnostics.zip")
        sent = self.do("village", "send", "--to", TOWNSHIP, "--folder", stick)
        self.do("township", "inbox", Path(sent["copy"]).parent)
        self.do("township", "receive", "--from", stick, "--dry-run", "--records")
        self.do("township", "receive", "--from", stick)
        self.do("township", "relay", "--out", stick)
        self.do("township", "drives")
        self.do("village", "pack", "--to", TOWNSHIP, "--out", stick, "--qr", stick / "pictures")

    def keep(self) -> None:
        """Back up, move, and lose what can be lost."""
        stick = self.folders.stick
        self.do("village", "backup", "--auto")
        saved = self.do("village", "backup", stick)
        self.do("village-again", "restore", saved["path"])
        self.do("village", "restore", saved["path"], "--look")
        self.do("village", "move", "--out", stick)
        self.do("village", "move", "--stay")
        (device, *_more) = self.do("township", "devices", "--unit", VILLAGE)["devices"]
        self.do("township", "revoke", device["id"], "--out", stick)
        code = self.do("county", "recovery-code", "--why", "演练")["code"]
        self.do("county", "recovery-code", "--why", "演练", "--out", stick / "code.pdf")
        self.do("county-again", "recover", "--unit", COUNTY, "--code", code, "--out", stick)


@pytest.mark.usefixtures("qapp")
def test_answers_have_the_keys_listed(cli: CommandLine, folders: Folders) -> None:
    story = Story(cli, folders)
    story.begin()
    story.review()
    story.ask()
    story.correct()
    story.close()
    story.count()
    story.supervise()
    story.end()
    assert set(documented()) - set(story.answers) == {"demo"}
    wrong = [
        f"{name}: {place}"
        for name, answers in story.answers.items()
        for answer in answers
        for place in differences({"ok": {}, **shape_of(documented()[name][2])}, answer, "answer")
    ]
    assert not wrong, sorted(set(wrong))


def test_an_opening_file_is_as_described(cli: CommandLine, folders: Folders) -> None:
    chapter = page("docs/bundle-format.md").split("## 11. Opening files")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", chapter, re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"\w+", row)}
    cli(folders.county, "init", "--tier", "county", "--unit", COUNTY, now=NOW)
    (file,) = cli(folders.county, "opening", TOWNSHIP, "--out", folders.stick, now=NOW)["files"]
    assert set(json.loads(Path(file["path"]).read_bytes())) == described | {"sig"}


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"a": 1, "b": [{"c": 1, "d": {"e": 2}}]}, []),
        ({"a": 1, "b": []}, []),
        ({"a": 1, "b": [{"c": 1, "d": {}}]}, ["d.e"]),
        ({"a": 1, "b": [], "f": 1}, []),
        ({"b": [], "x": 1}, ["answer.a", "answer.x"]),
    ],
)
def test_keys_are_compared_in_depth(answer: dict[str, Any], wrong: list[str]) -> None:
    assert list(differences(shape_of("a b[c d[e]] f?"), answer, "answer")) == wrong


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_every_target_named_is_one_of_make() -> None:
    told = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    targets = set(re.findall(r"^ +make (\w+)", told.stdout, re.MULTILINE))
    named = {
        target
        for path in pages()
        for target in re.findall(r"(?:`|^|\$ )make ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= targets
