"""What a command is given besides its own arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from learnsite_desktop.domain.clock import Clock
from learnsite_desktop.domain.progress import Progress
from learnsite_desktop.platform import i18n, paths
from learnsite_desktop.platform.clock import SystemClock

Result = Mapping[str, Any] | None
"""What a command returns: the keys of its JSON object, `ok` false among them when it found problems
(exit code 1). None: it has streamed acknowledgement lines and has nothing more to say."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """The surroundings of one command run.

    `folder` is the workspace, `operator` the record id of who works ("" when not given), `stdin`
    gives bytes, `emit` writes one acknowledgement line at once, `progress` shows on stderr.
    """

    folder: Path
    json: bool
    language: str
    clock: Clock
    operator: str
    progress: Progress
    stdin: BinaryIO
    emit: Callable[[Mapping[str, Any]], None]


class Worded(dict[str, Any]):
    """An answer that brings its own words for people, shown instead of its keys."""

    def __init__(self, answer: Mapping[str, Any], text: str) -> None:
        """`text` is in the language in use."""
        super().__init__(answer)
        self.text = text


Window = Callable[[Invocation], None]
"""Opens the window with the surroundings that the options ask for; returns when it closes."""


@dataclass(slots=True)
class Settings:
    """The global options while the command line is being read."""

    stdin: BinaryIO
    emit: Callable[[Mapping[str, Any]], None]
    progress: Progress
    json: bool = False
    folder: Path | None = None
    clock: Clock = field(default_factory=SystemClock)
    operator: str = ""

    def invocation(self) -> Invocation:
        """Return the surroundings that the options ask for."""
        return Invocation(
            folder=self.folder or paths.default_folder(),
            json=self.json,
            language=i18n.language(),
            clock=self.clock,
            operator=self.operator,
            progress=self.progress,
            stdin=self.stdin,
            emit=self.emit,
        )
