"""A person's own table: what was read of it, what it can be used for, and the samples it gives.

A file is read by `playground.data.table_reader`, in a process of its own; what comes out is a `Table`. The person
says in a `TableChoice` what to predict and from what. `choose` checks that and gives the `TableSource` that an
experiment keeps, `samples` gives the arrays.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, NamedTuple, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from playground.errors import InvalidValueError, UnknownNameError
from playground.sentences import Told, say, say_n

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_BYTES = 10_000_000

MAX_CATEGORIES = 12
"""Most columns that one category becomes; the rarer values share the last of them."""

MAX_CLASSES = 10
MAX_INPUTS = 128
"""Most inputs of a network, categories counted as one-hot."""

MIN_SAMPLES = 10
MAX_KEPT_CATEGORIES = 1_000
MAX_NAME = 80
"""Longest name of a file or a column, in characters."""

MAX_TEXT = 200
"""Longest value of a category, in characters."""

MAX_MAGNITUDE = 1e100
"""Greatest number: the square of a larger one, as its variance needs, is soon no longer finite."""

KINDS = ("number", "category")
MISSING = ("impute", "drop")
SCALINGS = ("standardize", "minmax", "none")

_TARGET_NAMES = (
    *("class", "target", "label", "outcome", "species", "y", "output", "diagnosis", "survived", "result", "category"),
)
_ID_NAMES = ("id", "index", "no", "nr", "row", "#")


class Column(msgspec.Struct):
    """One column as read.

    Attributes:
        name: Unique in its table.
        kind: What it seems to be; "text" has too many different values for a category, as ids and remarks have.
        missing: Rows without a value.
        distinct: Different values; numbers are compared as numbers.
        examples: The first three different values, as they stand in the file.
        numbers: float64 (rows,), NaN where missing; None unless every value is a number or a date (as decimal year).
        codes: int32 (rows,), numbers of categories, -1 where missing; empty if the column cannot be a category.
        categories: Different values, at most MAX_KEPT_CATEGORIES: numbers by value, others most frequent first.
    """

    name: str
    kind: Literal["number", "category", "text"]
    missing: int
    distinct: int
    examples: list[str]
    numbers: bytes | None
    codes: bytes
    categories: list[str]


class Table(msgspec.Struct, tag="table"):
    """A file as read.

    Attributes:
        name: The file's name without its folder, at most MAX_NAME characters.
        rows: Rows of data, the header not counted.
        columns: In the file's order.
        head: The first rows as they stand in the file, a text for each column.
        header: Whether the file's first row names the columns.
        delimiter: "," ";" "|", a tab, or " " for any white space.
        encoding: "utf-8", "utf-16", "cp1252" or "latin-1".
        notes: What was recognized and what is odd, in sentences.
    """

    name: str
    rows: int
    columns: list[Column]
    head: list[list[str]]
    header: bool
    delimiter: str
    encoding: str
    notes: list[Told]


class TableRefusal(msgspec.Struct, tag="refusal"):
    """Why a file cannot be read as a table, in a sentence."""

    message: Told


Reading: TypeAlias = Table | TableRefusal
"""What the reader answers, as msgpack."""


@dataclass(frozen=True)
class TableChoice:
    """What to make of a table.

    Attributes:
        target: Number of the column to predict, from 0.
        inputs: Numbers of the columns to predict it from.
        kinds: "number" or "category", one for each column of the table.
        missing: Rows where a chosen input is missing: "impute" fills them in, "drop" leaves them out.
        scaling: "standardize" (mean 0, standard deviation 1), "minmax" (0 to 1) or "none", for numbers.
    """

    target: int
    inputs: tuple[int, ...]
    kinds: tuple[str, ...]
    missing: str
    scaling: str


@dataclass(frozen=True)
class TableSource(TableChoice):
    """A choice that has been checked, with all that an experiment has to know of the table.

    Attributes:
        name: The file's name.
        columns: Name of each input; a category's are called as in "workclass = Private".
        scaled: Whether each input is a number, which scaling and imputing are for; categories are 0 or 1.
        classes: Name of each class, or () for regression.
        target_name: Name of the column to predict.
        samples: Rows that are left.
    """

    name: str
    columns: tuple[str, ...]
    scaled: tuple[bool, ...]
    classes: tuple[str, ...]
    target_name: str
    samples: int


class ColumnPreview(msgspec.Struct):
    """What a person is shown of a column, and what it can be used as; see Column."""

    name: str
    kind: Literal["number", "category", "text"]
    missing: int
    distinct: int
    examples: list[str]
    can_be_number: bool
    can_be_category: bool
    can_be_target_class: bool


class TablePreview(msgspec.Struct):
    """What a person is shown of a table before it is used; see Table and `guess`."""

    name: str
    rows: int
    header: bool
    delimiter: str
    encoding: str
    notes: list[Told]
    columns: list[ColumnPreview]
    head: list[list[str]]
    guess: TableChoice


def reading_command(name: str, header: bool | None = None, delimiter: str = "", encoding: str = "") -> list[str]:
    """Return the command that reads a file from its standard input and prints a `Reading` as msgpack.

    Args:
        name: The file's name.
        header: Whether the first row names the columns; None to recognize it.
        delimiter: One of Table's, or "" to recognize it.
        encoding: One of Table's, or "" to recognize it.
    """
    # With = between them, no value can be taken for an option.
    said = {"--delimiter": printable(delimiter), "--encoding": printable(encoding)}
    if header is not None:
        said["--header"] = "yes" if header else "no"
    options = [f"{option}={value}" for option, value in said.items() if value]
    return [sys.executable, "-m", "playground.data.table_reader", f"--name={file_name(name)}", *options]


def file_name(name: str) -> str:
    """Return a file's name without its folder, fit to be shown."""
    return printable(PurePosixPath(name.replace("\\", "/")).name).strip()[:MAX_NAME] or "table"


def printable(text: str) -> str:
    """Return the text without characters that cannot be shown; a tab stays."""
    return "".join(character for character in text if character.isprintable() or character == "\t")


def preview(table: Table) -> TablePreview:
    """Return what a person is shown of a table before it is used."""
    columns = [
        ColumnPreview(
            column.name,
            column.kind,
            column.missing,
            column.distinct,
            column.examples,
            can_be_number=_can_be_number(column),
            can_be_category=_can_be_category(column),
            can_be_target_class=_can_be_target_class(column),
        )
        for column in table.columns
    ]
    said = (table.name, table.rows, table.header, table.delimiter, table.encoding, table.notes)
    return TablePreview(*said, columns, table.head, guess(table))


def guess(table: Table, target: int | None = None) -> TableChoice:
    """Return what a person would probably choose; if the table gives nothing better, `choose` refuses it.

    The target is a column called class, target or the like, else the last that can be one. A whole number of which
    there are few different values is taken for a class. Texts, constants and running numbers are not inputs.

    Args:
        table: What was read.
        target: Number of the column to predict, if that is known.
    """
    columns = table.columns
    kinds = ["number" if column.kind == "number" else "category" for column in columns]
    target = _guessed_target(columns) if target is None else target
    if kinds[target] == "number" and _looks_like_a_class(columns[target], table.rows):
        kinds[target] = "category"

    useful = [
        index
        for index, column in enumerate(columns)
        if index != target and column.kind != "text" and column.distinct >= 2
    ]
    inputs: list[int] = []
    room = MAX_INPUTS
    for index in [index for index in useful if not _is_running_number(columns[index], index)] or useful:
        width = 1 if kinds[index] == "number" else min(columns[index].distinct, MAX_CATEGORIES)
        if width <= room:
            inputs.append(index)
            room -= width
    return TableChoice(target, tuple(inputs), tuple(kinds), "impute", "standardize")


def column_number(table: Table, name: str, field: str) -> int:
    """Return the number of the column called `name`.

    Raises:
        InvalidValueError: If there is none; the field is `field`.
    """
    names = [column.name for column in table.columns]
    if name not in names:
        raise UnknownNameError(say("column"), name, names, field)
    return names.index(name)


def choose(table: Table, choice: TableChoice) -> TableSource:
    """Return what an experiment has to know of a table used in this way.

    Raises:
        InvalidValueError: If the table cannot be used so; the field is "table." and the part of the choice.
    """
    plan = _plan(table, choice)
    return TableSource(
        choice.target,
        choice.inputs,
        choice.kinds,
        choice.missing,
        choice.scaling,
        name=table.name,
        columns=tuple(name for block in plan.blocks for name in block.names),
        scaled=tuple(block.scaled for block in plan.blocks for _ in block.names),
        classes=plan.classes,
        target_name=table.columns[choice.target].name,
        samples=len(plan.y),
    )


def samples(table: Table, choice: TableChoice) -> tuple[Floats, Ints | Floats]:
    """Return the samples of a table used in this way; rows without a target are left out.

    Missing categories become the most frequent one. Missing numbers stay NaN: they are filled in after the split,
    from the training samples only.

    Returns:
        X (samples, inputs), and y (samples,): class numbers, or values for regression.

    Raises:
        InvalidValueError: As `choose` does.
    """
    plan = _plan(table, choice)
    return np.concatenate([block.values for block in plan.blocks], axis=1, dtype=np.float64), plan.y


class _Block(NamedTuple):
    """The inputs that one column becomes, values (samples, names)."""

    names: list[str]
    values: Floats | Flags
    scaled: bool


class _Plan(NamedTuple):
    """What a choice makes of a table, in the rows that it leaves."""

    blocks: list[_Block]
    y: Ints | Floats
    classes: tuple[str, ...]


def _plan(table: Table, choice: TableChoice) -> _Plan:
    """Check a choice, and carry it out."""
    _check_form(table, choice)
    keep = _present(table.columns[choice.target], choice.kinds[choice.target])
    with_target = int(keep.sum())
    if choice.missing == "drop":
        for index in choice.inputs:
            keep &= _present(table.columns[index], choice.kinds[index])
    rows = np.flatnonzero(keep)
    if len(rows) < MIN_SAMPLES:
        if with_target >= MIN_SAMPLES:
            text = say_n(
                "{n} of {rows} rows is left without those that miss a value; at least {least} are needed. "
                "Fill missing values in, or choose other inputs.",
                "{n} of {rows} rows are left without those that miss a value; at least {least} are needed. "
                "Fill missing values in, or choose other inputs.",
                len(rows),
                rows=table.rows,
                least=MIN_SAMPLES,
            )
            raise InvalidValueError(text, "table.missing")
        text = say_n(
            "{n} of {rows} rows is left in which {column} has a value; {least} are needed.",
            "{n} of {rows} rows are left in which {column} has a value; {least} are needed.",
            len(rows),
            rows=table.rows,
            column=repr(table.columns[choice.target].name),
            least=MIN_SAMPLES,
        )
        raise InvalidValueError(text, "table.target")
    y, classes = _target(table.columns[choice.target], choice.kinds[choice.target], rows)
    blocks = [_block(table.columns[index], choice.kinds[index], rows) for index in choice.inputs]
    width = sum(len(block.names) for block in blocks)
    if width > MAX_INPUTS:
        text = say(
            "The chosen columns make {width} inputs; at most {most} are accepted. "
            "Leave out categories with many values.",
            width=width,
            most=MAX_INPUTS,
        )
        raise InvalidValueError(text, "table.inputs")
    return _Plan(blocks, y, classes)


def _check_form(table: Table, choice: TableChoice) -> None:
    """Check all of a choice that can be checked before rows are looked at."""
    count = len(table.columns)
    for part, called, value, accepted in (
        ("missing", say("Missing"), choice.missing, MISSING),
        ("scaling", say("Scaling"), choice.scaling, SCALINGS),
    ):
        if value not in accepted:
            known = ", ".join(accepted)
            text = say("{part} must be one of {known}, got {value}.", part=called, known=known, value=f"{value!r:.60}")
            raise InvalidValueError(text, f"table.{part}")
    if len(choice.kinds) != count:
        text = say(
            "Kinds must be as many as the table's columns, {columns}, got {kinds}.",
            columns=count,
            kinds=len(choice.kinds),
        )
        raise InvalidValueError(text, "table.kinds")
    for kind in choice.kinds:
        if kind not in KINDS:
            text = say("A kind must be one of {known}, got {kind}.", known=", ".join(KINDS), kind=f"{kind!r:.60}")
            raise InvalidValueError(text, "table.kinds")

    _check_number(choice.target, count, "table.target")
    if not choice.inputs:
        raise InvalidValueError(say("Choose at least one column to predict from; none was chosen."), "table.inputs")
    for index in choice.inputs:
        _check_number(index, count, "table.inputs")
    for index in choice.inputs:
        name = table.columns[index].name
        if index == choice.target:
            text = say("{column} is what is to be predicted, so it cannot be an input too.", column=repr(name))
            raise InvalidValueError(text, "table.inputs")
        if choice.inputs.count(index) > 1:
            text = say("{column} was chosen more than once as an input.", column=repr(name))
            raise InvalidValueError(text, "table.inputs")
    for index, field in ((choice.target, "table.target"), *((index, "table.inputs") for index in choice.inputs)):
        _check_kind(table.columns[index], choice.kinds[index], field)


def _check_number(index: int, count: int, field: str) -> None:
    """Check that there is a column of this number."""
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < count:
        text = say(
            "There is no column number {number}; this table's are numbered from 0 to {last}.",
            number=f"{index!r:.60}",
            last=count - 1,
        )
        raise InvalidValueError(text, field)


def _check_kind(column: Column, kind: str, field: str) -> None:
    """Check that a column can be used as a kind."""
    if column.distinct == 0:
        raise InvalidValueError(say("{column} has no values.", column=repr(column.name)), field)
    if kind == "number" and not _can_be_number(column):
        text = say(
            "{column} has values that are not numbers, such as {examples}; use it as a category.",
            column=repr(column.name),
            examples=", ".join(map(repr, column.examples)),
        )
        raise InvalidValueError(text, field)
    if kind == "category" and not _can_be_category(column):
        text = say(
            "{column} has {count} different values, or long texts; a category has at most {most} short ones. {advice}",
            column=repr(column.name),
            count=column.distinct,
            most=MAX_KEPT_CATEGORIES,
            advice=say("Better use it as a number.") if _can_be_number(column) else say("Better leave it out."),
        )
        raise InvalidValueError(text, field)


def _target(column: Column, kind: str, rows: NDArray[np.intp]) -> tuple[Ints | Floats, tuple[str, ...]]:
    """Return the targets of the rows, and the classes' names, () for regression."""
    if kind == "number":
        y = _numbers(column)[rows]
        if y.min() == y.max():
            text = say(
                "{column} has the same value in every row that is used, so there is nothing to learn.",
                column=repr(column.name),
            )
            raise InvalidValueError(text, "table.target")
        return y, ()
    present, classes = np.unique(_codes(column)[rows], return_inverse=True)
    if not 2 <= len(present) <= MAX_CLASSES:
        numeric = len(present) > 1 and _can_be_number(column)
        text = say_n(
            "{column} has {n} different value in the rows that are used; a class to predict has 2 to {most}. {advice}",
            "{column} has {n} different values in the rows that are used; a class to predict has 2 to {most}. {advice}",
            len(present),
            column=repr(column.name),
            most=MAX_CLASSES,
            advice=say("Predict it as a number, or choose another column.")
            if numeric
            else say("Choose another column."),
        )
        raise InvalidValueError(text, "table.target")
    names = [column.categories[code] for code in present]
    if column.numbers is not None:
        return classes.astype(np.int64), tuple(names)
    order = sorted(range(len(names)), key=lambda index: natural_key(names[index]))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[classes], tuple(names[index] for index in order)


def _block(column: Column, kind: str, rows: NDArray[np.intp]) -> _Block:
    """Return the inputs that a column becomes, in the rows that are used."""
    if kind == "number":
        values = _numbers(column)[rows]
        if np.isnan(values).all():
            raise _without_values(column)
        return _Block([column.name], values[:, np.newaxis], scaled=True)

    codes = _codes(column)[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.categories))
    if not counts.any():
        raise _without_values(column)
    codes = np.where(codes < 0, counts.argmax(), codes)
    shown = np.flatnonzero(counts)
    crowded = len(shown) > MAX_CATEGORIES
    if crowded:
        shown = np.sort(np.argsort(-counts, kind="stable")[: MAX_CATEGORIES - 1])
    one_hot = codes[:, np.newaxis] == shown  # (rows, shown)
    names = [column.categories[code] for code in shown]
    if crowded:
        one_hot = np.column_stack([one_hot, ~one_hot.any(axis=1)])
        names.append("other" if "other" not in names else "any other")
    return _Block([f"{column.name} = {name}" for name in names], one_hot, scaled=False)


def _without_values(column: Column) -> InvalidValueError:
    text = say("{column} has no values in the rows that are used.", column=repr(column.name))
    return InvalidValueError(text, "table.inputs")


def _guessed_target(columns: Sequence[Column]) -> int:
    """Return the number of the column that is probably to be predicted."""
    usable = [
        index
        for index, column in enumerate(columns)
        if column.distinct >= 2 and (column.kind == "number" or _can_be_target_class(column))
    ]
    named = {columns[index].name.strip().casefold(): index for index in usable}
    for name in _TARGET_NAMES:
        if name in named:
            return named[name]
    return usable[-1] if usable else len(columns) - 1


def _looks_like_a_class(column: Column, rows: int) -> bool:
    """Return whether a number stands for a class: few different values, all whole, each of them often."""
    values = _numbers(column)
    whole = bool((np.mod(values[~np.isnan(values)], 1) == 0).all())
    return whole and _can_be_target_class(column) and 2 * column.distinct <= rows - column.missing


def _is_running_number(column: Column, index: int) -> bool:
    """Return whether a column only numbers the rows: called so, or nameless in front of the others."""
    if column.kind != "number":
        return False
    nameless = index == 0 and column.name in ("Column 1", "Unnamed: 0")
    return column.name.casefold() in _ID_NAMES or (nameless and bool((np.diff(_numbers(column)) == 1).all()))


def _can_be_number(column: Column) -> bool:
    return column.numbers is not None and column.distinct > 0


def _can_be_category(column: Column) -> bool:
    return bool(column.categories)


def _can_be_target_class(column: Column) -> bool:
    return _can_be_category(column) and 2 <= column.distinct <= MAX_CLASSES


def _present(column: Column, kind: str) -> Flags:
    """Return the rows in which a column has a value."""
    return ~np.isnan(_numbers(column)) if kind == "number" else _codes(column) >= 0


def _numbers(column: Column) -> Floats:
    return np.frombuffer(column.numbers or b"", np.float64)


def _codes(column: Column) -> Codes:
    return np.frombuffer(column.codes, np.int32)


def natural_key(text: str) -> tuple[Iterable[str | int], str]:
    """Return by what to sort texts so that "Day 9" comes before "day 10"."""
    parts = re.split("([0-9]+)", text.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], text
