"""How long work tells how far it is, and how it is stopped."""

from typing import Protocol


class Progress(Protocol):
    """Called now and then by long work; may raise `refusals.Cancelled`, then nothing is committed.

    `done` counts up to `total` (0 while unknown); `label` is a message id.
    """

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show that `done` of `total` steps of `label` are finished."""


def silent(done: int, total: int, label: str) -> None:
    """Show nothing."""
    del done, total, label
