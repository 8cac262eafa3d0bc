"""Texts that people read, in English and ready to be said in another language.

English stands where it belongs: beside what it describes. What is read by people is declared as a `label` or a `help`
of a registry, or is made by `say`, so that tools find every text, and so that a text remembers what it was made from:
the page then looks for the text in its own language and puts the values in there (static/js/lib/words.js).
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Literal, Self, TypeAlias

Told: TypeAlias = tuple[str, dict[str, Any]]
"""A text for people: English with names in braces, and what stands for each: a number, a plain text, or a Told.

The page says the English in its own language, if it knows it, and puts the values in. Text that is nobody's to
translate, such as a name from a person's own table, is told as ("{text}", {"text": …}).
"""


class Sentence(str):
    """English text that remembers what it was made from.

    Attributes:
        text: The text before its values were put in, by which a translation is found.
        values: What stands for each name in braces: a number, a text that is left as it is, or another Sentence.
    """

    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str, values: Mapping[str, object] | None = None) -> Self:
        """Return `text` with the values put in."""
        values = dict(values or {})
        made = super().__new__(cls, text.format_map({name: written(value) for name, value in values.items()}))
        made.text, made.values = text, values
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object]]]:
        """Return how it is made anew when it is copied or unpickled."""
        return type(self), (self.text, self.values)


def say(text: str, /, **values: object) -> Sentence:
    """Return a text that people read.

    Args:
        text: English, as it stands in the source: what is in braces is replaced by the value of that name.
        values: Numbers (int or float, rounded as they are to be read), texts, and Sentences.
    """
    return Sentence(text, values)


def say_n(one: str, many: str, /, n: int, **values: object) -> Sentence:
    """Return a text that people read and that depends on a count, which stands for {n} in it.

    Args:
        one: English for one, as it stands in the source.
        many: English for all other counts.
        n: The count.
        values: As for `say`.
    """
    return Sentence(one if n == 1 else many, {"n": n, **values})


def listed(parts: Sequence[str], last: Literal["and", "or"]) -> Sentence:
    """Return one or more texts in a row, with a word before the last: "a, b and c"."""
    *before, end = parts
    if not before:
        return say("{text}", text=end)
    others = reduce(lambda row, part: say("{row}, {part}", row=row, part=part), before)
    if last == "and":
        return say("{others} and {last}", others=others, last=end)
    return say("{others} or {last}", others=others, last=end)


def told(text: str) -> Told:
    """Return a text as it is told: a Sentence with what it was made from, other text to be left as it is."""
    if not isinstance(text, Sentence):
        return ("{text}" if text else "", {"text": text} if text else {})
    values = {name: told(value) if isinstance(value, Sentence) else value for name, value in text.values.items()}
    return text.text, values


def as_sentence(text: str) -> Sentence:
    """Return a text that people read and that is declared elsewhere, such as a label, as a Sentence."""
    return text if isinstance(text, Sentence) else Sentence(text)


def written(value: object) -> str:
    """Return a value of a Sentence as English writes it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
