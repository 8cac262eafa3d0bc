"""What the page says in other languages: that nothing is missing, and what becomes of what is."""

import ast
import gettext
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from playground.catalogue import catalogue
from playground.data import DATASETS, describe
from playground.sentences import Sentence, say, say_n
from playground.server.app import create_app
from playground.server.languages import COUNTS, ENGLISH, FOLDER, Language, Languages, names_in, read_language
from tests.server.fake_pool import FakePool
from tools import words

ROOT = Path(__file__).parents[1]
FILES = sorted(FOLDER.glob("*.po"))
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
ENGLISH_PLURALS = HEAD + '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
POLISH_PLURALS = (
    HEAD
    + '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"\n\n'
)


def messages(path):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=path.stem, abort_invalid=True) if message.id]


@pytest.fixture(scope="module")
def texts():
    return words.texts()


def forms(text):
    return [text] if isinstance(text, str) else list(text)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture(scope="module")
def client():
    return create_app(FakePool()).test_client()


def block(page, name):
    (text,) = re.findall(rf'<script[^>]*id="{name}"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


# ---------------------------------------------------------------- the files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_has_every_text_and_no_others(texts, path):
    assert {message.id for message in messages(path)} == set(texts), "run `make words`"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_is_translated(path):
    missing = [message.id for message in messages(path) if not all(forms(message.string)) or message.fuzzy]
    assert not missing


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_translation_has_the_names_of_its_english(path):
    for message in messages(path):
        english = [names_in(text) for text in forms(message.id)]
        for text in filter(None, forms(message.string)):
            # A form for one may say "a point" in place of "{n} points".
            assert names_in(text) in ([*english, english[0] - {"n"}] if len(english) > 1 else english), message.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_has_as_many_forms_as_it_says(path):
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    assert set(read_language(path).plurals) == set(map(str, range(catalog.num_plurals)))
    assert all(len(message.string) == catalog.num_plurals for message in messages(path) if len(forms(message.id)) > 1)


def test_a_text_is_said_with_a_count_or_without_one(texts):
    single = {text for text in texts if isinstance(text, str)}
    counted = [text for text in texts if not isinstance(text, str)]
    assert len({one for one, _ in counted}) == len(counted)
    assert single.isdisjoint(form for text in counted for form in text)


SOURCES = sorted((ROOT / "playground").rglob("*.py"))
SAYING = {"say": 1, "say_n": 2}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_said_stands_as_a_literal_in_the_source(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
            said = node.args[: SAYING[node.func.id]]
            assert all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in said), node.lineno
            names = {keyword.arg for keyword in node.keywords}
            assert None in names or names_in(said[0].value) <= names | {"n"}, node.lineno


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("Learning rate", "catalogue"),
        ("Cultivar 1", "catalogue"),
        ("Mean {measure}", "playground/data/datasets.py"),
        ("fractal dimension", "catalogue"),
        ("activation", "catalogue"),
        ("There is no setting called {name}.", "playground/training/config.py"),
        (("{n} empty row was left out.", "{n} empty rows were left out."), "playground/data/table_reader.py"),
    ],
)
def test_texts_are_found_where_they_stand(texts, text, file):
    assert file in texts[text]


SPOKEN = re.compile(r"""(?<![\w.$])t\(\s*'((?:[^'\\]|\\.)*)'""")


def test_a_search_of_another_kind_finds_no_more_in_the_scripts(texts):
    found = set(texts)
    for path in (ROOT / "static/js").rglob("*.js"):
        for text in SPOKEN.findall(re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)):
            text = text.replace(r"\'", "'")
            assert text in found or not any(map(str.isalpha, re.sub(r"\{\w+\}", "", text))), f"{path.name}: {text}"


def test_a_file_is_brought_up_to_date_and_keeps_what_is_translated(texts, folder):
    path = folder / "de.po"
    path.write_text(
        ENGLISH_PLURALS + 'msgid "Learning rate"\nmsgstr "Lernrate"\n\nmsgid "Gone"\nmsgstr "Weg"\n', "utf-8"
    )
    words.update(path, texts)
    now = {message.id: message.string for message in messages(path)}
    assert set(now) == set(texts)
    assert now["Learning rate"] == "Lernrate"
    once = path.read_bytes()
    words.update(path, texts)
    assert path.read_bytes() == once


# ---------------------------------------------------------------- reading them


def test_a_language_is_read_with_its_marks(folder):
    path = folder / "de.po"
    path.write_text(ENGLISH_PLURALS + 'msgid "{n} rows"\nmsgstr "{n} Zeilen"\n', "utf-8")
    language = read_language(path)
    assert (language.tag, language.decimal, language.group) == ("de", ",", ".")
    assert language.said(say("{n} rows", n=1234.5)) == "1.234,5 Zeilen"
    assert language.said(say("{n} columns", n=1)) == "1 columns"


def test_the_forms_are_those_that_gettext_takes(folder):
    path = folder / "pl.po"
    rows = 'msgid "{n} row"\nmsgid_plural "{n} rows"\n' + "".join(f'msgstr[{k}] "{{n}} {k}"\n' for k in range(3))
    path.write_text(POLISH_PLURALS + rows, "utf-8")
    language = read_language(path)
    form_of = gettext.c2py("(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)")
    for n in [*range(COUNTS), 1002, 1012, 12345]:
        assert language.said(say_n("{n} row", "{n} rows", n)) == f"{n:,} {form_of(n)}".replace(",", language.group)


@given(st.integers(0, 10**6), st.floats(-1e9, 1e9), st.text())
def test_english_says_what_a_sentence_is(n, number, text):
    sentence = say_n("{n} row", "{n} rows", n, more=1)
    assert ENGLISH.said(sentence) == sentence
    nested = say("{what}, {number} and {text}", what=sentence, number=number, text=text)
    assert ENGLISH.said(nested) == nested


def test_what_is_not_sound_is_said_in_english(folder):
    path = folder / "de.po"
    path.write_text(
        ENGLISH_PLURALS
        + 'msgid "Empty"\nmsgstr ""\n\n'
        + '#, fuzzy\nmsgid "Guessed"\nmsgstr "Geraten"\n\n'
        + 'msgid "{a} is"\nmsgstr "{b} ist"\n\n'
        + 'msgid "{n} row"\nmsgid_plural "{n} rows"\nmsgstr[0] "{n} Zeile"\nmsgstr[1] ""\n\n'
        + 'msgid "Good"\nmsgstr "Gut"\n',
        "utf-8",
    )
    assert read_language(path).texts == {"Good": "Gut"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("de.po", b"\xff\xfe not text"),
        ("de.po", b"this is no gettext file\n"),
        ("de.po", b'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=__import__(1);\\n"\n'),
        ("xx_nowhere.po", ENGLISH_PLURALS.encode()),
    ],
)
def test_a_broken_file_is_a_line_in_the_log_and_english(folder, capsys, name, content):
    (folder / name).write_bytes(content)
    languages = Languages(folder)
    tag = name.removesuffix(".po").replace("_", "-")
    assert languages.read(tag) is ENGLISH
    assert capsys.readouterr().err.startswith(f"{folder / name} is not used: ")


def test_a_language_comes_by_its_file(folder):
    languages = Languages(folder)
    assert languages.tags == ["en"]
    (folder / "pt_BR.po").write_text(ENGLISH_PLURALS, "utf-8")
    assert languages.tags == ["en", "pt-BR"]
    assert languages.read("pt-BR").tag == "pt-BR"


def test_an_english_page_is_made_without_what_reads_languages():
    code = "import sys, playground.server.app as app, tests.server.fake_pool as pool\n"
    code += "app.create_app(pool.FakePool()).test_client().get('/')\n"
    code += "assert not [name for name in sys.modules if name.startswith('babel')]"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


# ---------------------------------------------------------------- choosing one


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["de"], "de"),
        (["DE"], "de"),
        (["de-AT"], "de"),
        (["de_AT"], "de"),
        (["fr", "de", "en"], "de"),
        (["en-GB", "de"], "en"),
        (["fr"], "en"),
        (["*"], "en"),
        ([], "en"),
        ([""], "en"),
        (["d"], "en"),
        (["../de"], "en"),
        (["de" + "-x" * 100_000], "de"),
        (["pt-br"], "pt-BR"),
        (["pt"], "en"),
    ],
)
def test_the_first_language_is_chosen_that_there_is(folder, wanted, chosen):
    for name in ("de.po", "pt_BR.po"):
        (folder / name).write_text(ENGLISH_PLURALS, "utf-8")
    assert Languages(folder).choose(wanted) == chosen


@given(st.lists(st.text()))
def test_any_wish_is_answered_with_a_language_that_there_is(wanted):
    languages = Languages()
    assert languages.choose(wanted) in languages.tags


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("address", "header", "language"),
    [
        ("/", None, "en"),
        ("/", "de-CH,de;q=0.9,en;q=0.8", "de"),
        ("/", "en-GB,en;q=0.9,de;q=0.8", "en"),
        ("/", "en;q=0.1,de;q=0.8", "de"),
        ("/", "nonsense;q=x,,;", "en"),
        ("/?lang=de", "en", "de"),
        ("/?lang=en", "de", "en"),
        ("/?lang=tlh", "de", "en"),
        ("/?lang=%3Cscript%3E&lang=de", None, "en"),
    ],
)
def test_the_page_speaks_the_language_that_is_asked_for(client, address, header, language):
    response = client.get(address, headers={"Accept-Language": header} if header else {})
    assert f'<html lang="{language}">' in response.text
    assert ('id="words"' in response.text) == (language != "en")
    assert response.headers["Vary"] == "Accept-Encoding, Accept-Language"


def test_a_browser_that_has_the_page_in_one_language_is_sent_it_in_another(client):
    english, german = client.get("/?lang=en"), client.get("/?lang=de")
    assert english.headers["ETag"] != german.headers["ETag"]
    again = client.get("/?lang=de", headers={"If-None-Match": english.headers["ETag"]})
    assert again.status_code == 200
    assert client.get("/?lang=de", headers={"If-None-Match": german.headers["ETag"]}).status_code == 304


def test_the_page_names_its_languages(client):
    assert re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', client.get("/").text) == [
        (tag, f"?lang={tag}") for tag in Languages().tags
    ]


@pytest.fixture
def hostile(folder, monkeypatch):
    """A client of a server whose German is hostile."""
    words = {"Learning rate": "</script><img src=x>&", "Neural Playground": "<b>Netze</b>", "Moons": "<i>Monde</i>"}
    entries = "".join(f'msgid "{english}"\nmsgstr "{text}"\n\n' for english, text in words.items())
    (folder / "de.po").write_text(ENGLISH_PLURALS + entries, "utf-8")
    monkeypatch.setattr("playground.server.app.Languages", lambda: Languages(folder))
    return create_app(FakePool()).test_client()


def test_a_translation_never_becomes_markup(hostile):
    page = hostile.get("/?lang=de").text
    assert "<img src=x>" not in page
    assert "<i>" not in page
    assert "<b>" not in page
    assert block(page, "words")["texts"]["Learning rate"] == "</script><img src=x>&"


def test_the_catalogue_is_translated(hostile):
    described = block(hostile.get("/?lang=de").text, "catalogue")
    moons, *_ = [entry for entry in described["registries"]["data set"] if entry["name"] == "moons"]
    assert moons["label"] == "<i>Monde</i>"
    labels = {setting["name"]: setting["label"] for setting in described["settings"]}
    assert labels["learning_rate"] == "</script><img src=x>&"
    assert labels["activation"] == "Activation"


def test_every_text_of_the_catalogue_can_be_translated():
    for entries in catalogue().registries.values():
        for entry in entries:
            said = [entry.label, *entry.classes, *([entry.help] if entry.help else [])]
            for parameter in entry.parameters:
                said += [parameter.label, parameter.unit]
            assert all(isinstance(text, Sentence) for text in said), entry.name
    for name in DATASETS.names:
        assert all(isinstance(column, Sentence) for column in describe(name).columns), name
    for setting in catalogue().settings:
        assert isinstance(setting.label, Sentence)
        assert isinstance(setting.help, Sentence) or not setting.help
        assert isinstance(setting.automatic, Sentence)


def test_the_page_is_not_told_what_its_scripts_never_say(folder):
    path = folder / "de.po"
    path.write_text(
        ENGLISH_PLURALS
        + '#: templates/index.html\nmsgid "Title"\nmsgstr "Titel"\n\n'
        + '#: help_book\nmsgid "Long"\nmsgstr "Lang"\n\n'
        + '#: help_book catalogue\nmsgid "Label"\nmsgstr "Name"\n\n'
        + '#: templates/index.html static/js/main.js\nmsgid "Both"\nmsgstr "Beide"\n\n'
        + 'msgid "Bare"\nmsgstr "Bloß"\n',
        "utf-8",
    )
    language = read_language(path)
    assert language.text("Title") == "Titel"
    assert set(json.loads(language.words())["texts"]) == {"Label", "Both", "Bare"}


def test_english_is_a_language_without_words():
    assert Language() == ENGLISH
    assert ENGLISH.text("Anything") == "Anything"
    assert [ENGLISH.said(say_n("{n} epoch", "{n} epochs", n)) for n in (0, 1, 2, 101)] == [
        "0 epochs",
        "1 epoch",
        "2 epochs",
        "101 epochs",
    ]
