"""The diary of a workspace: rotating JSON lines for whoever has to find out what went wrong.

It never holds personal values. Callers write fixed sentences with codes and counts; of an exception
only its type and the places in the code are kept, because its message may quote a value.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

DIARY_FOLDER: Final = "logs"
DIARY_NAME: Final = "learnsite.jsonl"
MAX_BYTES: Final = 1_000_000
KEPT_FILES: Final = 3
LOGGER_NAME: Final = "learnsite_desktop"
CODE: Final = "code"
FIGURES: Final = "figures"
"""With `extra` a log record may carry a code of ours, and numbers by name."""
START_FIGURES: Final = ("paint_cpu_ms", "paint_ms", "desk_cpu_ms", "desk_ms")
"""What a start notes: CPU and wall time from the beginning of the process, in milliseconds."""


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "line": record.lineno,
            "text": record.getMessage(),
        }
        for name in (CODE, FIGURES):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class _Diary(RotatingFileHandler):
    """A rotating file that gives up silently: a full disk must not stop the work itself."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(exist_ok=True)
            super().emit(record)
        except OSError:
            return

    def handleError(self, record: logging.LogRecord) -> None:
        """Stay silent; the base class would print the values of the record."""


def describe(error: BaseException) -> dict[str, object]:
    """Return the type and the code places of `error` and of what caused it, without messages."""
    frames = traceback.extract_tb(error.__traceback__)
    shown: dict[str, object] = {
        "type": type(error).__name__,
        "frames": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or error.__context__
    if cause is not None:
        shown["cause"] = describe(cause)
    return shown


def note_refusal(logger: logging.Logger, code: str, error: BaseException) -> None:
    """Write down that something was refused: its code, and where in our code it was."""
    logger.info("refused: %s", code, exc_info=error, extra={CODE: code})


def read_diary(folder: Path, most: int) -> list[dict[str, object]]:
    """Return the last `most` lines of the diary of workspace `folder`, the oldest first.

    A line that cannot be read is passed over: a computer that lost power leaves half a line.
    """
    place = folder / DIARY_FOLDER / DIARY_NAME
    files = [place, *(place.with_name(f"{DIARY_NAME}.{one}") for one in range(1, KEPT_FILES + 1))]
    found: list[dict[str, object]] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        found[:0] = [line for text in lines[-most:] if (line := _read_line(text)) is not None]
        if len(found) >= most:
            break
    return found[-most:]


def _read_line(text: str) -> dict[str, object] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def open_diary(folder: Path) -> logging.Handler | None:
    """Write our log records to the diary of workspace `folder` until `close_diary`.

    Returns None, and writes nothing, when the folder does not exist: looking at a place that has no
    workspace must not create anything there.
    """
    if not folder.is_dir():
        return None
    diary = _Diary(folder / DIARY_FOLDER / DIARY_NAME)
    diary.setFormatter(_JsonLine())
    logger = logging.getLogger(LOGGER_NAME)
    logger.setLevel(logging.INFO)
    logger.addHandler(diary)
    return diary


def close_diary(diary: logging.Handler | None) -> None:
    """Stop writing to `diary` and close its file."""
    if diary is not None:
        logging.getLogger(LOGGER_NAME).removeHandler(diary)
        diary.close()
