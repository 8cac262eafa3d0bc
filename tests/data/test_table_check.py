from pathlib import Path

import msgspec
import numpy as np
import pytest

from playground.data.table_check import check
from playground.data.table_reader import read
from playground.data.tables import MAX_ROWS, Table
from playground.errors import InvalidValueError

TABLES = sorted((Path(__file__).parent / "tables").glob("*.csv"))
CSV = b"size,kind\n" + b"".join(b"%d,%s\n" % (n % 7, b"ab"[n % 2 : n % 2 + 1]) for n in range(40)) + b",\n?,a\n"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_what_was_read_holds_together(path):
    table = read(path.read_bytes(), path.name)
    if isinstance(table, Table):
        check(msgspec.msgpack.decode(msgspec.msgpack.encode(table), type=Table))


def changed(table, column=None, **changes):
    if column is None:
        return msgspec.structs.replace(table, **changes)
    columns = list(table.columns)
    columns[column] = msgspec.structs.replace(columns[column], **changes)
    return msgspec.structs.replace(table, columns=columns)


def values(data, dtype, index, value):
    array = np.frombuffer(data, dtype).copy()
    array[index] = value
    return array.tobytes()


DAMAGES = {
    "no rows": lambda t: changed(t, rows=0),
    "more rows than are accepted": lambda t: changed(t, rows=MAX_ROWS + 1),
    "other rows": lambda t: changed(t, rows=t.rows + 1),
    "no columns": lambda t: changed(t, columns=[]),
    "a name twice": lambda t: changed(t, 0, name="kind"),
    "no name": lambda t: changed(t, name=""),
    "a name without end": lambda t: changed(t, 0, name="x" * 1000),
    "a narrow head": lambda t: changed(t, head=[["1"]]),
    "numbers missing": lambda t: changed(t, 0, numbers=None),
    "numbers too few": lambda t: changed(t, 0, numbers=t.columns[0].numbers[8:]),
    "a number too large": lambda t: changed(t, 0, numbers=values(t.columns[0].numbers, float, 3, 1e200)),
    "an infinite number": lambda t: changed(t, 0, numbers=values(t.columns[0].numbers, float, 3, -np.inf)),
    "one more missing": lambda t: changed(t, 0, numbers=values(t.columns[0].numbers, float, 3, np.nan)),
    "missing more than there are": lambda t: changed(t, 0, missing=1000),
    "negative count": lambda t: changed(t, 0, distinct=-1),
    "no categories": lambda t: changed(t, 1, categories=[]),
    "codes missing": lambda t: changed(t, 1, codes=b""),
    "codes too few": lambda t: changed(t, 1, codes=t.columns[1].codes[4:]),
    "a category that is not there": lambda t: changed(t, 1, codes=values(t.columns[1].codes, np.int32, 0, 2)),
    "a code below -1": lambda t: changed(t, 1, codes=values(t.columns[1].codes, np.int32, 0, -2)),
    "one more category": lambda t: changed(t, 1, categories=["a", "b", "c"]),
    "a category without end": lambda t: changed(t, 1, categories=["a", "b" * 1000]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_does_not_hold_together_is_refused(damage):
    table = read(CSV, "own.csv")
    check(table)
    with pytest.raises(InvalidValueError, match="damaged"):
        check(DAMAGES[damage](table))
