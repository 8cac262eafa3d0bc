import calendar
import csv
import io
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playground.data.table_reader import answer, read
from playground.data.tables import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Reading,
    Table,
    TableRefusal,
    guess,
    reading_command,
)
from playground.errors import InvalidValueError
from tests.told import in_english

TABLES = Path(__file__).parent / "tables"
UNCLOSED = "A quotation mark is never closed, so quotation marks were read as ordinary characters."
MISSING = ["", "?", "NA", "N/A", "n/a", "#N/A", "nan", "NaN", "NAN", "null", "Null", "NULL", "-"]


def written(rows, delimiter=",", encoding="utf-8", **options):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, **options).writerows(rows)
    return text.getvalue().encode(encoding)


def numbers(column):
    return np.frombuffer(column.numbers, np.float64)


def texts(column):
    codes = np.frombuffer(column.codes, np.int32)
    return [None if code < 0 else column.categories[code] for code in codes]


def refusal(data, **options):
    with pytest.raises(InvalidValueError) as caught:
        read(data, "table.csv", **options)
    assert caught.value.field == "table"
    return str(caught.value)


def in_a_process(data, name, *arguments, **options):
    command = reading_command(name, **options)
    done = subprocess.run([*command, *arguments], input=data, capture_output=True, check=True)
    assert done.stderr == b""
    return msgspec.msgpack.decode(done.stdout, type=Reading)


# --- the files that must work -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "header", "target", "regression"),
    [
        ("adult-test.csv", False, 14, False),
        ("airline-passengers.csv", True, 1, True),
        ("banknote_authentication.csv", False, 4, False),
        ("pima-indians-diabetes.csv", False, 8, False),
    ],
)
def test_a_shared_file_is_read_by_the_real_process_as_the_csv_module_reads_it(name, header, target, regression):
    data = (TABLES / name).read_bytes()
    rows = [[value.strip() for value in row] for row in csv.reader(io.StringIO(data.decode())) if row]
    names = rows.pop(0) if header else [f"Column {number}" for number in range(1, len(rows[0]) + 1)]

    table = in_a_process(data, f"/home/anna/{name}")

    assert (table.name, table.rows, table.header) == (name, len(rows), header)
    assert (table.delimiter, table.encoding) == (",", "utf-8")
    assert [column.name for column in table.columns] == names
    assert table.head == rows[:8]
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=True):
        if column.name == "Month":
            expected = [int(value[:4]) + (int(value[5:]) - 1) / 12 for value in values]
            np.testing.assert_allclose(numbers(column), expected, rtol=1e-12)
        elif column.numbers is not None:
            assert numbers(column).tolist() == [float(value) for value in values]
        else:
            assert texts(column) == [None if value == "?" else value for value in values]
        assert column.missing == values.count("?")
        assert column.distinct == len(set(values) - {"?"}) or column.numbers is not None
    choice = guess(table)
    assert choice.target == target
    assert (choice.kinds[target] == "number") == regression


def test_question_marks_of_adult_are_missing_and_its_classes_keep_their_full_stop():
    table = read((TABLES / "adult-test.csv").read_bytes(), "adult-test.csv")
    assert in_english(table.notes) == ["? stands for a missing value in 3 columns."]
    assert table.columns[14].categories == ["<=50K.", ">50K."]
    assert table.columns[1].categories[0] == "Private"
    assert [column.kind for column in table.columns].count("number") == 6
    assert all(column.kind != "text" for column in table.columns)


def test_months_of_the_passengers_are_decimal_years():
    table = read((TABLES / "airline-passengers.csv").read_bytes(), "airline-passengers.csv")
    assert in_english(table.notes) == ["Dates (year-month) were read as decimal years in Month."]
    assert numbers(table.columns[0])[:3] == pytest.approx([1949.0, 1949.0833, 1949.1667], abs=5e-5)
    assert table.columns[0].examples == ["1949-01", "1949-02", "1949-03"]


# --- what comes back ----------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=12).map(str.strip)
words = words.filter(lambda word: word not in ("+", "-"))


@given(
    rows=st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(words, min_size=width, max_size=width), max_size=9)),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    lineterminator=st.sampled_from(["\n", "\r\n"]),
)
def test_texts_come_back_as_the_csv_module_wrote_them(rows, delimiter, encoding, quoting, lineterminator):
    width = len(rows[0]) if rows else 2
    rows = [["word"] * width, *rows, ["1e", *["other word"] * (width - 1)]]
    rows = [[f"{number} {row[0]}".strip(), *row[1:]] for number, row in enumerate(rows)]
    names = [f"name {number}" for number in range(width)]
    try:
        data = written([names, *rows], delimiter, encoding, quoting=quoting, lineterminator=lineterminator)
    except UnicodeEncodeError:
        assume(False)
    said = {"utf-8-sig": "utf-8"}.get(encoding, encoding)

    table = read(data, "words", header=True, delimiter=delimiter, encoding=said)

    assert [column.name for column in table.columns] == names
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=True):
        assert texts(column) == [None if value in MISSING else value for value in values]
        assert column.missing == sum(value in MISSING for value in values)
        assert column.examples == list(dict.fromkeys(value for value in values if value not in MISSING))[:3]


@given(
    rows=st.lists(st.tuples(st.floats(-1e90, 1e90), st.integers(-(10**9), 10**9)), min_size=4, max_size=30),
    delimiter=st.sampled_from([",", ";", "\t", "|", " "]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    header=st.booleans(),
)
def test_numbers_come_back_to_the_last_bit_and_all_else_is_recognized(rows, delimiter, encoding, header):
    names = [["Höhe", "Zahl"]] if header else []
    table = read(written([*names, *rows], delimiter, encoding), "numbers")
    assert (table.header, table.delimiter) == (header, delimiter)
    assert table.rows == len(rows)
    for index, column in enumerate(table.columns):
        assert numbers(column).tolist() == [float(row[index]) for row in rows]


@given(rows=st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1)), min_size=4, max_size=20))
def test_decimal_commas_between_semicolons_are_read_as_points(rows):
    commas = [[f"{value:.3f}".replace(".", ",") for value in row] for row in rows]
    table = read(written([["a", "b"], *commas], ";"), "comma.csv")
    assert table.delimiter == ";"
    assert in_english(table.notes) == ["Decimal commas were read in a and b."]
    for index, column in enumerate(table.columns):
        assert numbers(column).tolist() == [float(f"{row[index]:.3f}") for row in rows]


@given(days=st.lists(st.datetimes(datetime(1700, 1, 1), datetime(2199, 12, 31)), min_size=3, max_size=9, unique=True))
@pytest.mark.parametrize(
    "notation", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d %H:%M"]
)
def test_dates_become_decimal_years_in_their_order(notation, days):
    rows = [[day.strftime(notation), number] for number, day in enumerate(days)]
    column = read(written([["when", "n"], *rows]), "dates.csv").columns[0]
    years = numbers(column)
    for year, day in zip(years, (datetime.strptime(row[0], notation) for row in rows), strict=True):
        month = datetime(day.year, day.month, 1)
        into_month = (day - month) / timedelta(days=calendar.monthrange(day.year, day.month)[1])
        assert year == pytest.approx(day.year + (day.month - 1 + into_month) / 12, rel=1e-12)


@given(data=st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes_are_a_table_or_are_refused_with_a_sentence(data):
    expect_a_table_or_a_sentence(data)


@given(
    name=st.sampled_from(["adult-test.csv", "airline-passengers.csv"]),
    seed=st.integers(0, 10**6),
    edits=st.lists(
        st.sampled_from([b'"', b"\n", b",", b"\r", b";", b"\t", b"\xff", b"\xef\xbb\xbf", b"\x1e", b"e999"])
    ),
)
@settings(max_examples=150)
def test_a_damaged_file_is_a_table_or_is_refused_with_a_sentence(name, seed, edits):
    data = (TABLES / name).read_bytes()[:1500]
    chance = random.Random(seed)
    for edit in edits:
        place = chance.randrange(len(data))
        data = data[:place] + edit + data[place + chance.randrange(3) :]
    expect_a_table_or_a_sentence(data)


def expect_a_table_or_a_sentence(data):
    reading = answer(io.BytesIO(data), ["--name=x"])
    if isinstance(reading, TableRefusal):
        assert in_english(reading.message)[0].isupper()
        assert in_english(reading.message)[-1] in ".?"
        return
    assert 1 <= reading.rows <= MAX_ROWS
    assert 2 <= len(reading.columns) <= MAX_COLUMNS
    assert len({column.name for column in reading.columns}) == len(reading.columns)
    for column in reading.columns:
        assert column.numbers is None or len(numbers(column)) == reading.rows
        assert column.numbers is None or not np.isinf(numbers(column)).any()
        assert not column.categories or len(texts(column)) == reading.rows
    encoded = msgspec.msgpack.encode(reading)
    assert msgspec.msgpack.encode(msgspec.msgpack.decode(encoded, type=Reading)) == encoded


# --- what is recognized -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "delimiter", "first"),
    [
        ("a,b\n1,2\n3,4\n", ",", ["1", "2"]),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", ["1,5", "2,5"]),
        ("a\tb\n1,5\t2 x\n3,5\t4 y\n", "\t", ["1,5", "2 x"]),
        ("a|b\n1,5|2\n3,5|4\n", "|", ["1,5", "2"]),
        ("a  b\n 1   2.5\n10 12.5\n", " ", ["1", "2.5"]),
        ("a \t b\n1 \t 2\n", " ", ["1", "2"]),
        ('a b\n"x y" 1\n"z w" 2\n', " ", ["x y", "1"]),
        ("name, note\nx, a; b\ny, c\n", ",", ["x", "a; b"]),
    ],
)
def test_the_delimiter_is_recognized(text, delimiter, first):
    options = {"delimiter": delimiter} if text.startswith("a \t") else {}
    table = read(text.encode(), "x", **options)
    assert table.delimiter == delimiter
    assert table.head[0] == first


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a,b\n1,2\n3,4", True),
        ("1,2\n3,4\n5,6", False),
        ("name,1990,group\nx,2,A\ny,3,B", False),
        ("name,kind\nx,A\ny,B", True),
        ("A,x\nB,y\nA,z", False),
        ("day,n\n2020-01-01,x\n2020-01-02,y", True),
        ("2020-01-01,x\n2020-01-02,y\n2020-01-03,x", False),
        (",size\n1,4\n2,5", True),
        ("?,4,A\n2,5,B\n3,6,A", False),
    ],
)
def test_the_header_is_recognized_and_can_be_said(text, header):
    assert read(text.encode(), "x").header == header
    assert read(text.encode(), "x", header=not header).header != header
    assert read(text.encode(), "x", header=not header).rows == read(text.encode(), "x").rows + (1 if header else -1)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("größe,b\n1,2\n3,4".encode(), "utf-8"),
        ("größe,b\n1,2\n3,4".encode("utf-8-sig"), "utf-8"),
        ("größe,b\n1,2\n3,4".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "größe,b\n1,2\n3,4".encode("utf-16-be"), "utf-16"),
        ("größe,b\n1,2\n3,4".encode("cp1252"), "cp1252"),
        ("größe,\x81\n1,2\n3,4".encode("latin-1"), "latin-1"),
    ],
)
def test_the_encoding_is_recognized(data, encoding):
    table = read(data, "x")
    assert table.encoding == encoding
    assert table.columns[0].name == "größe"


@pytest.mark.parametrize(
    ("delimiter", "values", "expected"),
    [
        (",", ["1,234", "12,345.5", "7"], [1234, 12345.5, 7]),
        (",", ["1,5", "2,25"], None),
        (";", ["1.234,5", "7"], [1234.5, 7]),
        (";", ["1,234", "2"], [1.234, 2]),
        (";", ["1,234,567", "2"], [1234567, 2]),
        ("\t", ["1,234", "5,678"], None),
        ("\t", ["1,23", "5,678"], [1.23, 5.678]),
        ("\t", ["1,234.5", "5,678"], [1234.5, 5678]),
        (",", ["1\u202f234", "5"], [1234, 5]),
        (",", ["0,123", "4"], None),
        (",", ["−1.5", "+.5", "2.", "1e3"], [-1.5, 0.5, 2, 1000]),
        (",", ["1_000", "2"], None),
        (",", ["1e999", "2"], None),
        (",", ["inf", "2"], None),
        (",", ["0x10", "2"], None),
        (",", ["١٢", "2"], None),
        (",", ["5%", "2%"], None),
        (",", ["1" * 100_000 + "x", "2"], None),
        (";", ["1,5", "1.5"], None),
    ],
)
def test_values_are_numbers_only_where_that_is_safe(delimiter, values, expected):
    column = read(written([["x", "y"], *([value, "w"] for value in values)], delimiter), "x", header=True).columns[0]
    assert (None if column.numbers is None else numbers(column).tolist()) == expected


@pytest.mark.parametrize("mark", MISSING[1:])
def test_a_mark_with_spaces_around_it_is_missing(mark):
    table = read(f"a,b\n1, {mark} \n2,3\n4,\n".encode(), "x", header=True)
    assert table.columns[1].missing == 2
    assert np.isnan(numbers(table.columns[1])).tolist() == [True, False, True]
    assert in_english(table.notes) == [f"{mark} stands for a missing value in 1 column."]


def test_minus_is_a_class_where_plus_is_one():
    table = read(b"x,credit\n1,+\n2,-\n3,?\n4,-\n", "x")
    assert texts(table.columns[1]) == ["+", "-", None, "-"]


def test_values_that_repeat_are_categories_and_those_that_do_not_are_texts():
    rows = [[f"anna {number}", "red" if number % 3 else "blue", "x" * 300] for number in range(40)]
    name, colour, long = read(written([["name", "colour", "long"], *rows]), "x").columns
    assert (name.kind, colour.kind, long.kind) == ("text", "category", "text")
    assert colour.categories == ["red", "blue"]
    assert (colour.distinct, name.distinct) == (2, 40)
    assert long.categories == []
    assert max(map(len, long.examples)) == 60


def test_a_column_with_too_many_values_keeps_no_categories():
    rows = [[f"id{number}", number / 7, number % 5] for number in range(1500)]
    ids, values, few = read(written([["id", "value", "few"], *rows]), "x").columns
    assert (ids.categories, ids.codes, ids.distinct) == ([], b"", 1500)
    assert (values.categories, values.codes, values.kind) == ([], b"", "number")
    assert few.categories == ["0", "1", "2", "3", "4"]
    assert texts(few)[:6] == ["0", "1", "2", "3", "4", "0"]


def test_numbers_as_categories_go_by_value_and_not_by_spelling():
    column = read(b"a,b\n10,x\n2.0,y\n2,z\n-1.5,w\n", "x", header=True).columns[0]
    assert column.categories == ["-1.5", "2", "10"]
    assert texts(column) == ["10", "2", "2", "-1.5"]
    assert column.distinct == 3


def test_columns_get_different_printable_names():
    long = "n" * 200
    table = read(written([["a", "a", "", ' two\n"lines" ', "a (2)", long, long], range(7), range(7)]), "x", header=True)
    names = [column.name for column in table.columns]
    assert names[:5] == ["a", "a (2)", "Column 3", 'two "lines"', "a (2) (2)"]
    assert len(set(names)) == 7
    assert max(map(len, names)) == 80


@pytest.mark.parametrize(
    ("text", "rows", "note"),
    [
        ("a,b\n1,2\n3,4,5\n6,7\n", 2, "1 row had more fields than the others and was left out."),
        ("a,b\n1,2\n3,4,\n6,7\n", 3, None),
        ("a,b,c\n1,2,3\n3\n6,7,8\n", 3, "1 row had fewer fields than the others; the last ones are missing."),
        ("a,b\n1,2\n,\n,\n\n   \n6,7\n", 2, "2 empty rows were left out."),
        ("a,b,\n1,2,\n6,7,\n", 2, "1 column without name and values was left out."),
        ("Sales of 2020\n\na,b,c\n1,2,3\n4,5,6\n", 2, "1 row above the table was left out."),
        ('a,b\n"1,2\n6,7\n8,9', 3, UNCLOSED),
    ],
)
def test_ragged_rows_are_evened_out_and_said(text, rows, note):
    table = read(text.encode(), "x")
    assert table.rows == rows
    assert table.columns[0].name == "a"
    assert in_english(table.notes) == ([note] if note else [])


def test_a_quotation_mark_that_is_never_closed_hides_no_delimiter():
    rows = "\n".join(f"{number};{number / 8}" for number in range(20_000))
    table = read(f'a;b\n1;2\n3;"4\n{rows[:200_000]}'.encode(), "x")
    assert table.delimiter == ";"
    assert in_english(table.notes) == [UNCLOSED]
    assert table.columns[1].examples == ["2", '"4', "0.0"]


def test_a_header_longer_than_the_rows_still_names_the_columns():
    table = read(b"a,b,c\n1,2\n3,4\n", "x")
    assert [column.name for column in table.columns] == ["a", "b", "c"]
    assert [column.missing for column in table.columns] == [0, 0, 2]


def test_names_of_rows_as_r_writes_them_shift_no_column():
    table = read(b'"size","n"\n"Anna",1.5,2\n"Ben",2.5,3\n', "x")
    assert [column.name for column in table.columns] == ["Column 1", "size", "n"]
    assert numbers(table.columns[1]).tolist() == [1.5, 2.5]


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b",,\n,,\n", "The file has no values."),
        (b"a,b,c\n", "The file has column names but no rows below them."),
        (b"a\n1\n2\n", "The table has one column; it needs at least two"),
        (b"It was a dark night.\nAnd it rained.\nEnd\n", "The table has one column"),
        (b"PK\x03\x04\x14\x00\x06", "This looks like an Excel workbook or another ZIP archive; a table is a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This looks like a picture; "),
        (b"a,b\x001,2\n", "This is not a text file; "),
        (b"\x01\x02\x03\x04,\x05\n", "This is not a text file; "),
        (b"\n<!DOCTYPE html><html>", "This is a web page or an XML file, not a table."),
        (b'[{"a": 1}, {"a": 2}]', "This looks like JSON"),
        (b"\xff\xfea,b\n1,2", "The file cannot be read as utf-16 text; try another encoding."),
        (b'a,b\n"' + b"x" * 200_000, "A field has more than 131,072 characters; this is not a table."),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data, sentence):
    assert refusal(data).startswith(sentence)


def test_limits_are_named_with_what_came():
    row = b"1,2\n"
    assert refusal(row * (MAX_ROWS + 1)) == (
        "The table has 20,001 rows; at most 20,000 are accepted. Keep the first 20,000 of them, or a random selection."
    )
    assert read(b"a,b\n" + row * MAX_ROWS, "x").rows == MAX_ROWS
    assert "20,123 rows" in refusal(b"a,b\n" + row * 20_123)
    assert "2,500,000 rows" in refusal(row * (MAX_BYTES // 4))
    assert refusal(b"," * MAX_BYTES) == "The file has no values."
    assert refusal(written([range(101)] * 3)) == "The table has 101 columns; at most 100 are accepted."
    assert len(read(written([range(100)] * 3), "x").columns) == MAX_COLUMNS
    assert refusal(b"1" * (MAX_BYTES + 1)) == (
        "The file has more than 10,000,000 bytes, which is the most that is accepted."
    )


def test_what_a_person_says_is_checked():
    assert refusal(b"a,b\n1,2", delimiter="x") == (
        "Fields may be parted by tab, semicolon, vertical bar, comma or white space, got 'x'."
    )
    assert refusal(b"a,b\n1,2", encoding="ebcdic") == (
        "The encoding must be one of utf-8, utf-16, cp1252, latin-1, got 'ebcdic'."
    )
    assert refusal(b"a,b\n\xff,2", encoding="utf-8") == ("The file cannot be read as utf-8 text; try another encoding.")


# --- the process --------------------------------------------------------------------------------------------------


def test_the_process_reads_as_it_is_told():
    data = "Größe;5\n1,5;2\n".encode("latin-1")
    table = in_a_process(data, "C:\\data\\-x\x00.csv", header=False, delimiter=";", encoding="latin-1")
    assert isinstance(table, Table)
    assert (table.name, table.rows, table.header, table.encoding) == ("-x.csv", 2, False, "latin-1")
    assert table.columns[0].categories == ["1,5", "Größe"]


def test_the_process_answers_what_it_cannot_read_with_a_refusal():
    message = "This is not a text file; a table is a text file, such as CSV or TSV. Save or export it as CSV, and"
    reading = in_a_process(bytes(range(256)) * 40, "noise", delimiter="\t")
    assert isinstance(reading, TableRefusal)
    assert in_english(reading.message).startswith(message)


def test_too_little_memory_is_a_refusal_too():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            raise MemoryError

    reading = answer(Endless(), ["--name=x"])
    assert isinstance(reading, TableRefusal)
    text = "Reading the file takes more memory than is accepted. Keep fewer rows or columns."
    assert in_english(reading.message) == text


def test_the_largest_table_fits_into_the_limits_of_the_process():
    rows = [[f"{row * column % 9973:04}" for column in range(100)] for row in range(19_000)]
    wide = written(rows, lineterminator="\n")
    assert 0.9 * MAX_BYTES < len(wide) < MAX_BYTES
    table = in_a_process(wide, "wide.csv")
    assert (table.rows, len(table.columns)) == (19_000, 100)
    assert numbers(table.columns[99]).tolist() == [float(row[99]) for row in rows]


def test_the_process_limits_its_memory_and_time():
    program = """
import resource, sys
from playground.data import table_reader
table_reader.main()
print(*(resource.getrlimit(limit)[0] for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU)), file=sys.stderr)
"""
    command = [sys.executable, "-c", program, "--name=x"]
    done = subprocess.run(command, input=b"a,b\n1,2\n", capture_output=True, check=True)
    assert done.stderr.decode().split() == ["1500000000", "20"]
