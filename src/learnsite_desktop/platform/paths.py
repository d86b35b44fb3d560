"""Where a workspace lives when nobody says so."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

FOLDER_VARIABLE: Final = "LEARNSITE_DATA"


def default_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the user's workspace.

    `LEARNSITE_DATA` wins, then the usual place of the operating system. The folder need not exist.
    """
    named = (os.environ if environment is None else environment).get(FOLDER_VARIABLE, "")
    if named:
        return Path(named).expanduser()
    return user_data_path("learnsite", appauthor=False, roaming=False)
