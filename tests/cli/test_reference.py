"""The reference document is the one that the code renders."""

from pathlib import Path

import pytest

from learnsite_desktop.cli.reference import PLACE, main, render_reference
from learnsite_desktop.domain.issues import ISSUES
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import REFUSALS
from learnsite_desktop.domain.verbs import verbs_of


def test_reference_is_up_to_date() -> None:
    written = PLACE.read_text(encoding="utf-8")
    assert written == render_reference(), "run: python -m learnsite_desktop.cli.reference --write"


def test_reference_names_every_code_and_kind() -> None:
    text = render_reference()
    for code in (*ISSUES, *REFUSALS, *(f"{kind}\n" for kind in KINDS)):
        assert code in text


def test_reference_names_every_operation_kind_and_register() -> None:
    text = render_reference()
    for kind in KINDS.values():
        for register in kind.registers:
            assert f"| `{register.key}` |" in text
        for family in kind.maps:
            assert f"| `{family.prefix}…` |" in text
        if not kind.document:
            for verb in verbs_of(kind.name):
                assert f"`{kind.name}.{verb}`" in text


def test_write_renews_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "docs" / "reference.md"
    monkeypatch.setattr("learnsite_desktop.cli.reference.PLACE", place)
    assert main(["--write"]) == 0
    assert place.read_bytes() == render_reference().encode("utf-8")
