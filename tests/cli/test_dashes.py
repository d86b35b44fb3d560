"""Record ids that look like options."""

import pytest

from tests.support import CommandLine, Folders


@pytest.mark.parametrize("record", ["-dKnAMZhS8Vw7He6oKdIhQ", "--nAMZhS8Vw7He6oKdIhQQ"])
def test_a_record_id_may_begin_with_a_dash(cli: CommandLine, folders: Folders, record: str) -> None:
    """One random id in 64 does; it is an argument, before and after the options."""
    cli(folders.village, "init", "--tier", "village", "--unit", "410122101205")
    for words in (("show", record, "--history"), ("show", "--history", record)):
        answer = cli(folders.village, *words, code=1)
        assert answer["error"]["code"] == "record_unknown"
        assert answer["error"]["where"] == record
    answer = cli(folders.village, "edit", record, "notes=x", code=1)
    assert answer["error"]["where"] == record
    assert cli(folders.village, "show", "-x", code=2)["ok"] is False
