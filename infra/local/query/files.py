"""Files of SQL: what they say of themselves, and what they are for DuckDB."""

import datetime
import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, ParseError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

import dialect
import tables
from wrong import Wrong


@dataclass
class File:
    """A view or a query. Its first comments are its description; a view's columns stand in its header, with their types as Athena names them."""

    name: str
    path: Path
    text: str
    description: str
    columns: dict[str, str] | None
    tree: exp.Query


def read(folder: Path) -> dict[str, File]:
    """All files of a folder, by name."""
    return {path.stem: one(path) for path in sorted(folder.glob("*.sql"))}


def one(path: Path) -> File:
    text = path.read_text(encoding="utf-8")
    says, columns = [], None
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        if line.startswith("-- columns: "):
            columns = dict(column.split(" ", 1) for column in line.removeprefix("-- columns: ").split(", "))
        else:
            says.append(line.removeprefix("-- "))
    try:
        trees = sqlglot.parse(text, read=dialect.ATHENA)
    except ParseError as e:
        first = e.errors[0]
        raise Wrong(f"{path.name}:{first['line']}: {first['description']}, at {first['highlight']!r}") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise Wrong(f"{path.name}: one SELECT, and nothing else, makes a file")
    return File(path.stem, path, text, " ".join(says), columns, trees[0])


def known_columns(views: dict[str, File]) -> dict[str, dict[str, str]]:
    """The columns of all tables and views, with their types."""
    return {**tables.columns(), **{name: view.columns for name, view in views.items()}}


def typed(file: File, known: dict[str, dict[str, str]]) -> exp.Query:
    """The file's tree in which each column has its table, and each expression its type. What it names must be there."""
    tree = file.tree.copy()
    for table in tree.find_all(exp.Table):
        if table.name not in known and table.name not in {cte.alias for cte in tree.find_all(exp.CTE)}:
            raise Wrong(f"{file.path.name}:{line_of(file, table.name)}: there is no table or view {table.name}")
    try:
        # Athena lets no clause but ORDER BY name what SELECT calls something, so no such name is looked up.
        tree = qualify(tree, schema=known, dialect=dialect.ATHENA, expand_alias_refs=False, expand_stars=False, quote_identifiers=False)
        return annotate_types(tree, schema=known, dialect=dialect.ATHENA)
    except OptimizeError as e:
        name = re.search(r"(?:Unknown column: |Column '(?:\w+\.)?)(\w+)", str(e))
        at = f":{line_of(file, name[1])}" if name else ""
        raise Wrong(f"{file.path.name}{at}: {e}") from None


def line_of(file: File, word: str) -> int:
    """The first line of SQL that has a word."""
    for n, line in enumerate(file.text.splitlines(), 1):
        if re.search(rf"\b{re.escape(word)}\b", re.sub("--.*", "", line)):
            return n
    return 1


def translated(file: File, known: dict[str, dict[str, str]]) -> str:
    """The file for DuckDB."""
    return dialect.duckdb(typed(file, known))


def with_settings(asked: list[File], settings: list[str], known: dict[str, dict[str, str]]) -> dict[str, str]:
    """Files for DuckDB, by name, with other values of their parameters, each a text such as as_of=2026-03-31, in those that have them."""
    trees = {file.name: replace(file, tree=file.tree.copy()) for file in asked}
    for setting in settings:
        name, _, value = setting.partition("=")
        rows = [parameters(file.tree) for file in trees.values()]
        if not any(name in row for row in rows):
            raise Wrong(f"there is no parameter {name}, but: {', '.join(sorted({n for row in rows for n in row})) or 'none'}")
        for row in rows:
            if name in row:
                row[name].set("this", like(row[name].this, name, value))
    return {file.name: translated(file, known) for file in trees.values()}


def parameters(tree: exp.Query) -> dict[str, exp.Expression]:
    """What people edit, by name."""
    return {column.alias: column for cte in tree.find_all(exp.CTE) if cte.alias == "parameters" for column in cte.this.expressions}


def like(before: exp.Expression, name: str, value: str) -> exp.Expression:
    """A value of the same kind as the one before it: a number, or a day, as text where partitions are compared with it."""
    if isinstance(before, exp.Literal) and not before.is_string:
        if not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise Wrong(f"{name} is a number, and {value} is none")
        return sqlglot.parse_one(value, read=dialect.ATHENA)
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        raise Wrong(f"{name} is a day such as 2026-01-31, and {value} is none") from None
    text = exp.Literal.string(value)
    return text if before.is_string or before.is_type("varchar") else exp.cast(text, "date")


def mount(database: duckdb.DuckDBPyConnection, views: dict[str, File]) -> None:
    """Makes the views of SQL files, those that others stand on before them."""
    known, waiting = known_columns(views), dict(views)
    while waiting:
        ready = [v for v in waiting.values() if not waiting.keys() & {t.name for t in v.tree.find_all(exp.Table)}]
        if not ready:
            raise Wrong("views stand on each other in a circle: " + ", ".join(waiting))
        for view in ready:
            database.execute(f"CREATE OR REPLACE VIEW {view.name} AS {translated(view, known)}")
            del waiting[view.name]
