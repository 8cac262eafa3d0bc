"""Read a person's file as a table, in a process of its own: `python -m playground.data.table_reader --name FILE`.

The file's bytes come on standard input; a `Reading` (see `playground.data.tables`) goes to standard output as msgpack.
A file is never trusted: it is read with Python's csv module, which runs nothing that it finds in it, and under limits
on bytes, rows, columns, memory and time.

`pandas.read_csv` silently cuts rows that are too long or takes their first fields for an index, and cannot say how
many there were; and where pandas is installed, scikit-learn imports it in every process, for 0.3 s and 30 MB.
"""

import argparse
import calendar
import codecs
import contextlib
import csv
import itertools
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from playground.data.tables import (
    MAX_BYTES,
    MAX_CATEGORIES,
    MAX_COLUMNS,
    MAX_KEPT_CATEGORIES,
    MAX_MAGNITUDE,
    MAX_NAME,
    MAX_ROWS,
    MAX_TEXT,
    Column,
    Reading,
    Table,
    TableRefusal,
    file_name,
    natural_key,
    printable,
)
from playground.errors import InvalidValueError
from playground.sentences import Sentence, listed, say, say_n, told

if sys.platform != "win32":
    import resource

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

MAX_MEMORY_BYTES = 1_500_000_000
MAX_TIME_S = 20
"""Of the processor."""

DELIMITERS = {
    "\t": say("tab"),
    ";": say("semicolon"),
    "|": say("vertical bar"),
    ",": say("comma"),
    " ": say("white space"),
}
"""What may stand between fields, and its name. Of two that fit equally well the first is taken: decimal commas are
found between semicolons, but hardly a semicolon in every field between commas; spaces are found everywhere."""

ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")
MISSING_MARKS = frozenset(["", "?", "NA", "N/A", "n/a", "#N/A", "nan", "NaN", "NAN", "null", "Null", "NULL", "-"])

_HEAD_ROWS = 8
_SNIFFED_ROWS = 200
_MAX_EXAMPLE = 60
_MAX_NUMBER = 50  # characters; matching takes the square of them

_BINARY = {
    b"PK\x03\x04": say("an Excel workbook or another ZIP archive"),
    b"\xd0\xcf\x11\xe0": say("an old Excel workbook"),
    b"\x89PNG": say("a picture"),
    b"\xff\xd8\xff": say("a picture"),
    b"GIF8": say("a picture"),
    b"%PDF": say("a PDF document"),
    b"\x1f\x8b": say("a compressed file"),
    b"PAR1": say("a Parquet file"),
    b"SQLite format 3": say("a database"),
}

_SIGN = "[+-]?"
_EXPONENT = "(?:[eE][+-]?[0-9]+)?"
_NO_BREAK_SPACES = "\u00a0\u202f"
_DECIMAL_POINT = re.compile(rf"{_SIGN}(?:[0-9]+\.?[0-9]*|\.[0-9]+){_EXPONENT}")
_DECIMAL_COMMA = re.compile(
    rf"{_SIGN}(?:(?:[0-9]+|[1-9][0-9]{{0,2}}(?:[.{_NO_BREAK_SPACES}][0-9]{{3}})+)(?:,[0-9]*)?|,[0-9]+){_EXPONENT}"
)
_THOUSANDS = re.compile(rf"{_SIGN}(?:[0-9]+|[1-9][0-9]{{0,2}}(?:[,{_NO_BREAK_SPACES}][0-9]{{3}})+)(?:\.[0-9]*)?")
_EITHER = re.compile(rf"{_SIGN}[1-9][0-9]{{0,2}},[0-9]{{3}}")
"""Decimal comma or thousands separator? This could be both."""

_DATE_LIKE = re.compile(r"(?=.*[0-9])[0-9A-Za-z./:, +-]{5,40}")
_ISO = "ISO 8601"
_DATES = {
    "%Y-%m": say("year-month"),
    _ISO: say("year-month-day"),
    "%Y/%m/%d": say("year/month/day"),
    "%Y/%m": say("year/month"),
    "%d.%m.%Y": say("day.month.year"),
    "%d.%m.%Y %H:%M": say("day.month.year"),
    "%m/%d/%Y": say("month/day/year"),
    "%d/%m/%Y": say("day/month/year"),
    "%m/%d/%Y %H:%M": say("month/day/year"),
    "%d/%m/%Y %H:%M": say("day/month/year"),
    "%m/%Y": say("month/year"),
    "%d-%m-%Y": say("day-month-year"),
    "%d %b %Y": say("day month year"),
    "%d %B %Y": say("day month year"),
    "%d-%b-%Y": say("day-month-year"),
    "%b %Y": say("month year"),
    "%B %Y": say("month year"),
    "%b-%Y": say("month-year"),
    "%b %d, %Y": say("month day, year"),
    "%B %d, %Y": say("month day, year"),
}


def read(data: bytes, name: str, header: bool | None = None, delimiter: str = "", encoding: str = "") -> Table:
    """Return the table that a file holds.

    Args:
        data: The file's content.
        name: Its name.
        header: Whether the first row names the columns; None to recognize it.
        delimiter: One of DELIMITERS, or "" to recognize it.
        encoding: One of ENCODINGS, or "" to recognize it.

    Raises:
        InvalidValueError: If the file is not a table, or larger than is accepted; the field is "table".
    """
    if delimiter and delimiter not in DELIMITERS:
        words = listed([*DELIMITERS.values()], "or")
        raise _refused(say("Fields may be parted by {words}, got {value}.", words=words, value=f"{delimiter!r:.20}"))
    if encoding and encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise _refused(say("The encoding must be one of {known}, got {value}.", known=known, value=f"{encoding!r:.20}"))
    if len(data) > MAX_BYTES:
        raise _refused(say("The file has more than {most} bytes, which is the most that is accepted.", most=MAX_BYTES))
    if not data.strip():
        raise _refused(say("The file is empty."))

    text, encoding = _decoded(data, encoding)
    _check_text(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = delimiter or _sniffed_delimiter(text)
    notes: list[Sentence] = []
    records = _records(text, delimiter, notes)
    rows = _evened(records.rows, notes)
    if len(rows[0]) < 2:
        raise _refused(
            say(
                "The table has one column; it needs at least two, one to predict and one to predict it from. "
                "Here fields are parted by {delimiter}: is that right?",
                delimiter=DELIMITERS[delimiter],
            )
        )
    if header is None:
        header = _has_header(rows)
    first_names = rows.pop(0) if header else [""] * len(rows[0])
    total = records.total - header
    if total > MAX_ROWS:
        raise _refused(
            say(
                "The table has {total} rows; at most {most} are accepted. "
                "Keep the first {most} of them, or a random selection.",
                total=total,
                most=MAX_ROWS,
            )
        )
    if not rows:
        raise _refused(say("The file has column names but no rows below them."))

    columns: list[Column] = []
    names = _unique_names(first_names)
    marks: Counter[str] = Counter()
    remarks: dict[Sentence, list[str]] = {}
    for index, column_name in enumerate(names):
        values = [row[index] for row in rows]
        column = _column(column_name, values, delimiter)
        columns.append(column.column)
        marks.update(column.marks)
        if column.remark:
            remarks.setdefault(column.remark, []).append(column_name)
    for mark, count in sorted(marks.items()):
        notes.append(
            say_n(
                "{mark} stands for a missing value in {n} column.",
                "{mark} stands for a missing value in {n} columns.",
                count,
                mark=mark,
            )
        )
    for remark, where in remarks.items():
        shown = where if len(where) <= 3 else [*where[:2], say("{count} others", count=len(where) - 2)]
        notes.append(say("{remark} in {columns}.", remark=remark, columns=listed(shown, "and")))
    head = [[_cut(value) for value in row] for row in rows[:_HEAD_ROWS]]
    return Table(file_name(name), len(rows), columns, head, header, delimiter, encoding, list(map(told, notes)))


# --- bytes to text ------------------------------------------------------------------------------------------------


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    """Return the text of a file, without a byte-order mark, and its encoding."""
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise _refused(
                say(
                    "This looks like {what}; a table is a text file, such as CSV or TSV. "
                    "Save or export it as CSV, and choose that file.",
                    what=what,
                )
            )
    if encoding:
        candidates = [encoding]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "cp1252", "latin-1"]
    for candidate in candidates:
        try:
            return data.decode("utf-8-sig" if candidate == "utf-8" else candidate), candidate
        except UnicodeDecodeError:
            continue
    # The last guess, latin-1, reads anything: this encoding was given.
    raise _refused(say("The file cannot be read as {encoding} text; try another encoding.", encoding=candidates[0]))


def _check_text(text: str) -> None:
    """Check that a text can be a table at all."""
    if not text.strip():
        raise _refused(say("The file is empty."))
    odd = len(re.findall("[\x00-\x08\x0e-\x19\x1b-\x1f]", text))
    if "\x00" in text or odd > len(text) / 100:
        raise _refused(
            say(
                "This is not a text file; a table is a text file, such as CSV or TSV. "
                "Save or export it as CSV, and choose that file."
            )
        )
    start = text.lstrip()[:20].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise _refused(say("This is a web page or an XML file, not a table. Choose the CSV file itself."))
    if start.startswith(("{", "[{", "[[")):
        raise _refused(say("This looks like JSON, not like a table. Export it as CSV, and choose that file."))


# --- text to records ----------------------------------------------------------------------------------------------


class _Records(NamedTuple):
    """What a text holds.

    Attributes:
        rows: As far as MAX_ROWS and a header allow, without empty ones; values without space around them.
        total: How many rows there are.
        empty: How many rows besides have separators but no values; blank lines do not count.
    """

    rows: list[list[str]]
    total: int
    empty: int


def _records(text: str, delimiter: str, notes: list[Sentence]) -> _Records:
    """Return the rows of a text, as long as they happen to be."""
    records = _parsed(text, delimiter, quotes=True)
    if not records:
        notes.append(say("A quotation mark is never closed, so quotation marks were read as ordinary characters."))
        records = _parsed(text, delimiter, quotes=False)
    if not records:
        most = csv.field_size_limit()
        raise _refused(say("A field has more than {most} characters; this is not a table.", most=most))
    if not records.rows:
        raise _refused(say("The file has no values."))
    if records.empty:
        notes.append(say_n("{n} empty row was left out.", "{n} empty rows were left out.", records.empty))
    return records


def _parsed(text: str, delimiter: str, quotes: bool) -> _Records | None:
    """Return the rows of a text, or None if a quotation mark is never closed."""
    end = ["\x1e"]  # comes back as a row of its own, which is blank, only if no field is open
    rows: list[list[str]] = []
    total = empty = 0
    row: list[str] = []
    try:
        for row in _reader(itertools.chain(_lines(text), ["\n", *end]), delimiter, quotes):
            values = [value.strip() for value in row]
            if not any(values):
                empty += len(row) > 1
            else:
                total += 1
                if total <= MAX_ROWS + 1:
                    rows.append(values)
    except csv.Error:
        return None
    return _Records(rows, total, empty) if row == end else None


def _evened(rows: list[list[str]], notes: list[Sentence]) -> list[list[str]]:
    """Return the rows that are as long as most of them are, and fill the shorter ones up."""
    width = _usual_width(rows)
    titles = 0
    while width >= 3 and titles < len(rows) - 1 and sum(map(bool, rows[titles])) == 1 and not _amounts(rows[titles]):
        titles += 1
    if titles:
        notes.append(say_n("{n} row above the table was left out.", "{n} rows above the table were left out.", titles))
        rows = rows[titles:]

    first = rows[0]
    if any(first[width:]) and not _amounts(first):
        width = len(first)
    if width > MAX_COLUMNS:
        raise _refused(
            say("The table has {width} columns; at most {most} are accepted.", width=width, most=MAX_COLUMNS)
        )
    # R leaves the corner above its row names out.
    if len(first) == width - 1 and not _amounts(first) and any(row[-1] for row in rows[1:] if len(row) == width):
        rows[0] = ["", *first]

    fitting = [row for row in rows if not any(row[width:])]
    if len(fitting) < len(rows):
        notes.append(
            say_n(
                "{n} row had more fields than the others and was left out.",
                "{n} rows had more fields than the others and were left out.",
                len(rows) - len(fitting),
            )
        )
    short = sum(len(row) < width for row in fitting)
    if short:
        notes.append(
            say_n(
                "{n} row had fewer fields than the others; the last ones are missing.",
                "{n} rows had fewer fields than the others; the last ones are missing.",
                short,
            )
        )
    rows = [row[:width] + [""] * (width - len(row)) for row in fitting]

    filled = [index for index in range(width) if any(row[index] for row in rows)]
    if len(filled) < width:
        notes.append(
            say_n(
                "{n} column without name and values was left out.",
                "{n} columns without name and values were left out.",
                width - len(filled),
            )
        )
        rows = [[row[index] for index in filled] for row in rows]
    return rows


def _reader(lines: Iterator[str], delimiter: str, quotes: bool) -> Iterator[list[str]]:
    """Return the records of some lines."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    if delimiter == " ":
        spaced = (line.replace("\t", " ") for line in lines)
        return ([value for value in row if value] for row in csv.reader(spaced, delimiter=" ", quoting=quoting))
    return csv.reader(lines, delimiter=delimiter, quoting=quoting, skipinitialspace=True)


def _lines(text: str) -> Iterator[str]:
    """Return the lines of a text; str.splitlines would also part them at characters that a field may hold."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _sniffed_delimiter(text: str) -> str:
    """Return what parts the fields: that which gives most rows the same number of fields, two or more."""
    best, best_share = ",", 0.5
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        with contextlib.suppress(csv.Error):  # a quotation mark that is never closed; the rows before it will do
            for row in itertools.islice(_reader(_lines(text), delimiter, quotes=True), _SNIFFED_ROWS):
                if any(row):
                    rows.append(row)
        width = _usual_width(rows) if rows else 0
        share = sum(len(row) == width for row in rows) / max(len(rows), 1)
        # Prose has spaces too.
        if width >= 2 and share > best_share and (delimiter != " " or share > 0.9):
            best, best_share = delimiter, share
    return best


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of fields that most rows have; of two equally frequent ones the larger."""
    counts = Counter(map(len, rows))
    return max(counts, key=lambda width: (counts[width], width))


def _has_header(rows: list[list[str]]) -> bool:
    """Return whether the first row names the columns: it has no numbers where the others have, or only new words."""
    first, rest = rows[0], rows[1 : 1 + _SNIFFED_ROWS]
    if not rest:
        return not _amounts(first)
    votes = 0
    words = True
    for index, value in enumerate(first):
        below = [row[index] for row in rest if row[index] not in MISSING_MARKS]
        words &= value not in below
        if value not in MISSING_MARKS and below and _amounts(below) > 0.8 * len(below):
            votes += -1 if _is_amount(value) else 1
    named = [value for value in first if value]
    return votes > 0 or (votes == 0 and words and len(set(named)) == len(named) >= len(first) - 1)


def _amounts(values: Sequence[str]) -> int:
    """Return how many values look like numbers or dates."""
    return sum(map(_is_amount, values))


def _is_amount(value: str) -> bool:
    """Return whether a value looks like a number or a date."""
    return len(value) <= _MAX_NUMBER and bool(re.fullmatch(r"[+\-−]?[0-9.,]*[0-9][0-9.,:/ TeE+-]*", value))


def _unique_names(names: Sequence[str]) -> list[str]:
    """Return a name for each column, all different."""
    unique: list[str] = []
    for number, name in enumerate(names, 1):
        wanted = printable(" ".join(name.split()))[:MAX_NAME].strip() or f"Column {number}"
        free = wanted
        copy = 2
        while free in unique:
            free = f"{wanted[: MAX_NAME - 6]} ({copy})"
            copy += 1
        unique.append(free)
    return unique


# --- records to columns -------------------------------------------------------------------------------------------


class _ReadColumn(NamedTuple):
    """A column, the marks that stand for its missing values, and how its values were read where that is not plain."""

    column: Column
    marks: set[str]
    remark: Sentence | None


class _Values(NamedTuple):
    """Values read as numbers, and what is to be said of that, if anything."""

    values: Floats
    remark: Sentence | None


class _Categories(NamedTuple):
    """Different values in their order, and the number of each value, int32."""

    names: list[str]
    codes: Codes


def _column(name: str, values: list[str], delimiter: str) -> _ReadColumn:
    """Return a column of the values in a file."""
    # Where a plus is a value, as in the classes + and -, the minus is one too.
    missing_marks = MISSING_MARKS - {"-"} if "+" in values else MISSING_MARKS
    is_present = np.array([value not in missing_marks for value in values])
    marks = {value for value in set(values) & missing_marks if value}
    texts = [value for value in values if value not in missing_marks]

    counted = _numbers(texts, delimiter) if texts else None
    dates = None if counted or not texts else _dates(texts)
    read = counted or dates
    if read:
        labels = texts if dates else [_shown(value) for value in read.values]
        categories = _by_value(read.values, labels)
    else:
        categories = _by_frequency(texts)

    numbers = None
    if read:
        numbers = np.full(len(values), np.nan)
        numbers[is_present] = read.values
    kept = len(categories.names) <= MAX_KEPT_CATEGORIES and max(map(len, categories.names), default=0) <= MAX_TEXT
    codes = np.full(len(values) if kept else 0, -1, np.int32)
    if kept:
        codes[is_present] = categories.codes
    column = Column(
        name,
        kind="number" if read else "category" if kept and _is_category(categories) else "text",
        missing=len(values) - len(texts),
        distinct=len(categories.names),
        examples=[_cut(text) for text in itertools.islice(dict.fromkeys(texts), 3)],
        numbers=None if numbers is None else numbers.tobytes(),
        codes=codes.tobytes(),
        categories=categories.names if kept else [],
    )
    return _ReadColumn(column, marks, read.remark if read else None)


def _by_value(values: Floats, labels: Sequence[str]) -> _Categories:
    """Return numbers as categories, the smallest first, called as one of them is."""
    _, first, codes = np.unique(values, return_index=True, return_inverse=True)
    return _Categories([labels[index] for index in first], codes.astype(np.int32))


def _by_frequency(texts: list[str]) -> _Categories:
    """Return texts as categories, the most frequent first."""
    words = list(dict.fromkeys(texts))
    numbered = {word: index for index, word in enumerate(words)}
    found = np.array([numbered[text] for text in texts], np.int64)
    counts = np.bincount(found, minlength=len(words))
    order = np.argsort(-counts, kind="stable").tolist()
    if len(words) <= MAX_KEPT_CATEGORIES:
        order.sort(key=lambda index: (-counts[index], natural_key(words[index][:MAX_TEXT])))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    return _Categories([words[index] for index in order], rank[found])


def _is_category(categories: _Categories) -> bool:
    """Return whether values repeat enough to say something as a category, whose rarer values share one input."""
    samples = len(categories.codes)
    crowded = len(categories.names) > MAX_CATEGORIES
    told_apart = int((categories.codes < MAX_CATEGORIES - 1).sum()) if crowded else samples
    return 0 < 2 * len(categories.names) <= samples and 2 * told_apart >= samples


def _numbers(texts: list[str], delimiter: str) -> _Values | None:
    """Return texts as numbers if all of them are, or None.

    A comma is a decimal comma or a thousands separator only where it cannot be the other; between semicolons, as
    spreadsheets write them where the comma is the decimal sign, it is taken for that.
    """
    if max(map(len, texts)) > _MAX_NUMBER:
        return None
    texts = [text.replace("−", "-") for text in texts]
    if _all(_DECIMAL_POINT, texts):
        return _finite(texts, None)
    with_comma = [text for text in texts if "," in text]
    clear = any(not _EITHER.fullmatch(text) for text in with_comma)
    if with_comma and _all(_DECIMAL_COMMA, texts) and (delimiter == ";" or (clear and delimiter != ",")):
        points = [re.sub(f"[.{_NO_BREAK_SPACES}]", "", text).replace(",", ".") for text in texts]
        return _finite(points, say("Decimal commas were read"))
    if _all(_THOUSANDS, texts) and (delimiter == "," or clear or not with_comma):
        plain = [re.sub(f"[,{_NO_BREAK_SPACES}]", "", text) for text in texts]
        return _finite(plain, say("Thousands separators were read"))
    return None


def _all(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    """Return whether every text is as the pattern says."""
    matches: Callable[[str], object] = pattern.fullmatch
    return all(map(matches, texts))


def _finite(texts: Sequence[str], remark: Sentence | None) -> _Values | None:
    """Return texts as numbers, or None if one is too large to compute with."""
    values = np.array(texts, dtype=object).astype(np.float64)
    return _Values(values, remark) if np.abs(values).max() <= MAX_MAGNITUDE else None


def _dates(texts: list[str]) -> _Values | None:
    """Return dates as decimal years if all texts are dates in one notation, or None.

        year + (month - 1 + (day - 1) / days of the month) / 12

    so that February 1949 is 1949.0833.
    """
    if not _all(_DATE_LIKE, texts):
        return None
    different = dict.fromkeys(texts)
    for notation, described in _DATES.items():
        try:
            years = {text: _decimal_year(_parsed_date(text, notation)) for text in different}
        except (ValueError, OverflowError):
            continue
        remark = say("Dates ({notation}) were read as decimal years", notation=described)
        return _Values(np.array([years[text] for text in texts]), remark)
    return None


def _parsed_date(text: str, notation: str) -> datetime:
    """Return a date, in UTC if it says of which time zone it is."""
    date = datetime.fromisoformat(text) if notation == _ISO else datetime.strptime(text, notation)
    return date.astimezone(UTC) if date.tzinfo else date


def _decimal_year(date: datetime) -> float:
    """Return a date as a year and its fraction, each month being a twelfth."""
    into_day = (date.hour + date.minute / 60 + date.second / 3600) / 24
    days = calendar.monthrange(date.year, date.month)[1]
    return date.year + (date.month - 1 + (date.day - 1 + into_day) / days) / 12


def _shown(value: float) -> str:
    """Return a number as a category's name."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def _cut(text: str) -> str:
    """Return a value short enough to be shown."""
    return text if len(text) <= _MAX_EXAMPLE else f"{text[: _MAX_EXAMPLE - 1]}…"


def _refused(message: Sentence) -> InvalidValueError:
    return InvalidValueError(message, "table")


# --- the process --------------------------------------------------------------------------------------------------


def answer(source: BinaryIO, arguments: Sequence[str]) -> Reading:
    """Return the table that a stream of bytes holds, or why it is none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--header", choices=["yes", "no"])
    parser.add_argument("--delimiter", default="")
    parser.add_argument("--encoding", default="")
    said = parser.parse_args(arguments)
    header = None if said.header is None else said.header == "yes"
    try:
        return read(source.read(MAX_BYTES + 1), said.name, header, said.delimiter, said.encoding)
    except InvalidValueError as error:
        return TableRefusal(told(error.sentence))
    except MemoryError:
        text = say("Reading the file takes more memory than is accepted. Keep fewer rows or columns.")
        return TableRefusal(told(text))


def main() -> None:
    """Read a file from standard input under limits on memory and time."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_TIME_S, MAX_TIME_S))
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(sys.stdin.buffer, sys.argv[1:])))


if __name__ == "__main__":
    main()
