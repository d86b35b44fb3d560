"""Filling a register book as a village clerk does: by headings and names, with openpyxl alone.

Nothing of the product is used here, so that counting what a book says is an oracle of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook


class Filled:
    """A book on somebody's table; `save` puts it down."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)

    def save(self, path: Path | None = None) -> Path:
        """Save it, under another name if given."""
        self.book.save(path or self.path)
        return path or self.path

    # Learners and activities

    def columns(self, sheet: str) -> dict[str, int]:
        """Return the columns by heading."""
        return {
            str(cell.value): cell.column
            for cell in self.book[sheet][4]
            if cell.value not in (None, "")
        }

    def rows(self, sheet: str, key: str) -> Iterator[tuple[int, str]]:
        """Yield (row, what stands under `key`) of the rows of a list."""
        column = self.columns(sheet)[key]
        for row in range(5, self.book[sheet].max_row + 1):
            yield row, str(self.book[sheet].cell(row, column).value or "")

    def row_of(self, sheet: str, key: str, text: str) -> int:
        """Return the row with a text under a heading."""
        return next(row for row, found in self.rows(sheet, key) if found == text)

    def blank(self, sheet: str, key: str) -> int:
        """Return the first row in which nothing is written yet."""
        return next(row for row, found in self.rows(sheet, key) if not found)

    def write(self, sheet: str, row: int, **values: Any) -> int:
        """Write values under headings; returns the row."""
        columns = self.columns(sheet)
        for heading, value in values.items():
            self.book[sheet].cell(row, columns[heading]).value = value
        return row

    def learner(self, name: str, **values: Any) -> int:
        """Write a new learner into the first blank row."""
        row = self.blank("学员", "姓名")
        return self.write("学员", row, **{"姓名": name, "性别": "女", **values})

    def correct(self, name: str, **values: Any) -> int:
        """Correct the learner of a name."""
        return self.write("学员", self.row_of("学员", "姓名", name), **values)

    def activity(self, title: str, **values: Any) -> int:
        """Write a new activity into the first blank row."""
        usual = {"活动类别": "讲座", "教育类型": "社区教育", "学习内容": "健康养生",
                 "教学方式": "面授"}  # fmt: skip
        row = self.blank("活动", "活动名称")
        return self.write("活动", row, **{"活动名称": title, **usual, **values})

    # Roll calls

    def grid(self, title: str) -> Any:
        """Return the roll call sheet of a class; a blank one gets its title."""
        sheets = [sheet for sheet in self.book if sheet.title.startswith("到课")]
        for sheet in sheets:
            if sheet["C2"].value == title:
                return sheet
        blank = next(sheet for sheet in sheets if not sheet["C2"].value)
        blank["C2"] = title
        return blank

    def session(self, title: str, day: str, start: str = "09:00", end: str = "10:30") -> int:
        """Return the column of a class's session on a day, a new one if there is none."""
        sheet = self.grid(title)
        for column in range(4, sheet.max_column + 1):
            if sheet.cell(4, column).value == day:
                return column
        column = next(c for c in range(4, sheet.max_column + 1) if not sheet.cell(4, c).value)
        for row, value in ((4, day), (5, start), (6, end)):
            sheet.cell(row, column).value = value
        return column

    def mark(self, title: str, name: str, day: str, word: str | None) -> str:
        """Mark somebody in a session of a class; returns the cell's address."""
        sheet, column = self.grid(title), self.session(title, day)
        rows = {str(sheet.cell(row, 3).value or ""): row for row in range(sheet.max_row, 8, -1)}
        row = rows.get(name) or next(
            row for row in range(9, sheet.max_row + 1) if not sheet.cell(row, 3).value
        )
        sheet.cell(row, 3).value = name
        sheet.cell(row, column).value = word
        return f"{sheet.title}!{sheet.cell(row, column).coordinate}"

    # What the book says, counted by hand

    def named(self) -> list[str]:
        """Return the names in the list of learners."""
        return [text for _row, text in self.rows("学员", "姓名") if text]

    def titles(self) -> list[str]:
        """Return the titles of activities."""
        return [text for _row, text in self.rows("活动", "活动名称") if text]

    def dated(self) -> int:
        """Return how many sessions the book has: columns of roll calls, and single activities."""
        single = sum(bool(text) for _row, text in self.rows("活动", "单次活动日期"))
        return single + sum(
            bool(sheet.cell(4, column).value)
            for sheet in self.book
            if sheet.title.startswith("到课")
            for column in range(4, sheet.max_column + 1)
        )

    def marked(self) -> int:
        """Return how many marks stand in all roll calls."""
        return sum(
            bool(sheet.cell(row, column).value)
            for sheet in self.book
            if sheet.title.startswith("到课")
            for row in range(9, sheet.max_row + 1)
            for column in range(4, sheet.max_column + 1)
        )
