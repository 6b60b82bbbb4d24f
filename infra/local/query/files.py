"""Files of SQL: what they say of themselves, and what they are for DuckDB."""

import re
from dataclasses import dataclass
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


def translated(file: File, known: dict[str, dict[str, str]], settings: list[str] = ()) -> str:
    """The file for DuckDB, with other values of its parameters where somebody set them."""
    file.tree = with_settings(file, settings)
    return dialect.duckdb(typed(file, known))


def with_settings(file: File, settings: list[str]) -> exp.Query:
    tree = file.tree.copy()
    rows = [cte.this.expressions for cte in tree.find_all(exp.CTE) if cte.alias == "parameters"]
    row = {column.alias: column for column in (rows[0] if rows else [])}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in row:
            raise Wrong(f"{file.name} has no parameter {name}; it has: {', '.join(row) or 'none'}")
        before = row[name].this
        if isinstance(before, exp.Literal) and not before.is_string or isinstance(before, exp.Neg):
            if not re.fullmatch(r"-?\d+(\.\d+)?", value):
                raise Wrong(f"{name} is a number, and {value} is none")
            row[name].set("this", sqlglot.parse_one(value, read=dialect.ATHENA))
        elif before.is_string or isinstance(before, exp.Cast) and before.is_type("varchar"):
            row[name].set("this", exp.Literal.string(value))
        else:  # all others are days
            row[name].set("this", exp.cast(exp.Literal.string(value), "date"))
    return tree


def mount(database: duckdb.DuckDBPyConnection, views: dict[str, File]) -> None:
    """Makes the views of SQL files, those that others stand on before them."""
    known, waiting = known_columns(views), dict(views)
    while waiting:
        ready = [v for v in waiting.values() if not waiting.keys() & {t.name for t in v.tree.find_all(exp.Table)}]
        if not ready:
            raise Wrong("views stand on each other in a circle: " + ", ".join(waiting))
        for view in ready:
            database.execute(f"CREATE VIEW {view.name} AS {translated(view, known)}")
            del waiting[view.name]
