"""One computer of the story: a data folder that is only ever touched by commands."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from learnsite_desktop.domain.refusals import Refusal

Json = dict[str, Any]
Run = Callable[[Sequence[str], bytes | None], tuple[int, Json]]

REASON = "现场连续开展，已与学校核实时间"
_SECTIONS = {"session": "sessions", "learner": "learners", "activity": "activities"}


class Desk:
    """A computer of a unit.

    Called with a moment and the words of a command it returns the JSON object; a refusal stops the
    story as `demo_step_refused`.
    """

    def __init__(self, run: Run, unit: str, folder: Path) -> None:
        """`folder` is the data folder; nothing is in it until `init`, `open` or `restore`."""
        self.unit = unit
        self.folder = folder
        self.operator = ""
        self.ids: dict[tuple[str, str], str] = {}
        self._run = run

    def __call__(self, now: datetime, *words: str) -> Json:
        """Run a command at `now`."""
        return self._expect(words, *self._command(now, words))

    def capture(self, now: datetime, content: Json) -> Json:
        """Capture a file; warnings get their reasons, as a recorder would write them.

        `content` is changed to what was saved in the end.
        """
        words = ("capture", "-")
        code, answer = self._command(now, words, content)
        if code and _give_reasons(content, answer.get("issues", [])):
            code, answer = self._command(now, words, content)
        self._expect((*words, content["source"]), code, answer)
        for kind, names in answer["ids"].items():
            self.ids.update({(kind, ref): ident for ref, ident in names.items()})
        self.operator = self.operator or next(
            (ident for (kind, _), ident in self.ids.items() if kind == "operator"), ""
        )
        return answer

    def successor(self, folder: Path) -> "Desk":
        """Return the desk that stands where this one stood, in another folder."""
        desk = Desk(self._run, self.unit, folder)
        desk.operator, desk.ids = self.operator, dict(self.ids)
        return desk

    def _command(
        self, now: datetime, words: Sequence[str], content: Json | None = None
    ) -> tuple[int, Json]:
        given = ["--data", str(self.folder), "--json", "--now", now.isoformat()]
        if self.operator:
            given += ["--operator", self.operator]
        stdin = None if content is None else json.dumps(content, ensure_ascii=False).encode("utf-8")
        return self._run([*given, *words], stdin)

    def _expect(self, words: Sequence[str], code: int, answer: Json) -> Json:
        if code == 0:
            return answer
        error = answer.get("error") or _first_problem(answer)
        raise Refusal(
            "demo_step_refused",
            where=f"{self.unit} {' '.join(words[:3])}",
            reason=error.get("code", ""),
            text=error.get("message", ""),
        )


def _first_problem(answer: Json) -> Json:
    """Return the first issue or refused file of an answer without an error object."""
    issues: list[Json] = [issue for issue in answer.get("issues", []) if _stops(issue)]
    refused = [bundle["error"] for bundle in answer.get("bundles", []) if bundle.get("error")]
    first: list[Json] = [*issues, *(error for error in refused if isinstance(error, dict))]
    return first[0] if first else {}


def _stops(issue: Json) -> bool:
    return issue["severity"] == "error" or (
        issue["severity"] == "warning" and not issue.get("reason_given")
    )


def _give_reasons(content: Json, issues: Sequence[Json]) -> bool:
    """Write a reason for every warning that lacks one; tell whether there was any."""
    given = False
    for issue in issues:
        section = content.get(_SECTIONS.get(issue["kind"], ""), [])
        entry = next((entry for entry in section if entry["ref"] == issue["ref"]), None)
        if issue["severity"] == "warning" and not issue.get("reason_given") and entry is not None:
            entry.setdefault("reasons", {})[issue["code"]] = REASON
            given = True
    return given
