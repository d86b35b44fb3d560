"""The measurements: jobs and references in processes of their own, interleaved over rounds.

Ratios are of CPU seconds (user and system), for the machine may be busy with other things; every
figure is the median over the rounds.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from bench import material, reference_attach, reference_jsonl
from bench.material import BUILD, COUNTY, ROOT, Delta, Material
from bench.rows import Results, Scale, rows_of
from bench.table import page

MORANGO = "morango==0.8.15"
DUCKDB = "duckdb==2.0.0"
_NOTES = """
- A roll call is one operation. With *people held* the receiver knows learners, classes and
  enrolments from before, as every month but the first. *With people* is a county's first year: 94
  learners and 93 enrolments per 1,000 attendances, 244 private values of which 188 travel.
- A complete receive opens, decrypts, decompresses and checks the file twice (once before, once
  inside the transaction), decodes strictly, merges, projects, journals, counts, and gives the
  receipt.
- Barriers are the `fsync` and `fdatasync` calls of 40 more saves, counted by strace.
- Memory is the peak of the receiving process itself (`VmHWM`), Python and libraries included.
- G2 and G3 are measured against a record of 16 members with three indexes, as a program without
  roll calls would send and keep it; a narrower record is cheaper and lowers both ratios.
- G4: the larger base has more villages as well, whose certificates travel and whose receipts are
  looked at again each time.
- Morango is measured in the first three rounds.
- G15: attendances, persons, sessions, minutes, minutes a person, named attendances. Ours also finds
  out which units count and who is one person by links; DuckDB holds nothing but the four tables
  and uses all cores, which CPU seconds undo. All three counts must be equal.
- G16 is measured inside the receive of G4's delta into the large base.
- G10 counts CPU seconds from the first line of our own to the painted window. The first paint is
  the empty frame; the records are opened after it, and the day's list comes with all it waits for.
- G19: one in twenty is recorded twice, without looking at the first record: less of the birth day,
  another phone, no ID number, a character heard amiss. Linked is by equal ID numbers, or by equal
  name, sex and full birth day; what is linked wrongly are people of one name born on one day. The
  anchor's index is made anew each time, as are the tables of the search.
- G9 looks for 100 names of each kind by any part of them; the index of a village of 700 learners
  holds everybody else too, the own people come first. It is measured in the first two rounds.
"""
SEARCH_ROUNDS = 2


SCALES = {
    "quick": Scale(
        36_000,
        21_600,
        72_000,
        3,
        10,
        1_500,
        3,
        listed=20_000,
        names=100_000,
        sessions=100_000,
        people=(3_000,),
    ),
    "default": Scale(100_000, 36_000, 360_000, 5, 30, 6_000, 3),
    "full": Scale(1_000_000, 100_000, 3_000_000, 10, 50, 30_000, 5),
}


def child(
    *words: object, python: Path = Path(sys.executable), under: tuple[object, ...] = ()
) -> dict[str, Any]:
    """Run a module in a process of its own and return the JSON object it prints last.

    `under` are the words of a program to run it under.
    """
    done = subprocess.run(
        [str(word) for word in (*under, python, *words)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def stage(*words: object) -> dict[str, Any]:
    """Run a job of the product."""
    return child("-m", "bench.stage", *words)


class Bench:
    """Everything that is measured, prepared once."""

    def __init__(self, scale: Scale) -> None:
        """Build the material, which takes its time once."""
        self.scale = scale
        self.results = Results(scale)
        self.work = BUILD / "work"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        say("material")
        self.main = material.built(material.rolls(scale.main))
        self.people = material.built(material.county_year(min(scale.main, 100_000)))
        self.small = material.built(material.rolls(scale.small))
        self.large = material.built(material.rolls(scale.large))
        self.deltas = {
            name: material.with_delta(source, scale.delta_villages, scale.delta_sessions)
            for name, source in (("small", self.small), ("large", self.large))
        }
        self.morango = reference_python("morango", MORANGO, "G2")
        self.duckdb = reference_python("duckdb", DUCKDB, "the anchor of G15")
        self._prepare_references()
        self._note_sizes()

    def copy(self, folder: Path) -> Path:
        """Return a fresh copy of a workspace."""
        target = self.work / "copy"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
        return target

    def _prepare_references(self) -> None:
        for name, source in (("main", self.main), ("people", self.people)):
            after = self.copy(source.county)
            stage("receive", after, source.bundle)
            paths = (self.work / f"{name}.base", self.work / f"{name}.rows")
            reference_attach.make(source.county, after, *paths)
            if name == "main":
                reference_jsonl.make(after, self.work / "main.jsonl")

    def _note_sizes(self) -> None:
        facts = self.results.facts
        for name, source in (("main", self.main), ("people", self.people)):
            facts[f"{name}_attendances"] = source.shape.attendances
            facts[f"{name}_bytes"] = source.bundle.stat().st_size / source.shape.attendances
        facts["large_attendances"] = self.large.shape.attendances
        facts["small_attendances"] = self.small.shape.attendances
        facts["first_month"], facts["later_month"] = material.village_months(self.work / "months")

    def note(self, job: str, found: dict[str, Any]) -> None:
        """Keep the figures of one run."""
        self.results.figures[job].append(found)

    def round(self, number: int) -> None:
        """Measure everything once."""
        self._receive("main", self.main)
        self.note("jsonl", self._reference("reference_jsonl", "run", self.work / "main.jsonl"))
        self._receive("people", self.people)
        self._bases()
        self._save()
        self._start()
        if number < SEARCH_ROUNDS:
            for job in ("index", "like"):
                self.note(f"search {job}", child("-m", "bench.search", job, self.scale.names))
        if number < SEARCH_ROUNDS:
            self._doubles()
            self._roster()
            self._ledger()
        self._figures()
        self._report()
        if self.morango is not None and number < 3:
            self._morango()

    def _start(self) -> None:
        """Show a bare window, and the program's over the records of a large township."""
        folder = self.work / "start"
        if not folder.exists():
            shutil.copytree(self.large.township, folder)
            child("-m", "bench.start", "ours", folder)  # brings old records up to date
            size = (folder / "learnsite.db").stat().st_size
            self.results.facts["start_megabytes"] = size / 1e6
        self.note("start bare", child("-m", "bench.start", "bare"))
        self.note("start ours", child("-m", "bench.start", "ours", folder))

    def _roster(self) -> None:
        """Let the product and openpyxl read one long list of people."""
        path = BUILD / f"roster-{self.scale.listed}.xlsx"
        if not path.exists():
            child("-m", "bench.roster", "make", path, self.scale.listed)
        self.note("roster ours", child("-m", "bench.roster", "ours", path, self.work / "roster"))
        self.note("roster bare", child("-m", "bench.roster", "bare", path))

    def _doubles(self) -> None:
        """Find those recorded twice among the people of a township and of a county."""
        for count in self.scale.people:
            for job in ("ours", "few", "bare"):
                self.note(f"doubles {job} {count}", child("-m", "bench.doubles", job, count))

    def _figures(self) -> None:
        """Ask for a month's figures, keep their summary, let DuckDB count the same."""
        folder = self.work / "figures"
        table = self.work / "figures.duckdb"
        script = ROOT / "bench" / "reference_duckdb.py"
        if not folder.exists():
            shutil.copytree(self.large.township, folder)
            child("-m", "bench.figures", "ours", folder)  # brings old records up to date
            if self.duckdb is not None:
                child(script, "load", folder / "learnsite.db", table, python=self.duckdb)
            self.results.facts["duckdb"] = f"{DUCKDB.replace('==', ' ')}, tables of its own"
        found = {job: child("-m", "bench.figures", job, folder) for job in ("ours", "plain")}
        if self.duckdb is not None:
            found["duckdb"] = child(script, "ask", table, python=self.duckdb)
        for job, one in found.items():
            self.note(f"figures {job}", one)
            if one["values"] != found["ours"]["values"]:
                raise RuntimeError(f"{job} counts otherwise: {one} {found['ours']}")
        delta = self.deltas["large"]
        self.note(
            "upkeep", child("-m", "bench.figures", "upkeep", self.copy(delta.held), delta.bundle)
        )

    def _report(self) -> None:
        """Write one long workbook by the product and by openpyxl alone."""
        self.results.facts["report_rows"] = self.scale.listed
        path = self.work / "report.xlsx"
        for job in ("ours", "bare"):
            self.note(f"report {job}", child("-m", "bench.report", job, path, self.scale.listed))

    def _ledger(self) -> None:
        """Show one long list of sessions: as the window does, held whole, its beginning alone."""
        folder = BUILD / f"ledger-{self.scale.sessions}"
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            child("-m", "bench.long_list", "make", folder, self.scale.sessions)
            (folder / "complete").touch()
        for job in ("bare", "ours", "naive"):
            self.note(f"ledger {job}", child("-m", "bench.long_list", job, folder))

    def _reference(self, module: str, *words: object) -> dict[str, Any]:
        return child("-m", f"bench.{module}", *words, self.work / "target.db")

    def _receive(self, name: str, source: Material) -> None:
        folder = self.copy(source.county)
        self.note(f"{name} receive", stage("receive", folder, source.bundle))
        paths = (self.work / f"{name}.base", self.work / f"{name}.rows")
        self.note(f"{name} attach", self._reference("reference_attach", *paths))
        self.note(f"{name} same file", stage("again", folder, source.bundle))
        self.note(f"{name} again", stage("again", folder, source.again))
        self.note(f"{name} rebuild", stage("rebuild", folder))
        if name == "main":
            township = self.copy(source.township)
            self.note("main pack", stage("pack", township, COUNTY, self.work))
            for path in self.work.glob("*.lsb"):
                path.unlink()

    def _bases(self) -> None:
        sources: dict[str, tuple[Material, Delta]] = {
            "small": (self.small, self.deltas["small"]),
            "large": (self.large, self.deltas["large"]),
        }
        for name, (source, delta) in sources.items():
            self.note(f"{name} delta", stage("receive", self.copy(delta.held), delta.bundle))
            self.note(f"{name} whole", stage("receive", self.copy(source.county), source.bundle))

    def _save(self) -> None:
        folder = self.copy(self.small.village(0))
        self.note("save", stage("save", folder, 300))
        self.note("bare save", self._save_reference(300))
        if shutil.which("strace") is None:
            self.note("barriers", {"save": None, "bare": None})
            return
        counts = {
            "save": self._barriers("bench.stage", "save", folder),
            "bare": self._barriers("bench.reference_save", self.work / "target.db"),
        }
        self.note("barriers", counts)

    def _save_reference(self, count: int) -> dict[str, Any]:
        return child("-m", "bench.reference_save", self.work / "target.db", count)

    def _barriers(self, module: str, *words: object) -> float:
        """Return disk barriers per save: of 80 saves, less those of 40."""
        found: list[int] = []
        for count in (40, 80):
            log = self.work / "strace.txt"
            strace = ("strace", "-f", "-e", "trace=fsync,fdatasync", "-o", log)
            child("-m", module, *words, count, under=strace)
            lines = log.read_text(encoding="utf-8").splitlines()
            found.append(sum("sync(" in line for line in lines))
        return (found[1] - found[0]) / 40

    def _morango(self) -> None:
        assert self.morango is not None
        script = ROOT / "bench" / "reference_morango.py"
        paths = [self.work / f"{side}.db" for side in ("sent", "taken")]
        for path in self.work.glob("*.db*"):
            if path.name.startswith(("sent", "taken")):
                path.unlink()
        sent = child(script, "send", paths[0], self.scale.morango, python=self.morango)
        taken = child(script, "take", paths[1], paths[0], python=self.morango)
        if taken["records"] != self.scale.morango:
            raise RuntimeError(f"morango took {taken['records']} records")
        stages = {**sent, **taken}
        cpu = sum(stages[name]["cpu"] for name in ("serialize", "queue", "dequeue", "deserialize"))
        self.note("morango", {"cpu": cpu, "records": taken["records"]})


def reference_python(name: str, package: str, goal: str) -> Path | None:
    """Return the interpreter of an environment with `package`, made here; None if it cannot be."""
    folder = BUILD / name
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        say(f"installing {package} for the reference alone")
        venv.create(folder, with_pip=True, clear=True)
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=False)
        if done.returncode != 0:
            say(f"{package} could not be installed: {goal} is left out")
            return None
        (folder / "complete").write_text(package, encoding="utf-8")
    return python


def say(text: str) -> None:
    """Tell how far it is, beside the results."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", choices=sorted(SCALES), default="default")
    parser.add_argument("--full", action="store_const", const="full", dest="scale")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md as well")
    options = parser.parse_args()
    scale = SCALES[options.scale]
    rounds = options.rounds or scale.rounds
    bench = Bench(scale)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        bench.round(number)
    (BUILD / "results.json").write_text(
        json.dumps({"facts": bench.results.facts, "figures": bench.results.figures}),
        encoding="utf-8",
    )
    how = f"Scale `{options.scale}`, {rounds} interleaved rounds, medians of CPU seconds."
    text = page(rows_of(bench.results), how, _NOTES)
    print(text)
    (BUILD / "latest.md").write_text(text, encoding="utf-8")
    if options.write:
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    shutil.rmtree(bench.work)
