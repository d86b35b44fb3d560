"""What a write did: screens redraw by it, and undo starts from it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ChangeSet:
    """The result of one write.

    `change` names it for undo (0 when nothing was written); `operations` how many were written;
    `records` (kind, record id) of everything touched, in order.
    """

    change: int = 0
    operations: int = 0
    records: list[tuple[str, str]] = field(default_factory=list)
