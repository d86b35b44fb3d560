"""Where one key leads: the field itself, or the screen of its record."""

import pytest

from learnsite_desktop.ui.desk import Place
from learnsite_desktop.ui.forms.correction import can_correct
from learnsite_desktop.ui.routes import place_of


@pytest.mark.parametrize(
    ("kind", "field", "here"),
    [
        ("session", "start", True),
        ("session", "date", True),
        ("activity", "topics", True),
        ("session", "rows", False),
        ("session", "headcount", False),
        ("session", "activity", False),
        ("session", "*", False),
        ("learner", "name", False),
        ("learner", "mobile", False),
        ("", "start", False),
    ],
)
def test_only_plain_fields_are_corrected_on_the_spot(kind: str, field: str, *, here: bool) -> None:
    assert can_correct(kind, field) is here


def test_the_others_have_their_screen() -> None:
    assert place_of("session", "S") == Place("roll_call", "S")
    assert place_of("learner", "L") == Place("learner", "L")
    assert place_of("site", "P") is None
