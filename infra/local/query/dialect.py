"""What Athena's dialect (engine 3: Trino's) is for DuckDB, where sqlglot's translation would answer something else."""

from sqlglot import exp

ATHENA = "athena"

DAYS = {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}


def duckdb(tree: exp.Query) -> str:
    """The SQL for DuckDB of a tree whose expressions have their types."""
    return tree.transform(translated, copy=True).sql("duckdb", comments=False)


def translated(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DateDiff):
        # Trino counts whole units that have passed, DuckDB's date_diff bounds of units that were crossed.
        return exp.Anonymous(this="date_sub", expressions=[exp.Literal.string(unit(node)), node.expression, node.this])
    if isinstance(node, (exp.DateAdd, exp.DateTrunc)) and unit(node) in DAYS and is_date(node.this):
        # A date stays a date; DuckDB makes a timestamp of it.
        if not isinstance(node.parent, exp.Cast) or not node.parent.is_type("date"):
            return exp.cast(node, "date")
    if isinstance(node, exp.ApproxQuantile):
        # Exact, so that the answer is the same each time.
        return exp.Anonymous(this="quantile_disc", expressions=[node.this, node.args["quantile"]])
    if isinstance(node, exp.CountIf):
        # Of nothing but nulls DuckDB counts null, Trino 0.
        return exp.Count(this=exp.Case().when(node.this, exp.Literal.number(1)))
    return node


def unit(node: exp.Expression) -> str:
    return node.args["unit"].name.upper()


def is_date(node: exp.Expression) -> bool:
    return node.is_type("date") or isinstance(node, exp.CurrentDate)
