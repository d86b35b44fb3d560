"""``learner check`` from the command line."""

from learnsite_desktop.cli.main import run

NOW = ["--now", "2026-11-21T09:00:00+08:00"]


def test_answer() -> None:
    code, answer = run(
        [*NOW, "--lang", "en", "learner", "check", "cn_id", " 1101 0519 4912 3100 2x"]
    )
    assert code == 0
    assert answer == {
        "ok": True,
        "result": "valid_normalised",
        "normalised": "11010519491231002X",
        "upgrade": None,
        "issues": [],
    }


def test_invalid_number_is_an_answer_in_both_languages() -> None:
    words = ["learner", "check", "cn_id", "11010519491231003X"]
    code, english = run([*NOW, "--lang", "en", *words])
    _code, chinese = run([*NOW, "--lang", "zh", *words])
    assert code == 0
    assert english["result"] == "invalid"
    assert english["issues"][0]["message"] == (
        "The ID number is wrong: the check character does not fit."
    )
    assert chinese["issues"][0]["message"] == "身份证号有误：校验位不符。"


def test_birth_in_the_future_follows_the_given_moment() -> None:
    words = ["learner", "check", "cn_id", "410199209912310011"]
    assert run([*NOW, *words])[1]["result"] == "invalid"
    assert run(["--now", "2100-01-01T09:00:00+08:00", *words])[1]["result"] == "valid_unknown_area"


def test_unknown_kind_is_wrong_usage() -> None:
    assert run(["learner", "check", "passport", "1"])[0] == 2
