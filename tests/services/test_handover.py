"""The hand-over page: whoever comes new sees what is open."""

from pathlib import Path

import pytest

from learnsite_desktop.domain.printout import Heading, Paragraph, Printable, Printout, Table
from learnsite_desktop.services import drafts
from learnsite_desktop.services.handover import handover, handover_page
from tests.desks import Desk, Line, changed, small_class


def texts(page: Printout) -> str:
    """Return everything that stands on a page."""
    found = [page.title, page.footer, *(part for fact in page.facts for part in fact)]
    for block in page.blocks:
        match block:
            case Heading(text) | Paragraph(text):
                found.append(text)
            case Table(head, rows, _widths):
                found += [*head, *(cell for row in rows for cell in row)]
    return "\n".join(found)


def open_business(line: Line) -> Desk:
    """A village with a return, a draft, a planned session, a month due and two operators."""
    village, township = line.village, line.township
    content = small_class()
    planned = {**content["sessions"][0], "ref": "s2", "date": "2026-04-07", "status": "planned"}
    content["sessions"].append(planned)
    content["operators"] = [{"ref": "o1", "name": "马会计"}, {"ref": "o2", "name": "牛主任"}]
    village.capture(content)
    line.carry(village, township)
    session = township("list", "session", "--query", "2026-03-03")["records"][0]["id"]
    township("return", session, "start", "--reason", "R01", "--text", "起止时间与照片不符")
    line.carry(township, village)
    with village.open() as workspace:
        drafts.commit_field(workspace, "activity", None, "title", "还没写完的班")
    village("edit", "session:s2", "notes=未报")
    village.pack(township.unit, line.place / "out")
    return village


def test_the_page_lists_what_is_open(enrolled: Line, tmp_path: Path) -> None:
    desk = open_business(enrolled)
    pages: list[Printable] = []

    def printer(*printables: Printable) -> bytes:
        pages.extend(printables)
        return b"%PDF"

    with desk.open(write=False) as workspace:
        found = handover(workspace, tmp_path / "out", printer)
        again = handover(workspace, tmp_path / "out", printer)
        assert handover_page(workspace) == pages[0]
    assert found.path.read_bytes() == b"%PDF"
    assert found.path != again.path
    assert found.counts == {
        "returns": 1, "drafts": 1, "months": 1, "red": 0, "missing": 0, "coming": 1,
        "outbox": 1, "operators": 2,
    }  # fmt: skip
    (page, _second) = pages
    assert isinstance(page, Printout)
    shown = texts(page)
    for text in (
        "起止时间与照片不符",
        "2026-03",
        "2026-04-07 09:00",
        "马会计",
        "牛主任",
        desk.unit,
    ):
        assert text in shown
    assert str(desk.folder) in shown
    assert "周桂兰" not in shown


def test_many_entries_are_counted(village: Desk, tmp_path: Path) -> None:
    content = small_class(rollcalls=[])
    first = content["sessions"][0]
    content["sessions"] = [
        {**first, "ref": f"s{number}", "start": f"{number // 6:02}:{number % 6}0",
         "end": f"{number // 6:02}:{number % 6}9", "status": "planned", "date": "2026-04-06"}
        for number in range(50)
    ]  # fmt: skip
    village.capture(content, "--keep-good", code=1)
    with village.open(write=False) as workspace:
        page = handover_page(workspace)
    assert all(len(block.rows) <= 40 for block in page.blocks if isinstance(block, Table))


@pytest.mark.usefixtures("qapp")
def test_the_command_writes_a_pdf(village: Desk, tmp_path: Path) -> None:
    village.capture(changed(small_class(), "sessions", 0, notes="照常"))
    answer = village("handover", "--out", tmp_path / "out")
    assert Path(answer["path"]).read_bytes().startswith(b"%PDF-")
    assert answer["counts"]["months"] == 1
