import collections
import csv
import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data.table_reader import read
from playground.data.tables import (
    KINDS,
    MAX_CATEGORIES,
    MAX_INPUTS,
    MISSING,
    SCALINGS,
    TableChoice,
    TablePreview,
    TableSource,
    choose,
    column_number,
    file_name,
    guess,
    preview,
    reading_command,
    samples,
)
from playground.errors import InvalidValueError, UnknownNameError

TABLES = Path(__file__).parent / "tables"

FRUIT = """id,mass,colour,crate,sort,ripe
1,100,red,A,apple,1
2,110,green,A,pear,0
3,,red,B,apple,1
4,130,yellow,B,pear,1
5,140,?,C,quince,0
6,150,red,C,,1
7,160,green,A,apple,0
8,170,red,B,pear,1
9,180,red,A,pear,0
10,190,yellow,C,apple,1
11,200,red,C,quince,0
12,210,green,B,apple,1
13,220,red,A,quince,1
"""


def table(text=FRUIT, name="fruit.csv", **options):
    return read(text.encode(), name, **options)


def shared(name):
    data = (TABLES / name).read_bytes()
    rows = [[value.strip() for value in row] for row in csv.reader(io.StringIO(data.decode())) if row]
    return read(data, name), rows


def choice(target=4, inputs=(1, 2), kinds="number number category category category number", **others):
    said = {"missing": "impute", "scaling": "standardize", **others}
    return TableChoice(target, inputs, tuple(kinds.split()), **said)


# --- guess --------------------------------------------------------------------------------------------------------


def columns_of_each(names, *columns):
    rows = [names, *zip(*columns, strict=True)]
    return table("\n".join(",".join(map(str, row)) for row in rows), header=True)


MANY = [number / 7 for number in range(30)]
ZERO_ONE = [number % 2 for number in range(30)]
GRADES = [number % 10 for number in range(30)]
WORDS = ["red" if number % 3 else "blue" for number in range(30)]
REMARKS = [f"remark {number}" for number in range(30)]
SAME = [7] * 30
NUMBERS = list(range(1, 31))


@pytest.mark.parametrize(
    ("names", "columns", "target", "kind", "inputs"),
    [
        (["a", "b", "c"], [MANY, WORDS, MANY], 2, "number", (0, 1)),
        (["a", "Class", "c"], [MANY, WORDS, MANY], 1, "category", (0, 2)),
        (["x", "y", "label"], [MANY, MANY, ZERO_ONE], 2, "category", (0, 1)),
        (["x", "y", "z"], [MANY, MANY, MANY], 1, "number", (0, 2)),
        (["a", "b", "survived"], [MANY, WORDS, REMARKS], 1, "category", (0,)),
        (["a", "b", "c"], [MANY, ZERO_ONE, GRADES], 2, "category", (0, 1)),
        (["a", "b", "c"], [MANY, SAME, WORDS], 2, "category", (0,)),
        (["id", "b", "c"], [NUMBERS, MANY, WORDS], 2, "category", (1,)),
        (["", "b", "c"], [NUMBERS, MANY, WORDS], 2, "category", (1,)),
        (["t", "b", "c"], [NUMBERS, MANY, WORDS], 2, "category", (0, 1)),
        (["id", "c"], [NUMBERS, MANY], 1, "number", (0,)),
    ],
)
def test_the_guess_is_what_a_person_would_choose(names, columns, target, kind, inputs):
    guessed = guess(columns_of_each(names, *columns))
    assert (guessed.target, guessed.kinds[guessed.target], guessed.inputs) == (target, kind, inputs)
    assert (guessed.missing, guessed.scaling) == ("impute", "standardize")


def test_a_target_that_is_known_is_not_guessed():
    known = guess(table(), 1)
    assert (known.target, known.kinds[1], known.inputs) == (1, "number", (2, 3, 4, 5))
    assert guess(table(), 5).kinds[5] == "category"


def test_a_column_is_found_by_its_name_or_the_names_are_told():
    assert column_number(table(), "sort", "table.target") == 4
    with pytest.raises(UnknownNameError, match=r"id, mass, colour, crate, sort, ripe\.") as caught:
        column_number(table(), "Sort", "table.target")
    assert caught.value.field == "table.target"


def test_few_whole_numbers_that_hardly_repeat_stay_numbers():
    rows = "\n".join(f"{hours},{hours % 9 + 1}" for hours in range(12))
    assert guess(table(f"hours,mark\n{rows}")).kinds == ("number", "number")


def test_the_guess_keeps_to_as_many_inputs_as_a_network_may_have():
    names = [f"c{number}" for number in range(15)]
    rows = [[f"v{(row + column) % 11}" for column in range(14)] + [row] for row in range(200)]
    wide = columns_of_each(names, *zip(*rows, strict=True))
    guessed = guess(wide)
    assert len(guessed.inputs) == 11
    assert len(choose(wide, guessed).columns) == 11 * 11 <= MAX_INPUTS
    everything = replace(guessed, inputs=tuple(range(14)))
    with pytest.raises(InvalidValueError, match=r"The chosen columns make 154 inputs; at most 128 are accepted\."):
        choose(wide, everything)


def test_a_table_of_which_nothing_can_be_made_is_guessed_at_and_then_refused():
    remarks = columns_of_each(["a", "b"], REMARKS, REMARKS)
    with pytest.raises(InvalidValueError, match="none was chosen"):
        choose(remarks, guess(remarks))


# --- what a choice gives ------------------------------------------------------------------------------------------


def test_samples_are_those_that_one_would_write_down_by_hand():
    X, y = samples(table(), choice())
    # Row 6 has no sort. The missing colour becomes red, the most frequent; the missing mass waits for the trainer.
    red, green, yellow = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    expected = [
        (100, *red, 0), (110, *green, 1), (np.nan, *red, 0), (130, *yellow, 1), (140, *red, 2), (160, *green, 0),
        (170, *red, 1), (180, *red, 1), (190, *yellow, 0), (200, *red, 2), (210, *green, 0), (220, *red, 2),
    ]  # fmt: skip
    np.testing.assert_array_equal(X, [row[:4] for row in expected])
    np.testing.assert_array_equal(y, [row[4] for row in expected])
    assert (X.dtype, y.dtype) == (np.float64, np.int64)
    source = choose(table(), choice())
    assert source.columns == ("mass", "colour = red", "colour = green", "colour = yellow")
    assert source.scaled == (True, False, False, False)
    assert source.classes == ("apple", "pear", "quince")
    assert (source.name, source.target_name, source.samples) == ("fruit.csv", "sort", 12)


def test_dropping_leaves_out_the_rows_that_miss_a_chosen_input():
    X, y = samples(table(), choice(missing="drop"))
    assert X[:, 0].tolist() == [100, 110, 130, 160, 170, 180, 190, 200, 210, 220]
    assert y.tolist() == [0, 1, 1, 0, 1, 1, 0, 2, 0, 2]
    X, _ = samples(table(), choice(inputs=(2,), missing="drop"))
    assert len(X) == 11  # the row without a mass is back


def test_a_number_to_predict_is_kept_as_it_is():
    X, y = samples(table(), choice(target=1, inputs=(5,), kinds="number number category category category number"))
    assert y.tolist() == [100, 110, *range(130, 230, 10)]
    assert y.dtype == np.float64
    assert X[:, 0].tolist() == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1]
    assert choose(table(), choice(target=1, inputs=(5,))).classes == ()


def test_a_number_can_be_a_category():
    chosen = choice(target=5, inputs=(1,), kinds="number number category category category category")
    assert choose(table(), chosen).classes == ("0", "1")
    assert samples(table(), chosen)[1].tolist() == [1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1]


def test_a_missing_category_becomes_the_most_frequent_one_of_the_rows_that_are_used():
    # 3 is the most frequent size; in the whole table 1 is, but most of its rows have no kind.
    sized = table("\n".join(["size,kind", *["1,"] * 9, *["1,A", "3,B"] * 3, *["3,A", "2,B", ",A"] * 2]), header=True)
    X, _ = samples(sized, TableChoice(1, (0,), ("category", "category"), "impute", "none"))
    one, two, three = [1, 0, 0], [0, 1, 0], [0, 0, 1]
    assert X.tolist() == [one, three] * 3 + [three, two, three] * 2


def test_classes_are_in_natural_order():
    rows = "\n".join(f"{number / 3},day {[10, 9, 1][number % 3]}" for number in range(12))
    days = table(f"x,day\n{rows}\n9.5,Day 2\n9.6,Day 2")
    chosen = replace(guess(days), kinds=("number", "category"))
    assert choose(days, chosen).classes == ("day 1", "Day 2", "day 9", "day 10")
    assert samples(days, chosen)[1].tolist() == [3, 2, 0] * 4 + [1, 1]


def test_the_rarer_values_of_a_crowded_category_share_one_input():
    adult, rows = shared("adult-test.csv")
    counts = collections.Counter(row[3] for row in rows)
    frequent = {value for value, _ in counts.most_common(11)}
    chosen = replace(guess(adult), inputs=(3,))
    X, _ = samples(adult, chosen)
    names = choose(adult, chosen).columns
    assert len(names) == MAX_CATEGORIES
    assert names[-1] == "Column 4 = other"
    assert {name.removeprefix("Column 4 = ") for name in names[:-1]} == frequent
    for row, encoded in zip(rows, X, strict=True):
        name = names[int(encoded.argmax())].removeprefix("Column 4 = ")
        assert name == (row[3] if row[3] in frequent else "other")


def test_adult_gives_the_rows_that_the_csv_module_counts():
    adult, rows = shared("adult-test.csv")
    whole = [row for row in rows if "?" not in row]
    kept, dropped = guess(adult), replace(guess(adult), missing="drop")
    assert choose(adult, kept).samples == len(rows) == 400
    assert choose(adult, dropped).samples == len(whole) < 400
    X, y = samples(adult, dropped)
    assert choose(adult, dropped).classes == ("<=50K.", ">50K.")
    assert y.tolist() == [int(row[14] == ">50K.") for row in whole]
    assert X[:, 0].tolist() == [float(row[0]) for row in whole]
    assert not np.isnan(X).any()


@pytest.mark.parametrize("name", ["banknote_authentication.csv", "pima-indians-diabetes.csv"])
def test_tables_of_numbers_come_out_as_numpy_reads_them(name):
    read_table, _ = shared(name)
    expected = np.genfromtxt(TABLES / name, delimiter=",")
    X, y = samples(read_table, guess(read_table))
    np.testing.assert_array_equal(X, expected[:, :-1])
    np.testing.assert_array_equal(y, expected[:, -1])
    assert choose(read_table, guess(read_table)).classes == ("0", "1")


def test_passengers_are_predicted_from_the_month_as_a_year():
    airline, rows = shared("airline-passengers.csv")
    X, y = samples(airline, guess(airline))
    np.testing.assert_allclose(X[:, 0], 1949 + np.arange(144) / 12, rtol=1e-12)
    assert y.tolist() == [float(row[1]) for row in rows[1:]]
    assert choose(airline, guess(airline)).columns == ("Month",)


@given(
    target=st.integers(0, 5),
    inputs=st.lists(st.integers(0, 5), unique=True, max_size=5).map(tuple),
    kinds=st.lists(st.sampled_from(KINDS), min_size=6, max_size=6).map(tuple),
    missing=st.sampled_from(MISSING),
    scaling=st.sampled_from(SCALINGS),
)
def test_any_choice_is_refused_or_gives_samples_that_fit_its_source(target, inputs, kinds, missing, scaling):
    chosen = TableChoice(target, inputs, kinds, missing, scaling)
    fruit = table()
    try:
        source = choose(fruit, chosen)
    except InvalidValueError as error:
        refused_at = error.field
    else:
        refused_at = None
    if refused_at:
        with pytest.raises(InvalidValueError) as caught:
            samples(fruit, chosen)
        assert caught.value.field == refused_at
        return
    X, y = samples(fruit, source)
    assert X.shape == (source.samples, len(source.columns)) == (len(y), len(source.scaled))
    assert np.isfinite(y).all()
    assert not np.isnan(X[:, [not scaled for scaled in source.scaled]]).any()
    assert missing == "impute" or not np.isnan(X).any()
    categories = [index for index in inputs if kinds[index] == "category"]
    assert (X[:, [not scaled for scaled in source.scaled]].sum(axis=1) == len(categories)).all()
    assert set(y) == set(range(len(source.classes))) if source.classes else y.dtype == np.float64


def test_a_source_goes_into_a_file_and_back():
    source = choose(table(), choice())
    assert msgspec.convert(json.loads(json.dumps(asdict(source))), TableSource) == source
    assert hash(source) == hash(choose(table(), choice()))


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"target": 6}, "target", "There is no column number 6; this table's are numbered from 0 to 5."),
        ({"target": "sort"}, "target", "There is no column number 'sort'; this table's are numbered from 0 to 5."),
        ({"inputs": (1, -1)}, "inputs", "There is no column number -1; this table's are numbered from 0 to 5."),
        ({"inputs": ()}, "inputs", "Choose at least one column to predict from; none was chosen."),
        ({"inputs": (1, 4)}, "inputs", "'sort' is what is to be predicted, so it cannot be an input too."),
        ({"inputs": (1, 2, 1)}, "inputs", "'mass' was chosen more than once as an input."),
        (
            {"kinds": "number number number category category number"},
            "inputs",
            "'colour' has values that are not numbers, such as 'red', 'green', 'yellow'; use it as a category.",
        ),
        (
            {"kinds": "number number category category number number"},
            "target",
            "'sort' has values that are not numbers, such as 'apple', 'pear', 'quince'; use it as a category.",
        ),
        (
            {"target": 0, "inputs": (1,), "kinds": "category number category category category number"},
            "target",
            "'id' has 13 different values in the rows that are used; a class to predict has 2 to 10."
            " Predict it as a number, or choose another column.",
        ),
        ({"kinds": "number number"}, "kinds", "Kinds must be as many as the table's columns, 6, got 2."),
        (
            {"kinds": "number text category category category number"},
            "kinds",
            "A kind must be one of number, category, got 'text'.",
        ),
        ({"missing": "zero"}, "missing", "Missing must be one of impute, drop, got 'zero'."),
        ({"scaling": None}, "scaling", "Scaling must be one of standardize, minmax, none, got None."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_a_sentence_at_its_part(changed, field, sentence):
    for use in (choose, samples):
        with pytest.raises(InvalidValueError) as caught:
            use(table(), choice(**changed))
        assert (str(caught.value), caught.value.field) == (sentence, f"table.{field}")


@pytest.mark.parametrize(
    ("text", "missing", "field", "sentence"),
    [
        (["1,2,A", "2,3,B"] * 4, "impute", "target", "8 of 8 rows are left in which 'c' has a value; 10 are needed."),
        (["1,2,A", "2,3,?"] * 8, "impute", "target", "8 of 16 rows are left in which 'c' has a value; 10 are needed."),
        (
            ["1,?,A", "2,3,B"] * 8,
            "drop",
            "missing",
            "8 of 16 rows are left without those that miss a value; at least 10 are needed."
            " Fill missing values in, or choose other inputs.",
        ),
        (["1,2,A", "2,3,A"] * 8, "impute", "target", "'c' has 1 different value in the rows that are used; a class to"),
        (["1,2,3", "2,3,3"] * 8, "impute", "target", "'c' has the same value in every row that is used, so there is"),
        (["1,?,A", "2,,B"] * 8, "impute", "inputs", "'b' has no values."),
        (["1,?,A", "2,,B", "3,4,"] * 8, "impute", "inputs", "'b' has no values in the rows that are used."),
        (["1,?,A", "2,,B", "3,word,"] * 8, "impute", "inputs", "'b' has no values in the rows that are used."),
    ],
)
def test_rows_that_teach_nothing_are_refused(text, missing, field, sentence):
    read_table = table("\n".join(["a,b,c", *text]), header=True)
    kinds = tuple("number" if column.kind == "number" else "category" for column in read_table.columns)
    with pytest.raises(InvalidValueError) as caught:
        choose(read_table, TableChoice(2, (0, 1), kinds, missing, "none"))
    assert str(caught.value).startswith(sentence)
    assert caught.value.field == f"table.{field}"


def test_a_column_with_too_many_values_is_no_category():
    rows = "\n".join(f"name {number},{number / 3},{number % 2}" for number in range(1200))
    people = table(f"name,size,left\n{rows}")
    advice = {0: "leave it out", 1: "use it as a number"}
    for index, better in advice.items():
        with pytest.raises(InvalidValueError, match=rf"has 1,200 different values.*{better}\.") as caught:
            choose(people, TableChoice(2, (index,), ("category",) * 3, "impute", "none"))
        assert caught.value.field == "table.inputs"


# --- the preview and the command ----------------------------------------------------------------------------------


def test_the_preview_says_what_each_column_can_be():
    shown = preview(table())
    by_name = {column.name: column for column in shown.columns}
    possible = {
        name: (column.can_be_number, column.can_be_category, column.can_be_target_class)
        for name, column in by_name.items()
    }
    assert possible == {
        "id": (True, True, False),
        "mass": (True, True, False),
        "colour": (False, True, True),
        "crate": (False, True, True),
        "sort": (False, True, True),
        "ripe": (True, True, True),
    }
    assert (by_name["mass"].missing, by_name["mass"].distinct) == (1, 12)
    assert (by_name["colour"].kind, by_name["colour"].examples) == ("category", ["red", "green", "yellow"])
    assert shown.head[4] == ["5", "140", "?", "C", "quince", "0"]
    assert len(shown.head) == 8
    assert shown.guess == guess(table())


def test_the_preview_is_small_whatever_the_table():
    adult = read((TABLES / "adult-test.csv").read_bytes() * 50, "adult.csv")
    sent = msgspec.json.encode(preview(adult))
    assert adult.rows == 20_000
    assert len(sent) < 10_000
    assert msgspec.json.decode(sent, type=TablePreview) == preview(adult)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("/home/anna/iris.csv", "iris.csv"),
        ("C:\\Users\\Anna\\iris.csv", "iris.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.csv", "ab.csv"),
        ("\ud800.csv", ".csv"),
        ("x" * 300, "x" * 80),
        ("", "table"),
    ],
)
def test_a_file_s_name_has_no_folder_and_can_be_shown(given, shown):
    assert file_name(given) == shown


def test_nothing_that_a_person_says_becomes_an_option_of_the_command():
    command = reading_command("--help", header=False, delimiter="--name=x", encoding="\x00")
    assert command[1:] == [
        "-m",
        "playground.data.table_reader",
        "--name=--help",
        "--delimiter=--name=x",
        "--header=no",
    ]
