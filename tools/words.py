"""Write into each file of playground/languages all that there is to translate; translations that are there are kept.

Texts are found where they stand, in the Python sources, the templates and the page's modules; labels, helps and other
texts that are declared beside what they describe are found by walking the catalogue and the data sets.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from playground.catalogue import catalogue, help_book
from playground.data import DATASETS, describe
from playground.sentences import Sentence
from playground.server.languages import CATALOGUE, FOLDER, HELP_BOOK

ROOT = Path(__file__).parents[1]

Text = str | tuple[str, str]
"""English as it stands in the source; for one and for other counts, where a count decides."""

_SOURCES = (
    ("playground", "**.py", "python", {"say": None, "say_n": (1, 2)}),
    ("templates", "**.html", "jinja2.ext:babel_extract", {"_": None}),
    ("static/js", "**.js", "javascript", {"t": None, "tn": (1, 2)}),
)


def texts() -> dict[Text, list[str]]:
    """Return every text that people read, and where it was found: files, CATALOGUE and HELP_BOOK."""
    found: dict[Text, list[str]] = {}
    in_sources = set(_in_sources())
    counted = {form for text, _ in in_sources if not isinstance(text, str) for form in text}
    declared = {(text, place) for text, place in _declared() if text not in counted}
    for text, file in sorted(in_sources | declared, key=str):
        if _has_words(text):
            found.setdefault(text, []).append(file)
    return found


def _in_sources() -> Iterator[tuple[Text, str]]:
    for folder, pattern, method, keywords in _SOURCES:
        options = {pattern: {"parse_template_string": "true"}} if method == "javascript" else {}
        for file, _, text, _, _ in extract_from_dir(
            ROOT / folder, [(pattern, method)], options, keywords, comment_tags=()
        ):
            yield text, f"{folder}/{file}"


def _declared() -> Iterator[tuple[str, str]]:
    helps = set(_helps())
    yield from ((kind, CATALOGUE) for kind in catalogue().registries)
    measurements = [describe(name).columns for name in DATASETS.names]
    for book, name in ((catalogue(), CATALOGUE), (measurements, CATALOGUE), (help_book(), HELP_BOOK)):
        found: list[Sentence] = []

        def note(sentence: Sentence, found: list[Sentence] = found) -> str:
            found.extend([sentence, *(value for value in sentence.values.values() if isinstance(value, Sentence))])
            return str(sentence)

        msgspec.json.encode(book, enc_hook=note)
        yield from ((sentence.text, HELP_BOOK if sentence in helps else name) for sentence in found)


def _helps() -> Iterator[str]:
    """Return the explanations that the catalogue holds as the help book does; nothing that is said names them."""
    for setting in catalogue().settings:
        yield setting.help
        if setting.number:
            yield setting.number.help
    for entries in catalogue().registries.values():
        for entry in entries:
            yield from (entry.help, *(parameter.help for parameter in entry.parameters))


def _has_words(text: Text) -> bool:
    """Whether there is anything to translate: a letter, or a per cent sign, outside of the names in braces."""
    one = text if isinstance(text, str) else text[0]
    return any(character.isalpha() or character == "%" for character in re.sub(r"\{\w+\}", "", one))


def update(path: Path, texts: Mapping[Text, list[str]]) -> None:
    """Let a file hold these texts and no others; its head is left as it is."""
    template = Catalog()
    for text, files in texts.items():
        template.add(text, locations=[(file, 0) for file in files])
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem, abort_invalid=True)
    catalog.update(template, no_fuzzy_matching=True)
    for message in catalog:
        message.flags &= {"fuzzy"}  # formats are not Python's
    head = path.read_text(encoding="utf-8").split("\n\n", 1)[0].rstrip()
    with path.open("wb") as file:
        file.write(f"{head}\n\n".encode())
        write_po(
            file, catalog, width=100, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
        )


def main() -> None:
    """Update every language."""
    found = texts()
    for path in sorted(FOLDER.glob("*.po")):
        update(path, found)
        with path.open("rb") as file:
            messages = [message for message in read_po(file, locale=path.stem) if message.id]
        missing = sum(
            message.fuzzy or not all([message.string] if isinstance(message.id, str) else message.string)
            for message in messages
        )
        print(f"{path.relative_to(ROOT)}: {len(messages)} texts, {missing} to be translated")


if __name__ == "__main__":
    main()
