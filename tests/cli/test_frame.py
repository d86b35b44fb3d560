"""The frame of the command line: one JSON object, exit codes, refusals, languages."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from learnsite_desktop import __version__
from learnsite_desktop.cli import commands, frame
from learnsite_desktop.cli.invocation import Invocation, Result
from learnsite_desktop.cli.main import run
from learnsite_desktop.domain.refusals import REFUSALS, Cancelled, Refusal
from learnsite_desktop.platform import i18n
from learnsite_desktop.platform.lock import LockBusy

SAMPLE = "tests_sample_commands"
LAZY = """
import sys, learnsite_desktop.cli.main
heavy = {"openpyxl", "pypinyin", "PySide6", "sqlite_utils", "cryptography"}
print(sorted(heavy & set(sys.modules)))
"""


def _now(inv: Invocation) -> Result:
    return {"at": inv.clock.now(), "operator": inv.operator, "folder": inv.folder, "ok": True}


def _refuse(inv: Invocation) -> Result:
    raise Refusal("workspace_missing", where=str(inv.folder))


def _found_problems(_inv: Invocation) -> Result:
    return {"problems": [{"code": "x"}], "ok": False}


def _bug(_inv: Invocation) -> Result:
    raise ZeroDivisionError("王小明 410199195503120017")


def _busy(inv: Invocation) -> Result:
    raise LockBusy(inv.folder)


def _cancel(_inv: Invocation) -> Result:
    raise Cancelled


def _open_missing(inv: Invocation) -> Result:
    return {"text": (inv.folder / "nowhere.json").read_text(encoding="utf-8")}


def _bad_value(_inv: Invocation) -> Result:
    return {"value": object()}


def _echo(inv: Invocation) -> Result:
    return {"text": inv.stdin.read().decode("utf-8"), "language": inv.language}


def _stream(inv: Invocation) -> Result:
    for number, _line in enumerate(inv.stdin, start=1):
        inv.emit({"n": number})
    return None


def _nested(_inv: Invocation) -> Result:
    code, answer = run(["--lang", "en", "--now", "2020-01-01T00:00:00Z", "refuse"])
    return {"code": code, "inner": answer["error"]["message"], "language": i18n.language()}


def _with_options(_inv: Invocation, *, name: str, shape: str, deep: bool) -> Result:
    return {"name": name, "shape": shape, "deep": deep}


PLAIN: Mapping[str, Callable[..., Result]] = {
    "now": _now,
    "refuse": _refuse,
    "problems": _found_problems,
    "bug": _bug,
    "busy": _busy,
    "cancel": _cancel,
    "gone": _open_missing,
    "odd": _bad_value,
    "echo": _echo,
    "stream": _stream,
    "nested": _nested,
}


@pytest.fixture(autouse=True)
def _sample_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put sample commands in place of the real ones."""
    module = ModuleType(SAMPLE)
    for name, function in PLAIN.items():
        setattr(module, name, frame.command(name, "Show this page.")(function))
    options = click.argument("name")(
        click.option("--shape", type=click.Choice(["round", "square"]), default="round")(
            click.option("--deep", is_flag=True, help="Folder of the workspace.")(_with_options)
        )
    )
    family = frame.section("family", "Show the version.")
    family.command("member", help="Show this page.")(options)
    module.family = family  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, SAMPLE, module)
    places = {name: f"{SAMPLE}:{name}" for name in [*PLAIN, "family"]}
    monkeypatch.setattr(frame, "COMMANDS", places)


def _shell(*args: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "learnsite_desktop", *args],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **variables},
        timeout=60,
    )


def test_every_registered_command_can_be_loaded() -> None:
    for name, place in commands.COMMANDS.items():
        module, _colon, attribute = place.partition(":")
        __import__(module)
        found = getattr(sys.modules[module], attribute)
        assert isinstance(found, click.Command), name
        assert found.help, f"{name} has no help"


def test_ok_comes_first(tmp_path: Path) -> None:
    code, answer = run(["--data", str(tmp_path), "now"])
    assert code == 0
    assert next(iter(answer.items())) == ("ok", True)


@pytest.mark.parametrize("placed", ["before", "after", "between"])
def test_global_options_may_stand_before_or_after_the_command(placed: str, tmp_path: Path) -> None:
    options = ["--now", "2026-04-05T08:30:00+08:00", "--operator", "abc", "--data", str(tmp_path)]
    words = {
        "before": [*options, "now"],
        "after": ["now", *options],
        "between": [*options[:2], "now", *options[2:]],
    }[placed]
    code, answer = run(words)
    assert (code, answer["at"]) == (0, "2026-04-05T08:30:00+08:00")
    assert (answer["operator"], answer["folder"]) == ("abc", str(tmp_path))


def test_the_default_folder_comes_from_the_environment(tmp_path: Path) -> None:
    assert run(["now"])[1]["folder"] == str(tmp_path / "default-workspace")


def test_a_moment_without_offset_is_local() -> None:
    at = run(["--now", "2026-04-05T08:30:00", "now"])[1]["at"]
    assert at.startswith("2026-04-05T08:30:00")
    assert len(at) > len("2026-04-05T08:30:00")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_refusal_has_code_message_remedy_and_place(language: str, tmp_path: Path) -> None:
    code, answer = run(["--data", str(tmp_path), "--lang", language, "refuse"])
    error = answer["error"]
    assert (code, answer["ok"], error["code"]) == (1, False, "workspace_missing")
    assert error["where"] == str(tmp_path)
    assert str(tmp_path) in error["message"]
    assert error["message"].isascii() is (language == "en")
    assert error["remedy"].isascii() is (language == "en")
    assert list(answer) == ["ok", "error"]
    assert list(error) == ["code", "message", "remedy", "where"]


def test_problems_found_are_exit_code_one() -> None:
    code, answer = run(["problems"])
    assert (code, answer) == (1, {"ok": False, "problems": [{"code": "x"}]})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["family", "member"], "NAME"),
        (["family", "member", "a", "--shape", "oval"], "--shape"),
        (["family", "member", "a", "--colour"], "--colour"),
        (["family", "member", "a", "b"], "b"),
        (["family", "member", "a", "--shape"], "--shape"),
        (["family"], "命令"),
        (["family", "uncle"], "uncle"),
        (["unheard-of"], "unheard-of"),
        (["--now", "yesterday", "now"], "yesterday"),
        (["--lang", "fr", "now"], "--lang"),
    ],
)
def test_wrong_usage_is_exit_code_two_and_still_an_object(words: list[str], told: str) -> None:
    code, answer = run(words)
    assert (code, answer["ok"], answer["error"]["code"]) == (2, False, "usage")
    assert told in answer["error"]["message"]
    assert not answer["error"]["message"].isascii()
    assert answer["error"]["remedy"]


def test_sections_hand_arguments_over() -> None:
    code, answer = run(["family", "--json", "member", "甲", "--deep"])
    assert (code, answer) == (0, {"ok": True, "name": "甲", "shape": "round", "deep": True})


def test_the_computers_own_refusals_are_refusals(tmp_path: Path) -> None:
    found = {word: run(["--data", str(tmp_path), word])[1] for word in ("busy", "cancel", "gone")}
    codes = {word: answer["error"]["code"] for word, answer in found.items()}
    assert codes == {"busy": "workspace_busy", "cancel": "cancelled", "gone": "file_missing"}
    assert found["gone"]["error"]["where"].endswith("nowhere.json")


@pytest.mark.parametrize("word", ["bug", "odd"])
def test_a_mistake_of_ours_is_exit_code_seventy(word: str) -> None:
    code, answer = run([word])
    assert (code, answer["error"]["code"]) == (70, "internal_error")


def test_a_mistake_of_ours_is_logged_without_the_values_in_it(tmp_path: Path) -> None:
    run(["--data", str(tmp_path), "bug"])
    text = (tmp_path / "logs" / "learnsite.jsonl").read_text(encoding="utf-8")
    line = json.loads(text)
    assert (line["level"], line["error"]["type"]) == ("error", "ZeroDivisionError")
    assert any("_bug" in place for place in line["error"]["frames"])
    assert "王小明" not in text
    assert "410199" not in text


def test_a_quiet_command_creates_nothing(tmp_path: Path) -> None:
    run(["--data", str(tmp_path), "refuse"])
    run(["--data", str(tmp_path / "nowhere"), "bug"])
    assert list(tmp_path.iterdir()) == []


def test_stdin_and_stream() -> None:
    assert run(["echo"], "学点".encode())[1]["text"] == "学点"
    assert run(["stream"], b"a\nb\n") == (0, {"ok": True, "lines": [{"n": 1}, {"n": 2}]})


def test_running_inside_a_run_restores_language() -> None:
    code, answer = run(["nested"])
    assert (code, answer["code"], answer["language"]) == (0, 1, "zh")
    assert answer["inner"].isascii()
    i18n.use("en")
    run(["now"])
    assert i18n.language() == "en"


def test_the_real_streams_are_not_touched(capfd: pytest.CaptureFixture[str]) -> None:
    for words in (["now"], ["bug"], ["--help"], ["refuse"], ["unheard-of"], ["family"]):
        run(words)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("language", "word"), [("zh", "选项"), ("en", "Options")])
def test_help_speaks_the_language(language: str, word: str) -> None:
    code, answer = run(["family", "member", "--help", "--lang", language])
    assert (code, answer["ok"]) == (0, True)
    assert f"{word}:" in answer["help"]
    assert "learnsite family member" in answer["help"]
    assert ("工作区" in answer["help"]) is (language == "zh")
    assert "--operator" not in answer["help"]
    assert "--operator" in run(["--help", "--lang", language])[1]["help"]


def test_no_words_at_all_show_the_help() -> None:
    code, answer = run([])
    assert (code, "--data" in answer["help"]) == (0, True)


def test_version() -> None:
    assert run(["--version"]) == (0, {"ok": True, "version": __version__})


def test_shell_gives_one_utf8_object_whatever_the_locale() -> None:
    done = _shell("--json", "unheard-of", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    answer: dict[str, Any] = json.loads(done.stdout.decode("utf-8"))
    assert "没有命令" in answer["error"]["message"]


def test_shell_without_json_tells_errors_on_stderr() -> None:
    done = _shell("unheard-of", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"There is no command unheard-of." in done.stderr


def test_shell_survives_a_reader_that_leaves() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "learnsite_desktop", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        errors = started.stderr.read()
    assert (started.returncode, errors) == (0, b"")


def test_start_up_is_lazy() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            LAZY,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_every_refusal_can_be_shown_in_both_languages() -> None:
    for text in REFUSALS.values():
        for language in i18n.LANGUAGES:
            i18n.use(language)
            shown = i18n.render(text.message, Refusal(text.code, where="X").params)
            assert shown
            assert i18n.render(text.remedy, {})
            assert shown.isascii() or language == "zh" or "“" in shown


def test_an_unknown_refusal_code_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        Refusal("no_such_code")
