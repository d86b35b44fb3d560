"""Register books 登记簿: workbooks for villages whose computers cannot run this program."""

from learnsite_desktop.services.register_book.bases import ANSWERS, FILE, KEPT
from learnsite_desktop.services.register_book.identity import Header, is_book, read_identity
from learnsite_desktop.services.register_book.issuing import Issued, brief, issue
from learnsite_desktop.services.register_book.reading import TARGET, preview, take

__all__ = [
    "ANSWERS",
    "FILE",
    "KEPT",
    "TARGET",
    "Header",
    "Issued",
    "brief",
    "is_book",
    "issue",
    "preview",
    "read_identity",
    "take",
]
