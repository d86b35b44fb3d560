"""Head codes: twelve characters that stand for all chains of a unit, to be compared by telephone.

Two computers that show the same code hold the same operations of the unit; so a village can ask the
county whether what a receipt says is what the county has (nobody in between can make that up).
"""

import hashlib
from base64 import b32encode
from collections.abc import Iterable

from learnsite_desktop.domain.ids import b64, canonical, unb64
from learnsite_desktop.oplog.documents import Holding
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store.chains import chains_within, held_heads


def head_code(holds: Iterable[Holding]) -> str:
    """Return the code of what is held: letters and digits that nobody mistakes for each other.

    No number or date enters it, so that equal holdings give equal codes wherever they are.
    """
    rows = sorted(
        [item.unit, b64(item.inc), sorted(b64(head) for _n, head in item.heads)] for item in holds
    )
    text = b32encode(hashlib.sha256(canonical(rows)).digest()).decode("ascii")[:12]
    return "-".join(text[start : start + 4] for start in (0, 4, 8))


def code_here(workspace: Workspace, unit: str) -> str:
    """Return the code of what this computer holds of a unit's own chains."""
    database = workspace.database
    return head_code(
        Holding(chain.unit, unb64(chain.inc), tuple(heads))
        for chain in chains_within(database, unit)
        if chain.unit == unit and (heads := held_heads(database, chain.id))
    )
