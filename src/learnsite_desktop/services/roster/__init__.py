"""Taking tables that people hand in: lists of learners, class rosters, ledgers of activities."""

from learnsite_desktop.services.roster.faults import Fault, Note, Skipped
from learnsite_desktop.services.roster.fields import field_label
from learnsite_desktop.services.roster.headings import Block, Column
from learnsite_desktop.services.roster.results import Decisions, Preview, Row, Taken, Target
from learnsite_desktop.services.roster.returned import marked_path, write_faults
from learnsite_desktop.services.roster.tables import Sheet, Table, open_table
from learnsite_desktop.services.roster.taking import preview, take

__all__ = [
    "Block",
    "Column",
    "Decisions",
    "Fault",
    "Note",
    "Preview",
    "Row",
    "Sheet",
    "Skipped",
    "Table",
    "Taken",
    "Target",
    "field_label",
    "marked_path",
    "open_table",
    "preview",
    "take",
    "write_faults",
]
