"""Holds all SQL to the tables, and to what Athena takes where DuckDB would take more."""

import re
from pathlib import Path

import duckdb
from sqlglot import exp

import files
import tables
from wrong import Wrong

# The words that are reserved in SELECT (trino.io, "Keywords and identifiers").
RESERVED = set(
    """alter and as auto between by case cast constraint create cross cube current_catalog current_date current_path current_role current_schema
    current_time current_timestamp current_user deallocate delete describe distinct drop else end escape except execute exists extract false for from
    full group grouping having in inner insert intersect into is join json_array json_exists json_object json_query json_table json_value left like
    listagg localtime localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table then trim true
    uescape union unnest using values when where with""".split()
)

# The functions of Trino's that may stand in SQL: those whose translation was looked at.
FUNCTIONS = set(
    """approx_percentile avg cast ceil coalesce corr count count_if date_add date_diff date_format date_trunc day_of_week floor hour lag least max
    min nullif row_number sequence substr sum unnest""".split()
)

# Athena compares no text with a day, and joins nothing to text but text. What may stand beside each other:
KINDS = {"varchar": "text", "text": "text", "char": "text", "boolean": "truth", "date": "time", "timestamp": "time", "interval": "time"}
NUMBERS = {"tinyint": 0, "smallint": 0, "int": 0, "bigint": 0, "hugeint": 0, "decimal": 1, "double": 1, "float": 1}


def all_files(folder: Path) -> str:
    """Checks each file, the views first; says what was checked, or raises all that is wrong."""
    wrong = []
    views = readable(folder / "views", wrong)
    for view in [v for v in views.values() if not v.columns]:
        wrong.append(f"{view.path.name}: a view says its columns in a line -- columns:")
        del views[view.name]
    queries = readable(folder / "queries", wrong)
    sound = [view for view in views.values() if not faults(view, views, "_", wrong)]
    if len(sound) == len(views):
        database = tables.connect()
        tables.mount(database, None)
        wrong += view_answers(database, views)
        wrong += [w for query in queries.values() if not faults(query, views, "-", wrong) for w in query_answers(database, query, views)]
    if wrong:
        raise Wrong("\n".join(wrong))
    return f"{len(views)} views and {len(queries)} queries: in Athena's dialect, and of columns that there are"


def readable(folder: Path, wrong: list[str]) -> dict[str, files.File]:
    """The files that can be read; what is wrong with the others goes to the list."""
    found = {}
    for path in sorted(folder.glob("*.sql")):
        try:
            found[path.stem] = files.one(path)
        except Wrong as e:
            wrong.append(str(e))
    return found


def faults(file: files.File, views: dict, between: str, wrong: list[str]) -> bool:
    """Adds to the list what is wrong with a file by itself, whose name is words with something between them."""
    before = len(wrong)

    def fault(word: str, says: str) -> None:
        wrong.append(f"{file.path.name}:{files.line_of(file, word)}: {says}")

    if not re.fullmatch(f"[a-z][a-z0-9]*({between}[a-z0-9]+)*", file.name):
        fault("SELECT", f"the file is named in small letters, with {between} between words")
    if not file.description:
        fault("SELECT", "the first line says what it answers, behind --")
    code = re.sub(r"--.*|'[^']*'", "", file.text)
    for word in re.findall(r"(\w+)\(", code):
        if word.lower() not in FUNCTIONS:
            fault(word, f"the function {word} is not among those that were looked at")
    for identifier in file.tree.find_all(exp.Identifier):
        if identifier.name.lower() in RESERVED or identifier.args.get("quoted"):
            fault(identifier.name, f"{identifier.name} is reserved, or quoted as if it were")
    for star in file.tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            fault("SELECT", "columns are named, one by one, instead of *")
    of_days = {name for name, t in tables.schema().items() if t["daily"]} | {"learning"}
    if file.name not in views and of_days & {t.name for t in file.tree.find_all(exp.Table)}:
        if not any(c.name == tables.PARTITION for where in file.tree.find_all(exp.Where) for c in where.find_all(exp.Column)):
            fault("FROM", "what has partitions of days is asked of a span of them: dt >= …")
    try:
        for node in files.typed(file, files.known_columns(views)).walk():
            if says := mismatch(node):
                wrong.append(f"{file.path.name}: {says}: {node.sql(dialect=files.dialect.ATHENA)}")
    except Wrong as e:
        wrong.append(str(e))
    return len(wrong) > before


def mismatch(node: exp.Expression) -> str | None:
    """What Athena refuses, or answers in another way than DuckDB, for the types that it has to do with."""
    if isinstance(node, exp.Div) and 1 not in (NUMBERS.get(kind(node.this)), NUMBERS.get(kind(node.expression))):
        return "whole numbers are divided to a whole number: CAST one AS double"
    if isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.DPipe, exp.Add, exp.Sub, exp.Between, exp.Coalesce, exp.Nullif, exp.In)):
        sides = [node.this, node.expression, node.args.get("low"), node.args.get("high"), *node.expressions]
        families = {KINDS.get(k) or "number" for s in sides if isinstance(s, exp.Expression) and (k := kind(s)) in KINDS.keys() | NUMBERS.keys()}
        if len(families) > 1 or isinstance(node, exp.DPipe) and families - {"text"}:
            return "types are mixed that Athena does not mix (" + ", ".join(sorted(families)) + ")"
    return None


def kind(node: exp.Expression) -> str:
    return node.type.this.value.lower() if node.type else "unknown"


def view_answers(database: duckdb.DuckDBPyConnection, views: dict) -> list[str]:
    """Holds the header of each view to what DuckDB answers over empty tables."""
    wrong = []
    try:
        files.mount(database, views)
    except duckdb.Error as e:
        return [f"views: {e}"]
    for view in views.values():
        has = {name: athena(str(t)) for name, t, *_ in database.execute(f"DESCRIBE {view.name}").fetchall()}
        if list(has.items()) != list(view.columns.items()):
            wrong.append(f"{view.path.name}: its columns are: -- columns: " + ", ".join(f"{n} {t}" for n, t in has.items()))
    return wrong


def query_answers(database: duckdb.DuckDBPyConnection, query: files.File, views: dict) -> list[str]:
    """What DuckDB has against a query, over empty tables."""
    try:
        database.execute(files.translated(query, files.known_columns(views)))
    except duckdb.Error as e:
        return [f"{query.path.name}: {e}"]
    return []


def athena(duck: str) -> str:
    """A type of DuckDB's as Athena names it. Its sums of whole numbers are wider than Athena's."""
    if duck.endswith("[]"):
        return f"array({athena(duck[:-2])})"
    return {"HUGEINT": "bigint"}.get(duck, duck.lower())
