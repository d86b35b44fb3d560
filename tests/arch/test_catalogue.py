"""Every text has its translation, and the compiled catalogue is the present one."""

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.arch.source import ROOT


@pytest.fixture
def locales() -> ModuleType:
    """The catalogue tool, loaded from its file."""
    spec = importlib.util.spec_from_file_location("locales", ROOT / "scripts" / "locales.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_complete_and_compiled(locales: ModuleType) -> None:
    assert locales.problems() == []


def test_gaps_are_found(locales: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"a text nobody translated": "x.py", "%(name)s is missing.": "y.py"}
    monkeypatch.setattr(locales, "marked_texts", lambda: texts)
    catalogue = locales.read_catalogue()
    catalogue.get("%(name)s is missing.").string = "缺少 %(nome)s。"
    monkeypatch.setattr(locales, "read_catalogue", lambda: catalogue)
    found = "\n".join(locales.problems())
    assert "no Chinese translation: 'a text nobody translated' (x.py)" in found
    assert "other places in the translation" in found
    assert "out of date" in found
    assert "used by nothing (make locales): 'attendances'" in found
