"""The command line as scripts rely on it: every command answers with the keys it promises."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.cli.commands import COMMANDS
from tests.desks import (
    COUNTY,
    SAMPLE,
    TOWNSHIP,
    VILLAGE,
    Desk,
    Line,
    changed,
    document,
    learner,
    small_class,
)

Answers = dict[str, Any]

CAPTURED = "created updated same deleted ids issues operations change"
CHANGED = "change operations issues"
DEVICES = {"devices": "id unit inc fingerprint state scopes"}
BATCHES = {"batches": "batch bundle_id from at state operations"}
RECEIVED = {
    "bundles": "file bundle_id batch kind from outcome new same fast_forward conflict duplicate "
    "quarantined waiting operations_new operations_held error"
}
ISSUE = "code severity kind ref record field message remedy reason_given"

PROMISED: dict[str, tuple[str, dict[str, str]]] = {
    "init": ("unit tier database_id fingerprint", {}),
    "opening": ("again", {"files": "unit path check"}),
    "open": ("unit tier database_id fingerprint", {}),
    "devices": ("", DEVICES),
    "certify": ("", DEVICES),
    "revoke": ("", DEVICES),
    "capture": (CAPTURED, {}),
    "capture refused": (CAPTURED + " error", {"issues": ISSUE}),
    "capture --stream": ("", {"lines": "n change"}),
    "list": ("records total", {}),
    "show": ("record heads", {}),
    "show --history": ("record heads", {"history": "op at operator unit set"}),
    "edit": (CHANGED, {}),
    "delete": (CHANGED, {}),
    "undo": (CHANGED, {}),
    "units": ("", {"units": "code name tier parent valid_from valid_to"}),
    "units --tree": ("", {"units": "code name tier parent valid_from valid_to"}),
    "submit": ("red submitted", {}),
    "submit refused": ("red submitted", {"red": ISSUE}),
    "completeness": ("", {"units": "unit state received_at"}),
    "pack": ("path bundle_id operations bytes nothing_new to_devices", {}),
    "pack peer": ("path bundle_id operations bytes nothing_new to_devices", {}),
    "inspect": ("kind from to counts periods min_reader", {}),
    "receive": ("", RECEIVED),
    "receive --dry-run": ("", RECEIVED),
    "receive --dry-run --records": (
        "",
        {"bundles": RECEIVED["bundles"] + " records left"},
    ),
    "receive refused": ("", RECEIVED),
    "batches": ("", BATCHES),
    "rollback": ("", BATCHES),
    "reapply": ("", BATCHES),
    "quarantine": ("items", {}),
    "waiting": ("", {"items": "op record missing"}),
    "outbox": ("", {"items": "bundle_id path to receipted"}),
    "forks": ("items", {}),
    "conflicts": ("", {"conflicts": "record kind field base values shown"}),
    "resolve": ("change", {}),
    "duplicates": ("total", {"candidates": "a b score rule evidence"}),
    "distinct": ("change", {}),
    "link": ("change", {}),
    "unlink": ("change", {}),
    "return": ("return_id", {}),
    "returns": ("", {"returns": "id record field reason text state closed_by"}),
    "review": ("total", {"items": "record state author flags"}),
    "approve": ("change", {}),
    "reject": ("change", {}),
    "lock": ("period state", {}),
    "lock --show": ("period state", {}),
    "unlock": ("period state", {}),
    "receipt": ("path number outcomes", {}),
    "receipts": ("", {"receipts": "number by covers outcomes"}),
    "standing": ("unit head_code unreceipted", {"above": "unit held total number at expired"}),
    "outcome": ("record", {"outcomes": "unit tier state code number at"}),
    "indicators": (
        "",
        {
            "values": "id unit period cell numerator denominator value unit_of_measure basis named "
            "headcount missing rule_version"
        },
    ),
    "drill": ("total", {"records": "kind id unit date label sheet_row contribution"}),
    "report": ("path cells", {}),
    "sheet": ("sheet_code version", {"rows": "row learner"}),
    "sheet --code": ("sheet_code version", {"rows": "row learner"}),
    "policy": ("policy", {}),
    "learner list": (
        "",
        {"learners": "id name sex birth birth_precision mobile id_number groups linked_to"},
    ),
    "learner check": ("result normalised issues", {}),
    "learner import refused": ("created updated same", {"faults": "sheet row column code"}),
    "state": ("hash operations records conflicts_open forks withdrawn waiting", {}),
    "check": ("problems projection_equal sqlite cipher free_bytes", {}),
    "backup": ("path", {}),
    "restore": ("unit", {}),
}


def _enter(line: Line, found: Answers) -> None:
    """Enter, look and change at the village."""
    village = line.village
    found["capture"] = village("capture", SAMPLE)
    found["capture refused"] = village.capture(changed(small_class(), "learners", 0, sex="Q"),
                                               code=1)  # fmt: skip
    lines = [document(learners=[learner(f"z{n}", f"学员{n}")]) for n in range(2)]
    raw = b"".join(json.dumps(entry).encode("utf-8") + b"\n" for entry in lines)
    found["capture --stream"] = village("capture", "--stream", stdin=raw)
    found["list"] = village(
        "list", "session", "--query", "held", "--unit", VILLAGE, "--period", "2026-03",
        "--limit", "2", "--offset", "1",
    )  # fmt: skip
    found["edit"] = village("edit", "session:s4", "notes=换教室", "--why", "漏水")
    found["show"] = village("show", "session:s4")
    found["show --history"] = village("show", "session:s4", "--history")
    found["delete"] = village("delete", "session:s8", "--why", "取消计划")
    found["undo"] = village("undo")
    found["learner list"] = village("learner", "list", "--query", "张")
    found["learner check"] = village("learner", "check", "mobile", "14400000101")
    roster = village.folder.parent / "roster.csv"
    roster.write_text("姓名,性别\n张三、李四,男\n", encoding="utf-8")
    found["learner import refused"] = village("learner", "import", roster, "--dry-run", code=1)
    found["submit"] = village("submit", "--period", "2026-03")
    found["submit refused"] = village("submit", "--period", "2026-05", code=1)
    found["indicators"] = village("indicators", "--period", "2026-03", "--unit", VILLAGE)
    found["drill"] = village("drill", "S01", "--period", "2026-03", "--unit", VILLAGE)
    found["sheet"] = village("sheet", "session:s1", "--out", line.place / "sheet.pdf")
    found["sheet --code"] = village("sheet", "--code", found["sheet"]["sheet_code"])
    found["report"] = village("report", "indicators", "--period", "2026-03", "--out",
                              line.place / "figures.xlsx")  # fmt: skip


def _exchange(line: Line, found: Answers) -> None:
    """Send up, judge, send down."""
    village, township = line.village, line.township
    found["pack"] = village("pack", "--to", TOWNSHIP, "--out", line.stick / "up")
    path = found["pack"]["path"]
    found["inspect"] = township("inspect", path)
    found["receive --dry-run"] = township("receive", "--dry-run", path)
    found["receive --dry-run --records"] = township("receive", "--dry-run", "--records", path)
    found["receive"] = township("receive", path)
    spoilt = line.stick / "spoilt.lsb"
    spoilt.write_bytes(Path(path).read_bytes()[:-9])
    found["receive refused"] = township("receive", spoilt, code=1)
    found["batches"] = township("batches")
    number = str(found["batches"]["batches"][-1]["batch"])
    session = township("list", "session")["records"][0]["id"]
    township("edit", session, "notes=核对", "--why", "电话")
    found["rollback"] = township("rollback", number)
    found["waiting"] = township("waiting")
    found["reapply"] = township("reapply", number)
    found["return"] = township("return", session, "start", "--reason", "R01", "--text", "请核对")
    found["returns"] = township("returns")
    found["receipt"] = township("receipt", "--to", VILLAGE, "--out", line.stick / "down")
    village("edit", session, "notes=村里")
    village.receive(Path(found["receipt"]["path"]))
    found["conflicts"] = village("conflicts")
    found["resolve"] = village("resolve", session, "notes", "--value", '"一致"')
    found["outbox"] = village("outbox")
    found["receipts"] = village("receipts")
    found["standing"] = village("standing")
    found["outcome"] = village("outcome", session)
    a, b = (row["id"] for row in township("learner", "list")["learners"][:2])
    found["link"] = township("link", a, b)
    found["unlink"] = township("unlink", a, b)
    found["distinct"] = township("distinct", a, b)
    found["duplicates"] = township("duplicates", "--state", "settled")
    found["completeness"] = township("completeness", "--period", "2026-03")
    found["review"] = township("review")
    found["approve"] = township("approve", a)
    found["reject"] = township("reject", b, "--why", "重复")
    found["lock"] = township("lock", "2026-03", "--force", "--why", "期限已到")
    found["lock --show"] = township("lock", "2026-03", "--show")
    found["unlock"] = township("unlock", "2026-03", "--why", "补报")
    for name in ("quarantine", "forks", "devices", "units", "policy", "state"):
        found[name] = township(name)
    found["units --tree"] = township("units", "--tree")
    found["check"] = township("check", "--deep")


def _open(line: Line, found: Answers) -> None:
    """Found, open, certify, back up."""
    county = Desk(line.place / "other-county", COUNTY)
    found["init"] = county("init", "--tier", "county", "--unit", COUNTY)
    found["opening"] = line.township("opening", VILLAGE, "--out", line.stick / "o")
    for name in ("pc1", "pc2"):
        desk = Desk(line.place / name, VILLAGE)
        found["open"] = desk("open", found["opening"]["files"][0]["path"])
        line.township.receive(desk.pack(TOWNSHIP, line.stick / name))
    found["certify"] = line.township("certify", found["open"]["fingerprint"])
    found["revoke"] = line.township("revoke", found["open"]["fingerprint"])
    line.carry(line.township, line.village)
    found["pack peer"] = line.village("pack", "--to", VILLAGE, "--out", line.stick / "peer")
    found["backup"] = line.village("backup", line.place / "safe")
    restored = Desk(line.place / "restored", VILLAGE)
    found["restore"] = restored("restore", found["backup"]["path"])


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Answers:
    """The answer of every command, each given once in a small story."""
    del qapp  # sheets are drawn
    place = tmp_path_factory.mktemp("contract")
    line = Line(place)
    line.found()
    line.enrol()
    shutil.rmtree(line.stick)
    found: Answers = {}
    for part in (_enter, _exchange, _open):
        part(line, found)
    return found


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_promised_keys(answers: Answers, name: str) -> None:
    keys, lists = PROMISED[name]
    answer = answers[name]
    assert answer["ok"] is (not name.endswith("refused"))
    assert set(keys.split()) <= set(answer)
    for key, members in lists.items():
        assert answer[key], f"{key} is empty"
        for item in answer[key]:
            assert set(members.split()) <= set(item), key


def test_every_command_is_promised_or_known_to_be_more() -> None:
    promised = {name.split()[0] for name in PROMISED}
    assert set(COMMANDS) - promised <= {
        "trend", "compare", "excluded", "targets",
        "board", "chase", "contact", "digest", "relay", "supplements",
        "answer", "batch-edit", "compare-files", "questions",
        "datapackage", "dhis2", "report-set", "reports", "statutory", "tables", "written",
        "diagnostics", "documents", "notice", "notices", "publish", "proposals", "regions",
        "conflict", "copy", "corrections", "demo", "drives", "duplicates", "export", "handover",
        "inbox", "ledger", "move", "object", "photo", "recover", "recovery-code", "register",
        "repeat", "reverse", "send", "series", "today", "trial",
        "checklists", "clauses", "evidence-folder", "findings", "inspections", "mend", "recheck",
        "supervise",
        "updates",
        "worklist",
        "introduction", "openings", "population",
    }  # fmt: skip
    assert promised <= set(COMMANDS)


def test_members_of_nested_lists(answers: Answers) -> None:
    (conflict,) = answers["conflicts"]["conflicts"]
    for value in conflict["values"]:
        assert set(value) >= {"value", "op", "unit", "operator", "at"}
    assert set(answers["capture"]["created"]) == {
        "operator", "site", "population", "staff", "venue", "learner", "activity", "enrolment",
        "session", "submission",
    }  # fmt: skip
    assert answers["capture"]["ids"]["learner"]["l1"]
    assert answers["receive refused"]["bundles"][0]["outcome"] == "refused"
    assert set(answers["receive refused"]["bundles"][0]["error"]) >= {
        "code", "message", "remedy", "where",
    }  # fmt: skip
    assert {row["outcome"] for row in answers["receive"]["bundles"]} == {"received"}
    assert answers["completeness"]["units"][0]["state"] in ("on_time", "late", "zero", "silent")
    assert answers["submit"]["submitted"] is True
    assert answers["submit refused"]["submitted"] is False
    assert set(answers["policy"]["policy"]) >= {"id_numbers", "minutes_per_hour"}


def test_periods_are_understood_everywhere(answers: Answers, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "v", VILLAGE)
    desk("init", "--tier", "village", "--unit", VILLAGE)
    for period in ("2026-03", "2026-Q1", "2026-H1", "2026", "2025-2026"):
        for words in (
            ["list", "session", "--period", period],
            ["indicators", "--period", period],
            ["drill", "S01", "--period", period],
            ["completeness", "--period", period],
        ):
            assert desk(*words)["ok"] is True, words
    for period in ("2026-3", "2026-Q5", "March", "2026-2025"):
        assert desk("list", "session", "--period", period, code=1)["error"]["code"] == (
            "period_invalid"
        )


def test_a_refusal_and_wrong_usage(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "nowhere", VILLAGE)
    error = desk("state", code=1)["error"]
    assert set(error) == {"code", "message", "remedy", "where"}
    assert all(error[key] for key in ("code", "message", "remedy", "where"))
    for words in (["dance"], ["list"], ["submit"], ["list", "session", "--limit", "-1"]):
        assert desk(*words, code=2)["error"]["code"] == "usage"
