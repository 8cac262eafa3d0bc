"""Tables that come back from a file, in which anything may stand: could the reader have read them?"""

import numpy as np

from playground.data.tables import (
    MAX_COLUMNS,
    MAX_KEPT_CATEGORIES,
    MAX_MAGNITUDE,
    MAX_NAME,
    MAX_ROWS,
    MAX_TEXT,
    Column,
    Table,
)
from playground.errors import InvalidValueError
from playground.sentences import say


def check(table: Table) -> None:
    """Make sure that a table holds together, so that whatever uses it can trust it.

    Raises:
        InvalidValueError: If it does not.
    """
    names = {column.name for column in table.columns}
    widths = {len(row) for row in table.head}
    if not (
        0 < table.rows <= MAX_ROWS
        and 0 < len(table.columns) <= MAX_COLUMNS
        and len(names) == len(table.columns)
        and widths <= {len(table.columns)}
        and all(0 < len(name) <= MAX_NAME for name in (table.name, *names))
        and all(_holds_together(column, table.rows) for column in table.columns)
    ):
        raise InvalidValueError(say("The table in the saved run is damaged."), "table")


def _holds_together(column: Column, rows: int) -> bool:
    """Whether the parts of a column fit each other."""
    if not (0 <= column.missing <= rows and 0 <= column.distinct <= rows):
        return False
    if column.kind == "number" and column.numbers is None:
        return False
    if column.kind == "category" and not column.categories:
        return False
    return _has_numbers(column, rows) and _has_categories(column, rows)


def _has_numbers(column: Column, rows: int) -> bool:
    """Whether the numbers of a column are what they should be, if it has any."""
    if column.numbers is None:
        return True
    if len(column.numbers) != 8 * rows:
        return False
    numbers = np.frombuffer(column.numbers, np.float64)
    missing = np.isnan(numbers)
    return missing.sum() == column.missing and bool((np.abs(numbers[~missing]) <= MAX_MAGNITUDE).all())


def _has_categories(column: Column, rows: int) -> bool:
    """Whether the categories of a column are what they should be, if it has any."""
    names = column.categories
    if not column.codes:
        return not names
    if len(column.codes) != 4 * rows or len(names) > MAX_KEPT_CATEGORIES or len(names) != column.distinct:
        return False
    codes = np.frombuffer(column.codes, np.int32)
    return (
        all(len(name) <= MAX_TEXT for name in names)
        and bool(((codes >= -1) & (codes < len(names))).all())
        and (codes < 0).sum() == column.missing
    )
