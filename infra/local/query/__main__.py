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
    parser.add_argument("name", nargs="?", help="which query; none lists them")
    parser.add_argument("-dir", type=Path, help="folder that make export wrote")
    parser.add_argument("-format", choices=show.FORMATS, default="table", help="how the answer is printed (table)")
    parser.add_argument("-set", action="append", default=[], metavar="NAME=VALUE", help="another value for one of the query's parameters")
    parser.add_argument("-check", action="store_true", help="check all files of SQL, and ask nothing")
    parser.add_argument("-sql", type=Path, default=SQL, help="folder of views and queries (infra/athena)")
    asked = parser.parse_args()
    if asked.check:
        print(check.all_files(asked.sql))
        return
    queries, views = files.read(asked.sql / "queries"), files.read(asked.sql / "views")
    if not asked.name:
        show.descriptions(queries)
        return
    known = {**views, **queries}  # a view can be looked at too
    if asked.name not in known:
        raise Wrong(f"there is no query {asked.name}: without a name they are listed")
    if not asked.dir:
        raise Wrong("say which folder to ask: make export DIR=folder writes one")
    database = tables.connect()
    tables.mount(database, asked.dir)
    files.mount(database, views)
    sql = files.translated(known[asked.name], files.known_columns(views), asked.set)
    show.answer(database.execute(sql), asked.format)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (Wrong, duckdb.Error) as e:
        sys.exit(f"query: {e}")
