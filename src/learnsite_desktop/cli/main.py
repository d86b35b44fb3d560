"""Runs the command line, from a shell or inside this process."""

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from learnsite_desktop.cli import failures
from learnsite_desktop.cli.frame import Root, Shown
from learnsite_desktop.cli.invocation import Settings, Window, Worded
from learnsite_desktop.cli.output import as_answer, json_bytes, text_bytes
from learnsite_desktop.cli.progress import StreamProgress
from learnsite_desktop.cli.text import render_answer, render_error
from learnsite_desktop.domain.progress import Progress, silent
from learnsite_desktop.platform import i18n

PROGRAM = "learnsite"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    `answer` is the JSON object, None after a stream of lines alone; `shown` a help or version text;
    `error` what was raised.
    """

    exit_code: int
    answer: dict[str, Any] | None
    json: bool
    shown: str = ""
    error: BaseException | None = field(default=None, compare=False)


def _asked_language(args: Sequence[str]) -> str:
    """Return the language named anywhere in `args`, so that even a usage error speaks it."""
    for index, word in enumerate(args):
        given = ""
        if word == "--lang" and index + 1 < len(args):
            given = args[index + 1]
        elif word.startswith("--lang="):
            given = word.partition("=")[2]
        if given in i18n.LANGUAGES:
            return given
    return i18n.DEFAULT_LANGUAGE


def _execute(
    args: Sequence[str],
    stdin: BinaryIO,
    emit: Callable[[Mapping[str, Any]], None],
    progress: Progress,
    window: Window | None = None,
) -> Outcome:
    """Run one command in the language in use, turning every end into an Outcome."""
    before_dashes = args[: args.index("--")] if "--" in args else args
    settings = Settings(stdin=stdin, emit=emit, progress=progress, json="--json" in before_dashes)
    try:
        root = Root(window)
        words = list(args) if window is not None else list(args) or ["--help"]
        with root.make_context(PROGRAM, words, obj=settings) as context:
            result = root.invoke(context)
        answer = None if result is None else as_answer(result)
        if answer is not None:
            json_bytes(answer)
    except Shown as shown:
        return Outcome(
            failures.DONE, {"ok": True, shown.key: shown.text}, settings.json, shown=shown.text
        )
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost frame
        failure = failures.failure_of(error)
        return Outcome(failure.exit_code, failure.answer(), settings.json, error=error)
    refused = answer is not None and not answer["ok"]
    return Outcome(
        failures.REFUSED if refused else failures.DONE,
        answer,
        settings.json,
        shown=result.text if isinstance(result, Worded) else "",
    )


def run(args: Sequence[str], stdin: bytes | None = None) -> tuple[int, dict[str, Any]]:
    """Run a command inside this process; return its exit code and its JSON object.

    The object has been through JSON, as a script would see it; `--json` is understood. A streaming
    command's lines stand under `lines`. The real streams are not touched, language and clock are as
    before afterwards; a run may be started from within another.
    """
    lines: list[dict[str, Any]] = []
    former = i18n.use(_asked_language(args))
    try:
        outcome = _execute(
            args,
            io.BytesIO(stdin or b""),
            lambda line: lines.append(json.loads(json_bytes(line))),
            silent,
        )
    finally:
        i18n.use(former)
    answer = {"ok": True} if outcome.answer is None else outcome.answer
    seen: dict[str, Any] = json.loads(json_bytes(answer))
    if lines:
        seen["lines"] = lines
    return outcome.exit_code, seen


def _print_outcome(outcome: Outcome, write: Callable[[bytes], None]) -> None:
    if outcome.exit_code == failures.OUR_BUG and outcome.error is not None:
        sys.stderr.write("".join(traceback.format_exception(outcome.error)))
    if outcome.answer is None:
        return
    if outcome.json:
        write(json_bytes(outcome.answer))
    elif outcome.shown:
        write(text_bytes(outcome.shown))
    else:
        answer = dict(outcome.answer)
        error = None if answer["ok"] else answer.pop("error", None)
        # A refused capture or file also says which entries it was about.
        if error is None or set(answer) != {"ok"}:
            write(text_bytes(render_answer(answer)))
        if error is not None:
            sys.stderr.write(render_error(error) + "\n")


def _run_shell(args: Sequence[str], window: Window | None) -> int:
    """Run a command on the real streams and return its exit code."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    out = sys.stdout.buffer

    def write(line: bytes) -> None:
        out.write(line)
        out.flush()

    progress = StreamProgress(sys.stderr)
    i18n.use(_asked_language(args))
    outcome = _execute(
        args, sys.stdin.buffer, lambda line: write(json_bytes(line)), progress, window
    )
    progress.close()
    try:
        _print_outcome(outcome, write)
    except BrokenPipeError:
        # The reader has gone (`learnsite list | head`): what was done is done.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return outcome.exit_code


def main(window: Window | None = None) -> None:
    """Run the words of the shell's command line and leave with the exit code.

    Without a command, `window` is opened; if there is none, the help is shown.
    """
    sys.exit(_run_shell(sys.argv[1:], window))
