"""The rows of figures and long workbooks."""

from typing import Any

from bench.table import Row, median


def figure_rows(figures: dict[str, list[dict[str, Any]]], facts: dict[str, Any]) -> list[Row]:
    """Return the rows of reports, monthly figures and the upkeep of their summary."""

    def cpu(job: str) -> float:
        return median([float(found["cpu"]) for found in figures[job]])

    held = f"{facts['large_attendances'] / 1e6:.3g}M"
    asked = f"six indicators of a month over {held} attendances, in total and by kind"
    ours, plain = cpu("figures ours"), cpu("figures plain")
    rows = [
        Row(
            "G14",
            f"workbook of {facts['report_rows']:,} rows of 20 cells, no text can act",
            "openpyxl, write only, the bare values",
            f"{cpu('report ours'):.3g} s : {cpu('report bare'):.3g} s",
            cpu("report ours") / cpu("report bare"),
            1.2,
            1.1,
        )
    ]
    if figures["figures duckdb"]:
        duckdb = cpu("figures duckdb")
        told = f"{ours:.3g} s : {duckdb:.3g} s, equal"
        rows.append(Row("G15", asked, facts["duckdb"], told, ours / duckdb, 1.0, 0.5))
    else:
        rows.append(Row("G15", asked, "DuckDB", "DuckDB could not be installed here"))
    rows.append(
        Row("", asked, "the same, every mark read", f"{ours:.3g} s : {plain:.3g} s", ours / plain)
    )
    shares = [
        100 * found["summary"] / (found["cpu"] - found["summary"]) for found in figures["upkeep"]
    ]
    spent = median([1000 * float(found["summary"]) for found in figures["upkeep"]])
    rest = median([1000 * float(found["cpu"] - found["summary"]) for found in figures["upkeep"]])
    rows.append(
        Row(
            "G16",
            f"summary of roll calls kept while a delta comes into {held}",
            "the rest of the receive",
            f"{spent:.3g} ms : {rest:.3g} ms",
            median(shares),
            10,
            5,
            unit="%",
        )
    )
    return rows
