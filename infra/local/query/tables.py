"""The tables of an exported folder, as DuckDB sees them."""

import json
import os
from pathlib import Path

import duckdb

from wrong import Wrong

PARTITION = "dt"


def schema() -> dict[str, dict]:
    """The tables by name, as package table has them; a test of this folder holds the file to it."""
    return {t["name"]: t for t in json.loads((Path(__file__).parent / "tables.json").read_text(encoding="utf-8"))}


def columns() -> dict[str, dict[str, str]]:
    """The columns of each table with their types as Athena names them, the day of a daily one before them."""
    return {name: {**({PARTITION: "varchar"} if t["daily"] else {}), **{c["name"]: c["type"] for c in t["columns"]}} for name, t in schema().items()}


def connect(file: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A database, whose clock is UTC, as Athena's."""
    database = duckdb.connect(file)
    database.execute("SET TimeZone = 'UTC'")
    return database


def mount(database: duckdb.DuckDBPyConnection, folder: Path | None, kind: str = "VIEW") -> None:
    """Makes each table: a VIEW over the files that its manifests list, or a TABLE of its own; without a folder it is empty."""
    if folder:
        if not (folder / "manifests").is_dir():
            raise Wrong(f"{folder} holds no export: make export DIR={folder} writes one")
        os.chdir(folder)  # so that no letter of its path means anything to DuckDB
    for name, all_columns in columns().items():
        empty = ", ".join(f"CAST(NULL AS {duck(t)}) AS {c}" for c, t in all_columns.items())
        rows = f"SELECT {empty} WHERE false"
        if listed := listing(name) if folder else []:
            names = ", ".join("'" + key.replace("'", "''") + "'" for key in listed)
            # What an older file lacks is null.
            rows += f" UNION ALL BY NAME SELECT * FROM read_parquet([{names}], union_by_name = true, hive_partitioning = {schema()[name]['daily']}, hive_types_autocast = false)"
        picked = ", ".join(f"CAST({c} AS {duck(t)}) AS {c}" for c, t in all_columns.items())
        database.execute(f"CREATE OR REPLACE {kind} {name} AS SELECT {picked} FROM ({rows})")


def listing(table: str) -> list[str]:
    """The files that a table's manifests list, relative to the folder; those of a bucket that was copied are named by the bucket's address."""
    keys = []
    for manifest in sorted(Path("manifests", table).rglob("manifest")):
        for line in manifest.read_text(encoding="utf-8").splitlines():
            keys.append(line.removeprefix("s3://").split("/", 1)[1] if line.startswith("s3://") else line)
    return keys


def duck(athena: str) -> str:
    """A type's name in DuckDB."""
    return athena.removeprefix("array(").removesuffix(")") + "[]" if athena.startswith("array(") else athena
