import pytest

from playground.errors import InvalidValueError, UnknownNameError
from playground.registry import Parameter, Registry

RATE = Parameter("rate", "Rate", 0.5, 0, 1)
SIZE = Parameter("size", "Size", 2, 1, 8, integer=True)


@pytest.fixture
def registry():
    registry = Registry("shape")
    registry.register("round", label="Round", help="No corners.", parameters=(RATE,))("a circle")
    registry.register("square", label="Square", help="Four corners.", edges=4)("a square")
    return registry


def test_an_unknown_name_is_answered_with_the_known_ones(registry):
    with pytest.raises(UnknownNameError, match=r"^Unknown shape 'oval'; choose one of: round, square\.$"):
        registry["oval"]


@pytest.mark.parametrize("name", [None, 3, ["round"], {"round": 1}])
def test_a_name_that_is_no_text_is_an_unknown_name(registry, name):
    with pytest.raises(UnknownNameError, match="choose one of"):
        registry.get(name, "form")


def test_a_name_is_registered_once(registry):
    with pytest.raises(ValueError, match="twice"):
        registry.register("round", label="", help="")("another")


def test_entries_keep_their_order_value_and_traits(registry):
    assert registry.names == ("round", "square")
    assert [entry.value for entry in registry] == ["a circle", "a square"]
    assert registry["square"].traits == {"edges": 4}


def test_a_subset_keeps_the_kind_and_the_order(registry):
    subset = registry.subset(lambda entry: "edges" in entry.traits)
    assert (subset.kind, subset.names) == ("shape", ("square",))


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf"), True, "0.5", None, [0.5]])
def test_a_parameter_refuses_what_is_no_number_in_its_range(value):
    with pytest.raises(InvalidValueError, match=r"^adam: rate must be a number from 0 to 1, got ") as caught:
        RATE.check(value, "adam")
    assert caught.value.field == "rate"


@pytest.mark.parametrize("value", [2.5, 0, 9, 1e300, "3"])
def test_a_whole_number_parameter_refuses_fractions_and_other_ranges(value):
    with pytest.raises(InvalidValueError, match=r"^Size must be a whole number from 1 to 8, got "):
        SIZE.check(value)


def test_a_whole_number_may_come_as_a_float():
    assert isinstance(SIZE.check(3.0), int)


def test_options_take_defaults_and_refuse_unknown_names(registry):
    assert registry["round"].options({}) == {"rate": 0.5}
    with pytest.raises(UnknownNameError, match=r"Unknown option of round 'rat'; choose one of: rate\."):
        registry["round"].options({"rat": 1})


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(InvalidValueError) as caught:
        RATE.check("x" * 10_000)
    assert len(str(caught.value)) < 150
