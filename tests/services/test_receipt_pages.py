"""What the page of a receipt says."""

import json
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.domain.printout import Heading, Paragraph, Printable, Printout, Table
from learnsite_desktop.platform import i18n
from learnsite_desktop.services import packing, receipt_pages
from tests.desks import NOW, SAMPLE, TOWNSHIP, VILLAGE, Desk, Line, small_class


def page_of(desk: Desk, to_unit: str, out: Path) -> Printout:
    with desk.open() as workspace:
        packed = packing.pack(workspace, to_unit, out)
        return receipt_pages.receipt_page(workspace, packed, to_unit)


def under(printout: Printout, heading: str) -> list[Any]:
    """Return the blocks between a heading and the next one."""
    blocks = list(printout.blocks)
    start = blocks.index(Heading(heading)) + 1
    ends = [i for i, block in enumerate(blocks) if i >= start and isinstance(block, Heading)]
    return blocks[start : ends[0] if ends else None]


def table(printout: Printout, heading: str) -> tuple[tuple[str, ...], ...]:
    (found,) = (block for block in under(printout, heading) if isinstance(block, Table))
    assert all(len(row) == len(found.head) == len(found.widths) for row in found.rows)
    assert sum(found.widths) == 100
    return found.rows


@pytest.fixture
def sent(enrolled: Line) -> Line:
    """The village's first class has come to the township."""
    enrolled.village.capture(small_class())
    enrolled.carry(enrolled.village, enrolled.township)
    return enrolled


def test_all_taken_in(sent: Line, tmp_path: Path) -> None:
    page = page_of(sent.township, VILLAGE, tmp_path)
    (given,) = (
        row for row in sent.township("receipts")["receipts"]
        if row["given"] and row["unit"] == VILLAGE and row["covers"]
    )  # fmt: skip
    assert page.title == "回执"
    assert dict(page.facts) == {
        "编号": f"第 {given['number']} 号",
        "出具单位": "韩寺镇 410122101000",
        "收执单位": "荣庄村委会 410122101205",
        "日期": "2026-04-02 10:00",
        "核对码": sent.village("state")["head_code"],
    }
    assert page.at == NOW
    held = {(str(n), head[-12:]) for cover in given["covers"] for n, head in cover["heads"]}
    assert {row[2:] for row in table(page, "已收到的内容")} == held
    records = sent.township("state", "--unit", VILLAGE)["records"]
    assert table(page, "记录的处理结果") == (("已收下", str(records)),)
    assert Heading("未直接收下的记录") not in page.blocks
    done, receive = under(page, "下一步")
    assert done == Paragraph("送来的内容已全部收下，无须重新报送。")
    (bundle,) = tmp_path.glob("*.lsb")
    assert bundle.name in receive.text
    assert page.code == f"LSR:{TOWNSHIP}:{VILLAGE}:{given['number']}:{page.caption}"
    assert len(page.caption) == 12


def test_what_was_taken_back_is_listed_with_masked_names(sent: Line, tmp_path: Path) -> None:
    sent.village.capture(json.loads(SAMPLE.read_text(encoding="utf-8")))
    batch = sent.carry(sent.village, sent.township)["batch"]
    sent.township("rollback", str(batch))
    outcomes = sent.township("receipt", "--to", VILLAGE, "--out", tmp_path)["outcomes"]
    page = page_of(sent.township, VILLAGE, tmp_path)
    listed = table(page, "未直接收下的记录")
    assert len(listed) == len(outcomes)
    assert {
        ("学员", "王*英", "已撤回"),
        ("经办人", "张*燕", "已撤回"),
        ("报名", "老年书法班 · 张*兰", "已撤回"),
        ("场次", "老年书法班 · 2026-03-17", "已撤回"),
        ("报送", f"{VILLAGE} · 2026-03", "已撤回"),
    } <= set(listed)
    records = sent.township("state", "--unit", VILLAGE)["records"]
    assert table(page, "记录的处理结果") == (
        ("已收下", str(records)), ("已撤回", str(len(outcomes))),
    )  # fmt: skip
    assert "张桂兰" not in repr(page)
    steps = under(page, "下一步")
    assert "出具单位收下后又撤回了该文件" in steps[0].text
    assert len(steps) == 2


def test_a_long_list_is_cut_and_counted(
    sent: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = max(row["batch"] for row in sent.township("batches")["batches"])
    sent.township("rollback", str(newest))
    whole = len(table(page_of(sent.township, VILLAGE, tmp_path), "未直接收下的记录"))
    monkeypatch.setattr(receipt_pages, "LISTED", 4)
    page = page_of(sent.township, VILLAGE, tmp_path)
    assert len(table(page, "未直接收下的记录")) == 4
    assert under(page, "未直接收下的记录")[-1] == Paragraph(f"另有 {whole - 4} 条未在此列出。")


def test_a_relay_holds_the_chains_of_all_its_units(sent: Line, tmp_path: Path) -> None:
    sent.carry(sent.township, sent.county)
    page = page_of(sent.county, TOWNSHIP, tmp_path)
    assert {row[0] for row in table(page, "已收到的内容")} >= {"荣庄村委会 410122101205"}


def test_an_empty_receipt_in_english(enrolled: Line, tmp_path: Path) -> None:
    i18n.use("en")
    page = page_of(enrolled.township, VILLAGE, tmp_path)
    assert page.title == "Receipt"
    assert under(page, "What is held") == [Paragraph("Nothing yet.")]


def test_the_page_lies_beside_the_bundle(sent: Line, tmp_path: Path) -> None:
    def printer(*printables: Printable) -> bytes:
        return printables[0].title.encode("utf-8")

    with sent.township.open() as workspace:
        packed = packing.pack(workspace, VILLAGE, tmp_path / "out")
        path = receipt_pages.print_receipt(workspace, packed, VILLAGE, printer)
    assert path == packed.written.path.with_suffix(".pdf")
    assert path.read_text(encoding="utf-8") == "回执"
    assert {item.suffix for item in path.parent.iterdir()} == {".lsb", ".pdf"}
