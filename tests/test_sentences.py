import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.sentences import Sentence, as_sentence, listed, say, say_n, told
from tests.told import in_english


def test_a_sentence_is_english_and_remembers_what_it_was_made_from():
    sentence = say("{what} takes {rows} rows and {share} of {name}.", what=say("It"), rows=1234, share=0.25, name="{a}")
    assert sentence == "It takes 1,234 rows and 0.25 of {a}."
    assert sentence.text == "{what} takes {rows} rows and {share} of {name}."
    assert sentence.values["rows"] == 1234


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (1000, "1,000"), (1e6, "1,000,000"), (12345.5, "12,345.5"), (1e-7, "1e-07"), (True, "True")],
)
def test_numbers_are_written_for_readers(number, written):
    assert say("{number}", number=number) == written


@pytest.mark.parametrize(("n", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1001, "1,001 rows")])
def test_a_count_chooses_its_form(n, text):
    assert say_n("{n} row", "{n} rows", n) == text


@pytest.mark.parametrize(
    ("parts", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (["{x}"], "{x}")]
)
def test_parts_are_listed(parts, text):
    assert listed(parts, "and") == text
    assert listed(parts, "or") == text.replace(" and ", " or ")
    assert in_english(told(listed(parts, "and"))) == text


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_copy_remembers_as_well(again):
    sentence = say("{what} of {{braces}}", what=say("A text"))
    assert again(sentence) == sentence
    assert (again(sentence).text, again(sentence).values) == (sentence.text, sentence.values)


def test_what_is_a_sentence_already_stays_one():
    sentence = say("{n} rows", n=2)
    assert as_sentence(sentence) is sentence
    assert as_sentence("Label").text == "Label"


@given(st.text())
def test_a_text_of_somebody_elses_is_told_as_it_is(text):
    assert in_english(told(text)) == text or not text
    assert told("") == ("", {})


def test_sentences_within_sentences_are_told_so():
    assert told(say("{why} Try again.", why=say("No {what}.", what="room"))) == (
        "{why} Try again.",
        {"why": ("No {what}.", {"what": "room"})},
    )
    assert isinstance(say("x"), Sentence)
