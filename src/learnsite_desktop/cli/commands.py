"""The list of commands: name -> "module:attribute", imported only when it is used.

A new command is one module with a `frame.command` (or a `frame.section` of several) and one line
here.
"""

from collections.abc import Mapping
from typing import Final

_CLI: Final = "learnsite_desktop.cli."

COMMANDS: Final[Mapping[str, str]] = {
    "init": _CLI + "workspaces:init",
    "opening": _CLI + "workspaces:opening",
    "open": _CLI + "workspaces:open_",
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
    "demo": _CLI + "demo.command:demo",
    "learner": _CLI + "learner:learner",
}
