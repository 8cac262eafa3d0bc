"""The languages that the page speaks beside English: one gettext file each, keyed by the English text.

A language is added by adding its file to playground/languages; `make words` puts in all that there is to translate.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import c2py
from pathlib import Path
from typing import Any

import msgspec

import playground
from playground.sentences import Sentence, written

FOLDER = Path(playground.__file__).parent / "languages"

COUNTS = 200
"""Counts whose forms the page is told; those of larger ones repeat every hundred."""

CATALOGUE, HELP_BOOK = "catalogue", "help_book"
"""Where, beside files, texts are found as a language's file says: names, and explanations."""

_LONGEST_TAG = 35
_NAME_IN_BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Language:
    """What the page says in one language; as it stands, English.

    Attributes:
        tag: As HTML and HTTP name it, such as "de" or "pt-BR".
        decimal: The mark between whole number and fraction.
        group: The mark between thousands.
        plurals: Which form of a word each of the first COUNTS counts asks for, a digit each.
        texts: By their English; where a count decides, the forms, by the English for one and by that for others.
        elsewhere: Those of the texts that the page's scripts never say, as they come translated.
    """

    tag: str = "en"
    decimal: str = "."
    group: str = ","
    plurals: str = "10" + "1" * (COUNTS - 2)
    texts: Mapping[str, str | list[str]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def text(self, english: str) -> str:
        """Return a text in this language, or in English where there is no translation."""
        found = self.texts.get(english)
        return found if isinstance(found, str) else english

    def said(self, sentence: Sentence) -> str:
        """Return a sentence in this language, with its values put in."""
        found = self.texts.get(sentence.text, sentence.text)
        if not isinstance(found, str):
            found = found[self._form(sentence.values["n"])]
        return _NAME_IN_BRACES.sub(lambda name: self._value(sentence.values[name[1]]), found)

    def _form(self, count: Any) -> int:
        """Return which form of a word a count asks for."""
        return int(self.plurals[count if count < COUNTS else COUNTS // 2 + count % (COUNTS // 2)])

    def _value(self, value: object) -> str:
        if isinstance(value, Sentence):
            return self.said(value)
        if isinstance(value, (int, float)):
            return written(value).translate(str.maketrans(",.", self.group + self.decimal))
        return str(value)

    def words(self) -> bytes:
        """Return what static/js/lib/words.js reads, as JSON."""
        texts = {english: text for english, text in self.texts.items() if english not in self.elsewhere}
        marks = {"decimal": self.decimal, "group": self.group, "plurals": self.plurals}
        return msgspec.json.encode({"language": self.tag, **marks, "texts": texts})


ENGLISH = Language()


class Languages:
    """The languages of a folder, and which of them somebody gets."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """
        Args:
            folder: Where their files are, such as de.po and pt_BR.po; they may come, go and change.
        """
        self._folder = folder

    @property
    def files(self) -> dict[str, Path]:
        """The file of each language but English, by tag."""
        return {path.stem.replace("_", "-"): path for path in sorted(self._folder.glob("*.po"))}

    @property
    def tags(self) -> list[str]:
        """The tag of each language, English first."""
        return [ENGLISH.tag, *self.files]

    def choose(self, wanted: Iterable[str]) -> str:
        """Return the tag of the first language wanted that there is ("de" for "de-AT"), else that of English."""
        known = {tag.lower(): tag for tag in self.tags}
        for tag in wanted:
            parts = tag[:_LONGEST_TAG].lower().replace("_", "-").split("-")
            for length in range(len(parts), 0, -1):
                if (found := known.get("-".join(parts[:length]))) is not None:
                    return found
        return ENGLISH.tag

    def read(self, tag: str) -> Language:
        """Return the language of this tag; English, with a line in the log, where its file cannot be read."""
        path = self.files.get(tag)
        if path is None:
            return ENGLISH
        try:
            return read_language(path)
        except Exception as error:  # a translator's slip, whatever Babel makes of it, must not cost us the page
            print(f"{path} is not used: {error!r}", file=sys.stderr, flush=True)
            return ENGLISH


def read_language(path: Path) -> Language:
    """Return the language of a file. English stands in for what is not translated, or by names that are not known.

    Raises:
        Exception: Various ones, if it is no gettext file, or its name no language's.
    """
    # Half as long as all else that the page takes, and not needed for an English one.
    from babel import Locale
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem, abort_invalid=True)
    sound = [message for message in catalog if message.id and _is_sound(message)]
    form_of = c2py(catalog.plural_expr)
    symbols = Locale.parse(path.stem).number_symbols["latn"]
    return Language(
        tag=path.stem.replace("_", "-"),
        decimal=symbols["decimal"],
        group=symbols["group"],
        plurals="".join(str(form_of(count)) for count in range(COUNTS)),
        texts={english: _translation(message) for message in sound for english in _forms(message.id)},
        elsewhere=frozenset(english for message in sound if _is_elsewhere(message) for english in _forms(message.id)),
    )


def names_in(text: str) -> set[str]:
    """Return the names that stand in braces."""
    return set(_NAME_IN_BRACES.findall(text))


def _is_sound(message: Any) -> bool:
    """Whether a message is translated, in all its forms, without a name that nothing stands for."""
    english, forms = _forms(message.id), _forms(message.string)
    known = set().union(*map(names_in, english))
    return not message.fuzzy and all(forms) and all(names_in(form) <= known for form in forms)


def _translation(message: Any) -> str | list[str]:
    return message.string if isinstance(message.id, str) else list(message.string)


def _is_elsewhere(message: Any) -> bool:
    """Whether a message is found only in what the server translates: templates and explanations."""
    places = [place for place, _ in message.locations]
    return bool(places) and all(place == HELP_BOOK or place.startswith("templates/") for place in places)


def _forms(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
