"""Texts that people read, in English and ready to be said in another language.

English stands where it belongs: beside what it describes. What is read by people is declared as a `label` or a `help`
of a registry, or is made by `say`, so that tools find every text, and so that a text remembers what it was made from:
the page then looks for the text in its own language and puts the values in there (static/js/lib/words.js).
"""

from collections.abc import Mapping
from typing import Self


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
        made = super().__new__(cls, text.format_map({name: _english(value) for name, value in values.items()}))
        made.text, made.values = text, values
        return made


def say(text: str, /, **values: object) -> Sentence:
    """Return a text that people read.

    Args:
        text: English, as it stands in the source: what is in braces is replaced by the value of that name.
        values: Numbers (int or float, rounded as they are to be read), texts, and Sentences.
    """
    return Sentence(text, values)


def _english(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.10g}"
