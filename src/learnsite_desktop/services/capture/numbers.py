"""ID numbers under the policy `id_numbers`: off by default, then checked, used and dropped."""

from learnsite_desktop.domain.identity import birth_of, sex_of
from learnsite_desktop.domain.issues import Issue
from learnsite_desktop.services import policy
from learnsite_desktop.services.capture.plan import Item
from learnsite_desktop.services.clocks import latest_day
from learnsite_desktop.services.identity import check
from learnsite_desktop.services.workspace import Workspace

RESIDENT_ID = "111"


def complete(workspace: Workspace, item: Item) -> None:
    """Clean the mobile and ID number of an entry before it is checked.

    A valid resident number gives birth day and sex where the entry leaves them open.
    """
    entry = item.entry
    today = latest_day(workspace)
    mobile = entry.get("mobile")
    if isinstance(mobile, str) and mobile:
        entry["mobile"] = check("mobile", mobile, today).normalised or mobile
    number = entry.get("id_number")
    if item.kind.name != "learner" or not isinstance(number, str) or not number:
        return
    if entry.get("id_kind") not in (None, "", RESIDENT_ID):
        return
    result = check("cn_id", number, today)
    if not result.accepted:
        return
    entry["id_number"] = result.normalised
    entry["id_kind"] = RESIDENT_ID
    born, sex = birth_of(result.normalised), sex_of(result.normalised)
    if born and not entry.get("birth"):
        entry["birth"] = born.isoformat()
    if sex and not entry.get("sex"):
        entry["sex"] = sex


def drop_number(workspace: Workspace, item: Item) -> None:
    """Take a checked ID number out of the entry unless policy keeps them; a note says so."""
    if item.kind.name != "learner" or not item.entry.get("id_number"):
        return
    if policy.current(workspace)["id_numbers"] == "on":
        return
    for key in ("id_number", "id_kind"):
        item.entry.pop(key, None)
    item.issues.append(
        Issue("ID_NUMBER_DROPPED", "learner", item.ref, "id_number", record=item.record)
    )
