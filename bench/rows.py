"""From figures to the rows of the table: what is divided by what, and the goals."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench.double_rows import double_rows
from bench.figure_rows import figure_rows
from bench.table import Row, median


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: attendances of the main job, of the small and the large base."""

    main: int
    small: int
    large: int
    delta_villages: int
    delta_sessions: int
    morango: int
    rounds: int
    listed: int = 50_000
    names: int = 1_000_000
    sessions: int = 1_000_000
    people: tuple[int, ...] = (3_000, 60_000)


@dataclass(slots=True)
class Results:
    """Figures by job, one for each round; `facts` are those that do not vary."""

    scale: Scale
    figures: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, Any] = field(default_factory=dict)

    def of(self, job: str, what: str = "cpu") -> list[float]:
        """Return one figure of a job for every round."""
        return [float(found[what]) for found in self.figures[job]]

    def cpu(self, job: str) -> float:
        """Return the median CPU seconds of a job."""
        return median(self.of(job))

    def ratio(self, job: str, anchor: str, what: str = "cpu") -> float:
        """Return the median of a job by that of its anchor."""
        return median(self.of(job, what)) / median(self.of(anchor, what))


def rows_of(results: Results) -> list[Row]:
    """Return all rows in the order of the goals."""
    return [
        *_receive_rows(results),
        *_peer_rows(results),
        *_base_rows(results),
        *_again_rows(results),
        *_size_rows(results),
        *_search_rows(results),
        *double_rows(results.figures, results.scale.people),
        *_roster_rows(results),
        *figure_rows(results.figures, results.facts),
        *_start_rows(results),
        *_ledger_rows(results),
        *_save_rows(results),
        *_rebuild_rows(results),
    ]


def _thousands(count: float) -> str:
    return f"{count / 1e6:.3g}M" if count >= 1e6 else f"{count / 1e3:.3g}k"


def _receive_rows(results: Results) -> list[Row]:
    rows = []
    for name, told, limits in (
        ("main", "people held", (6.0, 4.0)),
        ("people", "with people", (6.0, 4.0)),
    ):
        count = results.facts[f"{name}_attendances"]
        cpu, attach = results.cpu(f"{name} receive"), results.cpu(f"{name} attach")
        rows.append(
            Row(
                "G1",
                f"complete receive of {_thousands(count)} attendances, {told}",
                "bare ATTACH upsert of the same projected rows",
                f"{cpu:.3g} s ({_thousands(count / cpu)}/s) : {attach:.3g} s",
                cpu / attach,
                *limits,
            )
        )
    return rows


def _peer_rows(results: Results) -> list[Row]:
    count = results.facts["main_attendances"]
    receive, pack = (results.cpu(f"main {job}") / count for job in ("receive", "pack"))
    rows = []
    if results.figures["morango"]:
        per_record = results.cpu("morango") / results.scale.morango
        figures = f"{1 / (receive + pack):,.0f}/s : {1 / per_record:,.0f}/s"
        value: float | None = per_record / (receive + pack)
    else:
        figures, value = "Morango could not be installed here", None
    rows.append(
        Row(
            "G2",
            "pack and receive, per attendance, all checks on",
            "Morango 0.8.15: serialize, queue, dequeue, deserialize, per record",
            figures,
            value,
            150,
            250,
            more=True,
        )
    )
    jsonl = results.cpu("jsonl")
    rows.append(
        Row(
            "G3",
            "complete receive, people held",
            "JSONL, an object of 16 members per attendance, msgspec and executemany",
            f"{jsonl:.3g} s : {receive * count:.3g} s",
            jsonl / (receive * count),
            2,
            3,
            more=True,
        )
    )
    return rows


def _base_rows(results: Results) -> list[Row]:
    scale, facts = results.scale, results.facts
    delta = _thousands(scale.delta_villages * scale.delta_sessions * 2 * 30)
    small, large = _thousands(facts["small_attendances"]), _thousands(facts["large_attendances"])
    rows = []
    for what, told, power, goal, stretch in (
        ("cpu", "CPU s", 1.0, 1.5, 1.3),
        ("wal", "WAL MB", 1e6, 1.3, None),
    ):
        low, high = (median(results.of(f"{name} delta", what)) for name in ("small", "large"))
        rows.append(
            Row(
                "G4",
                f"{delta} attendances, half new, half changed, into {large}",
                f"the same into {small}",
                f"{told} {high / power:.3g} : {low / power:.3g}",
                high / low,
                goal,
                stretch,
            )
        )
    low, high = (median(results.of(f"{name} whole", "rss")) for name in ("small", "large"))
    rows.append(
        Row(
            "G6",
            f"peak memory of receiving {large}",
            f"of receiving {small}",
            f"{high:.0f} MB : {low:.0f} MB",
            high / low,
            1.3,
        )
    )
    rows.append(Row("G6", f"peak memory of receiving {large}", "", "", high, 200, 120, unit="MB"))
    return rows


def _again_rows(results: Results) -> list[Row]:
    rows = []
    for name, told in (("main", "people held"), ("people", "with people")):
        whole = results.cpu(f"{name} receive")
        for job, what, goal, stretch in (
            ("same file", "the same file", 2, 1),
            ("again", "the same operations in another file", 15, 10),
        ):
            cpu = results.cpu(f"{name} {job}")
            rows.append(
                Row(
                    "G7",
                    f"second receive, {what}, {told}",
                    "the first receive",
                    f"{cpu:.3g} s : {whole:.3g} s",
                    100 * cpu / whole,
                    goal,
                    stretch,
                    unit="%",
                )
            )
    return rows


def _size_rows(results: Results) -> list[Row]:
    facts = results.facts
    rows = [
        Row(
            "G8",
            f"relay bundle, {told}",
            f"{_thousands(facts[f'{name}_attendances'])} attendances",
            "",
            facts[f"{name}_bytes"],
            15,
            12,
            unit="B",
        )
        for name, told in (("people", "a county's first year with people"), ("main", "people held"))
    ]
    rows += [
        Row("G8", f"file of a typical village's {told}", "66 attendances", "", size, 20, unit="KB")
        for told, size in (
            ("first file with all its 110 learners", facts["first_month"] / 1000),
            ("month", facts["later_month"] / 1000),
        )
    ]
    return rows


def _p95(results: Results, job: str, kind: str) -> float:
    """Return the 95th percentile of a kind of query, in ms; the median of the rounds."""
    found = [sorted(run["ms"][kind]) for run in results.figures[job]]
    return median([times[len(times) * 95 // 100] for times in found])


_MANY_HITS = ("1 character", "2 initials")
"""Queries of which even a scan soon has its 50 hits: judged by the time alone."""


def _search_rows(results: Results) -> list[Row]:
    count = _thousands(results.scale.names)
    rows = []
    for kind in ("1 character", "2 characters", "3 characters", "2 initials", "3 initials"):
        own, like = (_p95(results, f"search {job}", kind) for job in ("index", "like"))
        told = f"{own:.3g} ms : {like:.3g} ms"
        job = f"search of {kind} among {count} learners, p95"
        if kind in _MANY_HITS:
            rows.append(Row("G9", job, "", told, own, 5, unit="ms"))
        else:
            anchor = "SQLite LIKE on a plain table"
            rows.append(Row("G9", job, anchor, told, like / own, 50, 200, more=True))
    own_found, like_found = (
        [n for counts in results.figures[f"search {job}"][0]["found"].values() for n in counts]
        for job in ("index", "like")
    )
    same = sum(own == like for own, like in zip(own_found, like_found, strict=True))
    rows.append(
        Row(
            "G9",
            "parts of names that find exactly as many",
            "SQLite LIKE on a plain table",
            f"{same} of {len(like_found)} queries, {sum(like_found):,} learners",
            100 * same / len(like_found),
            100,
            more=True,
            unit="%",
        )
    )
    return rows


def _roster_rows(results: Results) -> list[Row]:
    ours, bare = (results.cpu(f"roster {job}") for job in ("ours", "bare"))
    return [
        Row(
            "G13",
            f"list of {_thousands(results.scale.listed)} people, 20 columns, read, columns found, "
            "every row checked and compared",
            "openpyxl, read only, every cell",
            f"{ours:.3g} s : {bare:.3g} s",
            ours / bare,
            1.0,
            0.5,
        )
    ]


def _start_rows(results: Results) -> list[Row]:
    ours, bare = results.figures["start ours"], results.figures["start bare"]
    paint, base = (median([run["paint"]["cpu"] for run in found]) for found in (ours, bare))
    wall = [median([run["paint"]["wall"] for run in found]) for found in (ours, bare)]
    filled = median([run["filled"]["cpu"] for run in ours])
    early = sorted({name for run in ours for name in run["early"]})
    over = f"over {results.facts['start_megabytes']:.0f} MB"
    return [
        Row(
            "G10",
            f"start to first paint {over}",
            "a window with an empty table",
            f"{1000 * paint:.3g} ms : {1000 * base:.3g} ms "
            f"(wall {1000 * wall[0]:.3g} : {1000 * wall[1]:.3g}; "
            f"loaded early: {', '.join(early) or 'nothing'})",
            paint / base,
            1.5,
            1.25,
        ),
        Row(
            "",
            f"start to the day's list {over}",
            "a window with an empty table",
            f"{1000 * filled:.3g} ms : {1000 * base:.3g} ms",
            filled / base,
        ),
    ]


def _ledger_rows(results: Results) -> list[Row]:
    runs = {job: results.figures[f"ledger {job}"] for job in ("ours", "naive", "bare")}
    rows = f"ledger of {_thousands(results.scale.sessions)} sessions"
    opened = {job: median([run["open"] for run in found]) for job, found in runs.items()}
    jumped = {
        job: median([spent for run in runs[job] for spent in run["jumps"]])
        for job in ("ours", "naive")
    }
    grown = {job: median([run["grown"] for run in runs[job]]) for job in ("ours", "naive")}
    order = median([run["order"] for run in runs["ours"]])
    return [
        Row(
            "G11",
            f"{rows}: opened and painted",
            "a table of the first rows that knows no others",
            f"{1000 * opened['ours']:.3g} ms : {1000 * opened['bare']:.3g} ms "
            f"(every row reachable {order:.2g} s later, beside the window)",
            opened["ours"] / opened["bare"],
            2,
            1.3,
        ),
        Row(
            "G11",
            f"{rows}: jump to any row, painted",
            "a model that holds every row",
            f"{1000 * jumped['ours']:.3g} ms : {1000 * jumped['naive']:.3g} ms",
            jumped["ours"] / jumped["naive"],
            1.5,
            1.2,
        ),
        Row(
            "G11",
            f"{rows}: memory",
            "a model that holds every row",
            f"{grown['ours']:.3g} MB : {grown['naive']:.3g} MB",
            100 * grown["ours"] / grown["naive"],
            10,
            6,
            unit="%",
        ),
    ]


def _save_rows(results: Results) -> list[Row]:
    rows = []
    for what, told in (("cpu", "CPU"), ("wall", "elapsed")):
        saved, bare = (
            1000 * median([median(run[what]) for run in results.figures[job]]) for job in _SAVES
        )
        rows.append(
            Row(
                "G17",
                f"save of an edited field, {told}",
                "bare UPDATE and log INSERT",
                f"{saved:.3g} ms : {bare:.3g} ms",
                saved / bare,
                1.5,
                1.2,
            )
        )
    counted: list[Any] = [run["save"] for run in results.figures["barriers"]]
    barriers = None if None in counted else max(counted)
    plain = results.figures["barriers"][0]["bare"]
    figures = "no strace here" if barriers is None else f"{barriers:g} : {plain:g}"
    anchor = "bare UPDATE and log INSERT"
    return [
        *rows,
        Row("G17", "disk barriers of a save", anchor, figures, barriers, 1, unit=""),
    ]


_SAVES = ("save", "bare save")


def _rebuild_rows(results: Results) -> list[Row]:
    rows = []
    for name, told in (
        ("people", "with people, the same log as received"),
        ("main", "people held, so the log is larger than what was received"),
    ):
        cpu, receive = results.cpu(f"{name} rebuild"), results.cpu(f"{name} receive")
        figures = f"{cpu:.3g} s : {receive:.3g} s"
        rows.append(Row("G18", f"rebuild, {told}", "the receive", figures, cpu / receive, 1.0, 0.7))
    return rows
