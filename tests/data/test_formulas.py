import math
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playground.data import FUNCTIONS, Formula
from playground.data.formulas import MAX_DEPTH, MAX_LENGTH, MAX_NODES
from playground.errors import InvalidValueError

ROWS = np.array([[0.5, -2.0, 3.0, 1.5], [-1.25, 0.25, 2.0, -0.5], [2.0, 1.0, -1.5, 4.0]])
SPACES = st.sampled_from(["", "", " ", "  "])
NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", ".25", "4.", "1e1", "2.5E-1", "10"])
MEASUREMENTS = st.sampled_from(["x1", "x2", "x3", "x4", "X1"])
OPERATORS = st.sampled_from(["+", "-", "*", "/", "^", "**"])
CALLS = st.sampled_from(["abs", "sin", "cos", "tanh", "atan"])


@st.composite
def _operations(draw, parts):
    return f"{draw(parts)}{draw(SPACES)}{draw(OPERATORS)}{draw(SPACES)}{draw(parts)}"


EXPRESSIONS = st.recursive(
    NUMBERS | MEASUREMENTS | st.sampled_from(["pi", "e"]),
    lambda parts: (
        _operations(parts)
        | parts.map("-{}".format)
        | parts.map("+{}".format)
        | parts.map("({})".format)
        | st.tuples(CALLS, parts).map("{0[0]}({0[1]})".format)
        | st.tuples(st.sampled_from(["min", "max"]), parts, parts).map("{0[0]}({0[1]}, {0[2]})".format)
    ),
    max_leaves=9,
)


def _steady(function):
    """Return a function that is only asked of real numbers, where its last digits are not chaos."""

    def ask(x):
        if isinstance(x, complex) or abs(x) > 1e4:
            raise OverflowError
        return function(x)

    return ask


def _python(text, row):
    """Return what Python itself makes of the same text."""
    names = {f"x{number + 1}": float(value) for number, value in enumerate(row)}
    names |= {name: _steady(getattr(math, name)) for name in ("sin", "cos", "tanh", "atan")}
    names |= {"pi": math.pi, "e": math.e}
    return eval(text.lower().replace("^", "**"), {"__builtins__": {"abs": _steady(abs), "min": min, "max": max}}, names)


def _formula(text, columns=4):
    """Return the formula, if it keeps to the limits."""
    try:
        return Formula(text, columns)
    except InvalidValueError as error:
        assume(" at most" not in str(error))
        raise


# --------------------------------------------------------------------------- values


@given(text=EXPRESSIONS, row=st.sampled_from(list(ROWS)))
def test_a_formula_has_the_value_that_python_finds(text, row):
    try:
        expected = _python(text, row)
    except (ZeroDivisionError, OverflowError, TypeError):  # complex numbers have no order
        assume(False)
    assume(not isinstance(expected, complex) and abs(expected) < 1e6)
    value = _formula(text).evaluate(row[np.newaxis])[0]
    assert value == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-x1^2", -0.25),
        ("2^3^2", 512.0),
        ("2^-x2", 4.0),
        ("-2^-2", -0.25),
        ("x3-x2-x1", 4.5),
        ("x3-(x2-x1)", 5.5),
        ("x3/x2/x1", -3.0),
        ("x3/(x2/x1)", -0.75),
        ("x1+x3*x2", -5.5),
        ("6/2*3", 9.0),
        ("--x1", 0.5),
        ("min(x1, x2) * max(x1, x2)", -1.0),
    ],
)
def test_operations_bind_as_in_python(text, expected):
    assert Formula(text, 4).evaluate(ROWS[:1])[0] == expected
    assert _python(text, ROWS[0]) == expected


PYTHONS = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "atan", "atan2", "tanh", "exp", "log", "sqrt")},
    "abs": abs,
    "floor": math.floor,
    "sign": lambda x: (x > 0) - (x < 0),
    "min": min,
    "max": max,
    "gauss": lambda x: math.exp(-(x**2)),
}


@pytest.mark.parametrize("entry", list(FUNCTIONS), ids=lambda entry: entry.name)
@given(values=st.tuples(st.floats(-5, 5), st.floats(-5, 5)))
def test_every_function_is_pythons_own(entry, values):
    arguments = values[: entry.traits["arguments"]]
    if entry.name in ("log", "sqrt"):
        assume(arguments[0] > 0)
    names = ", ".join(("x1", "x2")[: len(arguments)])
    value = Formula(f"{entry.name}({names})", 2).evaluate(np.array([values]))[0]
    assert value == pytest.approx(PYTHONS[entry.name](*arguments), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("entry", list(FUNCTIONS), ids=lambda entry: entry.name)
def test_every_function_says_what_it_is(entry):
    assert entry.label
    assert entry.help.endswith(".")
    assert entry.traits["arguments"] in (1, 2)


@pytest.mark.parametrize("text", ["x2", "3", "pi", "x1*x2", "sign(x1)"])
def test_there_is_one_float_a_point_and_it_is_nobody_elses(text):
    values = Formula(text, 4).evaluate(ROWS)
    assert values.shape == (3,)
    assert values.dtype == np.float64
    before = ROWS.copy()
    values[...] = 99
    np.testing.assert_array_equal(ROWS, before)


def test_measurements_are_numbered_from_1():
    rows = np.arange(24.0).reshape(2, 12)
    np.testing.assert_array_equal(Formula("x1+100*x12", 12).evaluate(rows), [1100.0, 2312.0])


def test_no_points_have_no_values():
    assert Formula("sin(x1)+2", 2).evaluate(np.empty((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/0", np.inf), ("log(0)", -np.inf), ("log(-1)", np.nan), ("(-8)^(1/3)", np.nan), ("exp(1e6)", np.inf)],
)
def test_where_there_is_no_value_nothing_is_raised(text, expected):
    np.testing.assert_array_equal(Formula(text, 1).evaluate(np.zeros((2, 1))), [expected, expected])


# ----------------------------------------------------------------- text and label


@given(text=EXPRESSIONS)
def test_the_normal_text_gives_the_same_formula_again(text):
    formula = _formula(text)
    again = Formula(formula.text, 4)
    assert again == formula
    assert hash(again) == hash(formula)
    assert again.text == formula.text
    assert again.label == formula.label
    assert len(formula.text) <= len(text)
    np.testing.assert_array_equal(again.evaluate(ROWS), formula.evaluate(ROWS))


@pytest.mark.parametrize(
    ("text", "normal", "label"),
    [
        ("x1", "x1", "x₁"),
        ("x12", "x12", "x₁₂"),
        (" X1 * X2 ", "x1*x2", "x₁x₂"),
        ("((x1))**2 + x2^2", "x1^2+x2^2", "x₁² + x₂²"),
        ("2*x1*x2", "2*x1*x2", "2x₁x₂"),
        ("x1*2", "x1*2", "x₁·2"),
        ("pi*x1", "pi*x1", "πx₁"),
        ("1e5*x1", "1e5*x1", "1e5·x₁"),
        ("2*sin(3*x1)", "2*sin(3*x1)", "2·sin(3x₁)"),
        ("x1 - (x2 - 1)", "x1-(x2-1)", "x₁ − (x₂ − 1)"),
        ("(x1 - x2) - 1", "x1-x2-1", "x₁ − x₂ − 1"),
        ("x1/(x2*x1)", "x1/(x2*x1)", "x₁/(x₂x₁)"),
        ("(x1+x2)^-1", "(x1+x2)^-1", "(x₁ + x₂)⁻¹"),
        ("(x1^2)^3", "(x1^2)^3", "(x₁²)³"),
        ("2^x1*x2", "2^x1*x2", "2^x₁·x₂"),
        ("x1^0.5", "x1^0.5", "x₁^0.5"),
        ("-(x1+1)", "-(x1+1)", "−(x₁ + 1)"),
        ("sqrt(abs(x1))", "sqrt(abs(x1))", "√(abs(x₁))"),
        ("max( x1 , -x2 )", "max(x1,-x2)", "max(x₁, −x₂)"),
        ("x₁·x₂ − 2×x₁", "x1*x2-2*x1", "x₁x₂ − 2x₁"),
    ],
)
def test_a_formula_has_one_normal_text_and_reads_as_people_write(text, normal, label):
    formula = Formula(text, 12)
    assert formula.text == normal
    assert formula.label == label


def test_formulas_of_another_number_of_measurements_are_others():
    assert Formula("x1 + 1", 2) == Formula("x1+1", 2) != Formula("x1+1", 3)


def test_without_a_number_of_measurements_any_of_them_is_known():
    assert Formula("x1*x99", None).text == "x1*x99"


# --------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "A formula is empty; write one such as x1*x1 or sin(3*x1), or remove it."),
        ("   ", "A formula is empty; write one such as x1*x1 or sin(3*x1), or remove it."),
        ("2x1", "Between '2' and 'x1' at position 2 of a formula an operation is missing; a product is written 2*x1."),
        ("x1(2)", "Between 'x1' and '(' at position 3 of a formula an operation is missing"),
        ("(x1 x2)", "Between 'x1' and 'x2' at position 5 of a formula an operation is missing"),
        ("x1 + x7", "Unknown name 'x7' at position 6 of a formula; choose one of: x1 to x4, pi, e, sin(), cos(), "),
        ("foo(x1)", "Unknown name 'foo' at position 1 of a formula; choose one of: "),
        ("x0", "Unknown name 'x0' at position 1"),
        ("x01", "Unknown name 'x01' at position 1"),
        ("sin x1", "The function sin at position 1 needs parentheses, as in sin(x1)."),
        ("min(x1)", "The function min at position 1 takes two values, as in min(x1, x2), got 1."),
        ("sin(x1, x2)", "The function sin at position 1 takes one value, as in sin(x1), got 2."),
        ("cos()", "The function cos at position 1 takes one value, as in cos(x1), got 0."),
        ("2*(x1", "The parenthesis opened at position 3 of a formula is never closed."),
        ("sin(x1", "The parenthesis opened at position 4 of a formula is never closed."),
        ("x1)", "The parenthesis closed at position 3 was never opened."),
        ("x1 +", "At position 5 a formula must go on with a number, a name or '(', but it ends there."),
        ("x1 * / x2", "At position 6 a formula must go on with a number, a name or '(', got '/'."),
        ("()", "At position 2 a formula must go on with a number, a name or '(', got ')'."),
        ("0,5*x1", "The comma at position 2 of a formula parts no two values of a function; a half is written 0.5."),
        ("(0,5)", "The comma at position 3 of a formula parts no two values of a function"),
        ("x1 $ x2", "Unexpected '$' at position 4 of a formula; it is made of numbers, x1 to x4, functions such as "),
        ("1e999", "The number '1e999' at position 1 of a formula is too large."),
        ("x1" + " " * 99, "A formula may have 100 characters at most, got 101."),
        ("+".join(["x1"] * 21), "A formula may have 40 numbers, names and operations at most; this one has more."),
        (5, "A formula must be a text such as x1*x2, got 5."),
        (None, "A formula must be a text such as x1*x2, got None."),
    ],
)
def test_what_is_no_formula_is_answered_with_a_sentence(text, message):
    with pytest.raises(InvalidValueError) as raised:
        Formula(text, 4)
    assert str(raised.value).startswith(message)
    assert raised.value.field == "formulas"


@pytest.mark.parametrize(("columns", "known"), [(1, "x1, pi"), (2, "x1 and x2, pi"), (3, "x1 to x3, pi")])
def test_an_unknown_name_is_answered_with_the_measurements_that_there_are(columns, known):
    with pytest.raises(InvalidValueError, match=f"choose one of: {known}, e, "):
        Formula("y", columns)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "().__class__",
        "x1.__class__",
        "x1 if x1 else x2",
        "lambda: 1",
        "[1]",
        "x1 == x2",
        "f'{x1}'",
        "x1; x2",
        "x1\nx2",
        "x1 # x2",
        "open(x1)",
        "eval(x1)",
        "0x10",
        "1_000",
        "1j",
        "nan",
        "inf",
        "x1" * 5000,
        "(" * 5000,
        "(" * 49 + "x1" + ")" * 49,
        "-" * 99 + "1",
        "2^" * 49 + "2",
        "abs(" * 24 + "1",
        "٣",
        "x１",
        "ｘ1",
        "x²",
        "\u202e1",
        "\x00",
        "💥",
        "İ",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_hostile_texts_are_refused(text):
    with pytest.raises(InvalidValueError):
        Formula(text, 4)


@given(text=st.text(max_size=120) | st.text(alphabet="x123+-*/^(), .einsp", max_size=MAX_LENGTH))
def test_any_text_is_a_formula_or_is_refused_with_a_sentence(text):
    try:
        outcome = str(Formula(text, 3).evaluate(ROWS).shape)
    except InvalidValueError as error:
        outcome = str(error)
    assert outcome == "(3,)" or re.fullmatch(r"[A-Z].{,300}\.", outcome)


def test_the_limits_themselves_are_accepted():
    assert Formula("x1" + " " * (MAX_LENGTH - 2), 1).text == "x1"
    assert Formula("-" + "+".join(["x1"] * (MAX_NODES // 2)), 1).text.count("x1") == MAX_NODES // 2
    deep = MAX_DEPTH - 1
    assert Formula("(" * deep + "x1" + ")" * deep, 1).text == "x1"
