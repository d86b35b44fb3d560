"""Where a record stands with the tiers above it, and who wrote what they have not seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from learnsite_desktop.domain.merge import TIER_RANK
from learnsite_desktop.domain.review import Asked, Standing, standing, tier_of_state
from learnsite_desktop.services.workspace import Workspace
from learnsite_desktop.store import review_rows
from learnsite_desktop.store.records import StoredRecord
from learnsite_desktop.store.review_rows import Reviewed, Written


@dataclass(frozen=True, slots=True)
class Looked:
    """A record as its reviewer sees it."""

    reviewed: Reviewed
    returns: list[Asked]

    def with_tier(self, tier: str) -> Standing:
        """Return where the record stands with a tier."""
        seen = self.reviewed
        return standing(seen.ready, seen.merged, tier, self.returns, seen.is_fact)


def look_at(workspace: Workspace, key: int, ident: int) -> Looked:
    """Return what is needed to say where a record stands; keys of the record and of its id."""
    return Looked(
        review_rows.reviewed(workspace.database, key),
        review_rows.returns_on(workspace.database, ident),
    )


def states_of(workspace: Workspace, stored: StoredRecord) -> Mapping[str, str]:
    """Return the state with each tier that has said something of a record, lowest tier first."""
    looked = look_at(workspace, stored.key, stored.ident)
    tiers = {tier_of_state(name) for name in looked.reviewed.merged.live} - {""}
    tiers |= {item.tier for item in looked.returns}
    ordered = sorted(tiers, key=lambda tier: (TIER_RANK.get(tier, 0), tier))
    return {tier: str(looked.with_tier(tier).state) for tier in ordered}


def wrote_it(operator: str, written: Iterable[Written], since: Iterable[bytes]) -> bool:
    """Return whether the reviewer is an author of what is to be reviewed.

    Operators are compared by name; where one side is not named, by computer.
    """
    wanted = set(since)
    return any(
        item.operator == operator if item.operator and operator else item.ours
        for item in written
        if item.hash in wanted
    )
