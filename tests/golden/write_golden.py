"""Write the reference files of the current bundle format and database schema.

Run once when a format or schema number is released, never again for that number:
`python -m tests.golden.write_golden`. Every later version must go on reading them.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from learnsite_desktop.bundle.payloads import FORMAT
from learnsite_desktop.cli.main import run
from learnsite_desktop.store.migrations import SCHEMA

HERE = Path(__file__).resolve().parent
CURRENT = HERE / "formats" / f"v{FORMAT}-schema{SCHEMA}"
"""The first folder, `v1`, has schema 1."""
COUNTY, TOWNSHIP, VILLAGE = "410122000000", "410122101000", "410122101205"
NOW = "2026-04-02T10:00:00+08:00"


def _run(folder: Path, *words: str) -> dict[str, Any]:
    code, answer = run(["--data", str(folder), "--now", NOW, "--json", *words])
    if code:
        raise SystemExit(f"{words}: {answer}")
    return answer


def write(target: Path) -> None:
    """Write into `target`: the township before it receives, the village, its bundle, answers."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        county, township, village = root / "county", root / "township", root / "village"
        _run(county, "init", "--tier", "county", "--unit", COUNTY)
        first = _run(county, "opening", TOWNSHIP, "--out", str(root / "openings"))
        _run(township, "open", first["files"][0]["path"])
        second = _run(township, "opening", VILLAGE, "--out", str(root / "openings"))
        _run(village, "open", second["files"][0]["path"])
        _run(village, "capture", str(HERE / "sample_capture.json"))
        _run(village, "edit", "session:s1", "start=09:10")
        bundle = _run(village, "pack", "--to", TOWNSHIP, "--out", str(root / "out"))
        before = _run(township, "backup", str(root / "backups"))
        after = _run(village, "backup", str(root / "backups"))
        state = _run(village, "state", "--unit", VILLAGE)
        figures = _run(village, "indicators", "--period", "2026-03", "--unit", VILLAGE)
        target.mkdir(parents=True)
        shutil.copyfile(bundle["path"], target / "village-up.lsb")
        shutil.copyfile(before["path"], target / "township.lsk")
        shutil.copyfile(after["path"], target / "village.lsk")
        shutil.copyfile(second["files"][0]["path"], target / "village.lso")
        answers = {
            "unit": VILLAGE,
            "period": "2026-03",
            "bundle_id": bundle["bundle_id"],
            "operations": bundle["operations"],
            "hash": state["hash"],
            "figures": {
                row["id"]: [row["numerator"], row["denominator"]] for row in figures["values"]
            },
        }
        (target / "answers.json").write_text(
            json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    if CURRENT.exists():
        sys.exit(f"{CURRENT} is there already: a released format never changes")
    write(CURRENT)
