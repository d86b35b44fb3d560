"""Languages and program files."""

from pathlib import Path

import pytest

from learnsite_desktop.platform import i18n, paths, resources


def test_use_returns_the_former_language() -> None:
    assert i18n.use("en") == "zh"
    assert i18n._("Done.") == "Done."
    assert i18n.use("zh") == "en"
    assert i18n._("Done.") == "完成。"


def test_an_unknown_language_is_refused_and_changes_nothing() -> None:
    with pytest.raises(KeyError):
        i18n.use("fr")
    assert i18n.language() == "zh"


def test_without_translation_the_english_text_is_shown() -> None:
    assert i18n._("a text nobody translated") == "a text nobody translated"
    assert i18n._("") == ""


def test_render_fills_places_and_survives_missing_ones() -> None:
    i18n.use("en")
    assert i18n.render("%(a)s of %(b)s, 100%%", {"a": "中牟"}) == "中牟 of ?, 100%"


def test_a_missing_catalogue_falls_back_to_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "resource_root", lambda: tmp_path)
    i18n._catalogue.cache_clear()
    try:
        assert i18n._("Done.") == "Done."
    finally:
        i18n._catalogue.cache_clear()


def test_resources_come_from_the_checkout_first() -> None:
    assert resources.resource("locale").is_dir()
    with pytest.raises(FileNotFoundError, match="no/such"):
        resources.resource("no", "such")


def test_an_installed_package_has_its_own_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lib" / "learnsite_desktop"
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.resource_root() == package / "_resources"


def test_default_folder(tmp_path: Path) -> None:
    assert paths.default_folder({"LEARNSITE_DATA": str(tmp_path)}) == tmp_path
    assert paths.default_folder({}).name == "learnsite"
    assert paths.default_folder({"LEARNSITE_DATA": ""}).is_absolute()
