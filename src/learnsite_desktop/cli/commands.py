"""The list of commands: name -> "module:attribute", imported only when it is used.

A new command is one module with a `frame.command` (or a `frame.section` of several) and one line
here.
"""

from collections.abc import Mapping
from typing import Final

_CLI: Final = "learnsite_desktop.cli."

COMMANDS: Final[Mapping[str, str]] = {
    "pack": _CLI + "bundles:pack",
    "receipt": _CLI + "bundles:receipt",
    "inspect": _CLI + "bundles:inspect",
    "receive": _CLI + "bundles:receive",
    "batches": _CLI + "bundles:batches_",
    "quarantine": _CLI + "bundles:quarantine",
    "waiting": _CLI + "bundles:waiting",
    "outbox": _CLI + "bundles:outbox",
    "forks": _CLI + "bundles:forks",
    "receipts": _CLI + "bundles:receipts_",
    "rollback": _CLI + "bundles:rollback",
    "reapply": _CLI + "bundles:reapply",
    "backup": _CLI + "safety:backup",
    "restore": _CLI + "safety:restore",
    "conflicts": _CLI + "review:conflicts_",
    "resolve": _CLI + "review:resolve",
    "return": _CLI + "review:return_",
    "returns": _CLI + "review:returns_",
    "link": _CLI + "review:link",
    "unlink": _CLI + "review:unlink",
    "devices": _CLI + "review:devices_",
    "certify": _CLI + "review:certify",
    "submit": _CLI + "review:submit",
    "init": _CLI + "workspaces:init",
    "opening": _CLI + "workspaces:opening",
    "open": _CLI + "workspaces:open_",
    "trial": _CLI + "workspaces:trial",
    "units": _CLI + "workspaces:units",
    "state": _CLI + "workspaces:state",
    "check": _CLI + "workspaces:check",
    "policy": _CLI + "workspaces:policy_",
    "capture": _CLI + "records:capture_",
    "list": _CLI + "records:list_",
    "show": _CLI + "records:show",
    "edit": _CLI + "records:edit",
    "delete": _CLI + "records:delete",
    "undo": _CLI + "records:undo",
    "today": _CLI + "days:today",
    "repeat": _CLI + "days:repeat",
    "series": _CLI + "schedules:series",
    "copy": _CLI + "schedules:copy",
    "indicators": _CLI + "figures:indicators",
    "drill": _CLI + "figures:drill",
    "completeness": _CLI + "figures:completeness",
    "report": _CLI + "figures:report",
    "sheet": _CLI + "sheets:sheet",
    "photo": _CLI + "photos:photo",
    "handover": _CLI + "safety:handover",
    "move": _CLI + "safety:move",
    "demo": _CLI + "demo.command:demo",
    "learner": _CLI + "tables:learner",
    "ledger": _CLI + "tables:ledger",
}
