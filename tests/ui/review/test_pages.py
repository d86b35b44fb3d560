"""What stands beside the list, without a window."""

from learnsite_desktop.services.records import require_record
from learnsite_desktop.services.work_queue import work_queue
from learnsite_desktop.ui.screens.review.cards import returnable
from learnsite_desktop.ui.screens.review.details import page_of
from learnsite_desktop.ui.screens.review.pages import Block, Page, as_html, line
from tests.desks import Desk, Line
from tests.ui.review.conftest import NAMES, alike, disagree, sessions

DAY = "2026-03-03"


def page(desk: Desk, group: str) -> Page:
    """Return the page of the first item of a group."""
    with desk.open(write=False) as workspace:
        item = work_queue(workspace).of(group)[0]
        found = page_of(workspace, item, None, "")
    assert found is not None
    return found


def words(found: Page) -> str:
    """Return all that a page says."""
    cells = [cell.text for one in found.blocks for row in one.lines for cell in row]
    return "\n".join([found.title, found.about, *cells])


def test_a_conflict_has_three_sides(line: Line) -> None:
    (session,) = disagree(line, DAY)
    found = page(line.township, "conflict")
    head, values, authors, *_rest = found.blocks[0].lines
    assert [cell.text for cell in head][1:] == ["原值", "1", "2"]
    assert values[1].text == "–"
    assert {values[2].text, values[3].text} == {"村里写的", "镇里写的"}
    assert values[2 + found.shown].text == "村里写的"
    assert len({cell.text for cell in authors[2:]}) == 2
    assert "核对" in words(found)
    assert found.item.record == session
    deeds = {key.keys: key.deed for key in found.keys}
    assert (deeds["Enter"], deeds["W"]) == ("take", "own")


def test_a_deletion_says_what_it_takes_along(line: Line) -> None:
    session = sessions(line.township)[DAY]
    activity = line.township("show", session)["record"]["activity"]
    line.township("edit", activity, "title=书法班（镇）", "--why", "核对")
    line.village("delete", activity, "--why", "误录")
    line.carry(line.village, line.township)
    found = page(line.township, "conflict")
    told = words(found)
    assert "书法班（镇）" in told
    assert "误录" in told
    (taken,) = [one for one in found.blocks if "注销" in one.heading]
    assert {tuple(cell.text for cell in row) for row in taken.lines} >= {("场次", "4")}


def test_a_pair_is_compared_field_by_field_and_numbers_stay_masked(line: Line) -> None:
    alike(line, 1)
    for desk in (line.village, line.sister):
        (person,) = desk("list", "learner", "--query", NAMES[0])["records"][-1:]
        desk("edit", person["id"], "mobile=13912345678")
        line.carry(desk, line.township)
    found = page(line.township, "duplicate")
    marks = {row[0].text: row[-1] for row in found.blocks[0].lines}
    assert marks["姓名"].tone == "ok"
    assert marks["户籍所在单位"].tone == "error"
    assert marks["手机"].tone == "ok"
    assert "13912345678" not in words(found)
    assert found.masked
    assert NAMES[0] in words(found)


def test_a_record_tells_who_wrote_what_and_why(line: Line) -> None:
    session = sessions(line.township)[DAY]
    line.township("edit", session, "notes=补", "--why", "电话核实")
    found = page(line.township, "open")
    assert found.item.record == session
    told = words(found)
    assert "电话核实" in told
    assert "更正 备注" in told
    assert "录入" in told
    assert session not in told
    deeds = [key.keys for key in found.keys]
    assert deeds == ["A", "R", "X", "E", "O", "Space"]


def test_what_was_decided_meanwhile_has_no_page(line: Line) -> None:
    disagree(line, DAY)
    alike(line, 1)
    with line.township.open(write=False) as workspace:
        items = {item.group: item for item in work_queue(workspace).items}
    (conflict,) = line.township("conflicts")["conflicts"]
    keep = conflict["values"][0]["op"]
    line.township("resolve", conflict["record"], conflict["field"], "--keep", keep)
    line.township("link", items["duplicate"].record, items["duplicate"].other)
    with line.township.open(write=False) as workspace:
        for group in ("conflict", "duplicate"):
            assert page_of(workspace, items[group], None, "") is None
        assert require_record(workspace, items["conflict"].record).kind == "session"


def test_a_text_of_somebody_else_is_no_markup() -> None:
    item_page = Page(
        item=None,  # type: ignore[arg-type]
        title="<b>x</b>",
        about="a & b",
        blocks=(Block("", (line("<img src='file:///etc/passwd'>"),)),),
        keys=(),
    )
    html = as_html(item_page, 0, lambda _tone: "#000000", "#ffffff", "#cccccc")
    assert "<img" not in html
    assert "&lt;b&gt;x" in html


def test_every_field_can_be_sent_back_by_its_name() -> None:
    assert returnable("session")[:2] == ["*", "rows"]
    assert "headcount" in returnable("session")
    assert "birth_year" not in returnable("learner")
