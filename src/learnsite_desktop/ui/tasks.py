"""Work beside the window: lanes, each one thread that does tasks one after another.

The writer lane owns the one workspace open for writing; the reader lane one open for reading. What
a task found comes back to the window's thread, in the order of the tasks.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from learnsite_desktop.domain.progress import Progress

if TYPE_CHECKING:
    from learnsite_desktop.services.workspace import Workspace

_TICK: Final = 0.05
"""Seconds between two reports of progress; more would only keep the window busy."""

Job = Callable[["Workspace", Progress], Any]


@dataclass(eq=False, slots=True)
class Task:
    """One piece of work: `job(workspace, progress)`, then `done(result)` or `failed(error)`.

    `label` is a translated text for the progress bar. The callbacks run in the window's thread.
    """

    label: str
    job: Job
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]
    cancelled: bool = False
    since: float = 0.0
    steps: tuple[int, int] = (0, 0)
    step_label: str = ""
    told: bool = False
    """Whether the end came to the window, whatever it was."""

    def cancel(self) -> None:
        """Ask the job to stop at its next report of progress; nothing is committed then."""
        self.cancelled = True


@dataclass(frozen=True, slots=True)
class _Begun:
    task: Task


@dataclass(frozen=True, slots=True)
class _Step:
    task: Task
    done: int
    total: int
    label: str


@dataclass(frozen=True, slots=True)
class _Ended:
    task: Task
    result: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Throttle:
    """Passes a task's progress on, not more often than the eye can follow."""

    task: Task
    emit: Callable[[object], None]
    last: float = field(default=0.0)

    def __call__(self, done: int, total: int, label: str) -> None:
        if self.task.cancelled:
            from learnsite_desktop.domain.refusals import Cancelled  # noqa: PLC0415

            raise Cancelled
        now = time.monotonic()
        if now - self.last >= _TICK or done == total:
            self.last = now
            self.emit(_Step(self.task, done, total, label))


class Lane(QObject):
    """A thread with a workspace of its own and a queue of tasks.

    The workspace is opened by the first task that runs and closed when the lane closes. `changed`
    says that something about the running task is new.
    """

    changed = Signal()
    _arrived = Signal(object)

    def __init__(self, name: str, open_workspace: Callable[[], "Workspace"]) -> None:
        super().__init__()
        self._open = open_workspace
        self._queue: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._arrived.connect(self._take)
        self._waiting = 0
        self._closed = False
        self.current: Task | None = None
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether nothing is running, waiting or still to be told."""
        return self._waiting == 0

    def submit(self, task: Task) -> Task:
        """Queue a task; returns it."""
        self._waiting += 1
        self._queue.put(task)
        return task

    def close(self) -> None:
        """Let what is queued finish, then close the workspace. Blocks until that is done.

        Results of the last tasks are not told any more; what they wrote is written.
        """
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        """Do tasks until told to stop; the thread's whole life."""
        workspace: Workspace | None = None
        while (task := self._queue.get()) is not None:
            task.since = time.monotonic()
            self._arrived.emit(_Begun(task))
            try:
                workspace = workspace or self._open()
                result = task.job(workspace, _Throttle(task, self._arrived.emit))
            except BaseException as error:  # noqa: BLE001 - told in the window's thread
                self._arrived.emit(_Ended(task, error=error))
            else:
                self._arrived.emit(_Ended(task, result))
        if workspace is not None:
            workspace.close()

    @Slot(object)
    def _take(self, news: object) -> None:
        if self._closed:
            return
        if isinstance(news, _Begun):
            self.current = news.task
        elif isinstance(news, _Step):
            news.task.steps = (news.done, news.total)
            news.task.step_label = news.label
        elif isinstance(news, _Ended):
            self.current = None
            self._waiting -= 1
            news.task.told = True
            if news.error is None:
                news.task.done(news.result)
            else:
                news.task.failed(news.error)
        self.changed.emit()
