"""Asks an exported folder the questions of infra/athena, with DuckDB: make query NAME=hardest-questions DIR=folder.

The SQL is kept once, in Athena's dialect, and translated as it is run. -check holds all of it to the tables and to what Athena takes.
"""

import argparse
import os
import sys
from pathlib import Path

import duckdb

import check
import files
import show
import tables
from wrong import Wrong

SQL = Path(__file__).resolve().parents[2] / "athena"


def main() -> None:
    parser = argparse.ArgumentParser(prog="query", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="name", help="which query, or several; none lists them")
    parser.add_argument("-dir", type=Path, help="folder that make export wrote")
    parser.add_argument("-format", choices=show.FORMATS, default="table", help="how the answer is printed (table)")
    parser.add_argument("-set", action="append", default=[], metavar="NAME=VALUE", help="another value for one of the query's parameters")
    parser.add_argument("-into", type=Path, metavar="FILE", help="write all tables, views and queries into a database of DuckDB's, for tools that open one")
    parser.add_argument("-check", action="store_true", help="check all files of SQL, and ask nothing")
    parser.add_argument("-sql", type=Path, default=SQL, help="folder of views and queries (infra/athena)")
    asked = parser.parse_args()
    if asked.check:
        print(check.all_files(asked.sql))
        return
    queries, views = files.read(asked.sql / "queries"), files.read(asked.sql / "views")
    if not asked.names and not asked.into:
        show.descriptions(queries)
        return
    if not asked.dir:
        raise Wrong("say which folder to ask: make export DIR=folder writes one")
    known = {**views, **queries}  # a view can be looked at too
    if unknown := [name for name in asked.names if name not in known]:
        raise Wrong(f"there is no query {unknown[0]}: without a name they are listed")
    sql = files.with_settings([known[name] for name in asked.names] or list(queries.values()), asked.set, files.known_columns(views))
    database = tables.connect(asked.into.absolute() if asked.into else ":memory:")
    tables.mount(database, asked.dir, "TABLE" if asked.into else "VIEW")
    files.mount(database, views)
    if asked.into:
        for name, text in sql.items():
            database.execute(f"CREATE OR REPLACE VIEW {name.replace('-', '_')} AS {text}")
    if asked.names:
        show.answers({name: database.cursor().execute(text) for name, text in sql.items()}, asked.format)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (Wrong, duckdb.Error) as e:
        sys.exit(f"query: {e}")
