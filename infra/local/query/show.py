"""How answers are printed."""

import csv
import datetime
import json
import sys

FORMATS = ("table", "csv", "json")


def descriptions(queries: dict) -> None:
    """What can be asked."""
    for query in queries.values():
        print(f"{query.name}\n    {query.description}")


def answers(results: dict, form: str) -> None:
    """Prints what DuckDB answered, by name: one JSON, or one table after the other."""
    read = {name: ([column[0] for column in r.description], r.fetchall()) for name, r in results.items()}
    if form == "json":
        all_rows = {name: [dict(zip(names, map(value, row))) for row in rows] for name, (names, rows) in read.items()}
        json.dump(all_rows if len(read) > 1 else next(iter(all_rows.values())), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return
    for name, (names, rows) in read.items():
        if len(read) > 1:
            print(f"\n{name}")
        if form == "csv":
            out = csv.writer(sys.stdout, lineterminator="\n")
            out.writerow(names)
            out.writerows(["" if v is None else truth(value(v)) for v in row] for row in rows)
        else:
            table(names, rows)


def value(v):
    """A value as JSON has it; times are in UTC."""
    if isinstance(v, datetime.datetime):
        return v.isoformat(sep=" ", timespec="microseconds" if v.microsecond % 1000 else "milliseconds")
    if isinstance(v, datetime.date):
        return v.isoformat()
    return v


def truth(v):
    return str(v).lower() if isinstance(v, bool) else v


def table(names: list[str], rows: list[tuple]) -> None:
    """Prints columns under their names, numbers to the right."""
    cells = [[cell(v) for v in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells)]
    right = [all(isinstance(v, (int, float)) or v is None for v in column) for column in zip(*rows)] or [False] * len(names)
    for row in [names, ["-" * w for w in widths], *cells]:
        print("  ".join(v.rjust(w) if r else v.ljust(w) for v, w, r in zip(row, widths, right)).rstrip())
    print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})")


def cell(v) -> str:
    if v is None:
        return ""
    if isinstance(v, float):
        return f"{v:.3f}"
    if isinstance(v, datetime.datetime):
        return v.isoformat(sep=" ", timespec="seconds")
    return str(truth(value(v))).replace("\n", " ")
