"""The page in each of its languages, and in one that is made up, so that whatever is left in English shows."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from playwright.sync_api import Browser, Page, expect

from playground.server.languages import Languages
from tests.browser.reading import wait_until
from tools.words import texts

ROOT = Path(__file__).parents[2]
LANGUAGES = Languages()

VERBATIM = ", ".join(
    [
        ".card-function",  # names of functions in formulas
        "#formula-input",
        ".table-title",  # what follows is a person's own
        ".table th",
    ]
)
NAMES = {"UTF-8", "UTF-16", "Windows-1252", "Latin-1", "English", "Deutsch", "Esperanto"}
"""What is called the same in every language."""

LEFT_IN_ENGLISH = """verbatim => {
    const bare = text => {
        let [depth, rest] = [0, ''];
        for (const sign of text) {
            if (sign === '⟦') depth += 1;
            else if (sign === '⟧') depth -= 1;
            else if (depth === 0) rest += sign;
        }
        return rest;
    };
    const found = [];
    const look = (element, text) => {
        if (/[a-z]{2}/i.test(bare(text)) && !element.closest(`script, style, noscript, ${verbatim}`)) found.push(text);
    };
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) look(walker.currentNode.parentElement, walker.currentNode.data);
    for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'])
        for (const element of document.querySelectorAll(`[${name}]`)) look(element, element.getAttribute(name));
    return found;
}"""


TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!['SCRIPT', 'STYLE'].includes(parentElement.tagName)) found.push(textContent);
  }
  for (const name of ['aria-label', 'aria-description', 'title', 'placeholder', 'alt']) {
    found.push(...[...document.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name)));
  }
  return found.map((text) => text.replace(/\\s+/g, ' ').trim());
}"""


@pytest.fixture(scope="module")
def esperanto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that has one more language: Esperanto, whose texts are the English ones in brackets."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "playground", checkout / "playground", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("static", "templates"):
        (checkout / name).symlink_to(ROOT / name)
    catalog = Catalog(locale="eo")
    for text, files in texts().items():
        said = f"⟦{text}⟧" if isinstance(text, str) else tuple(f"⟦{form}⟧" for form in text)
        catalog.add(text, said, locations=[(file, 0) for file in files])
    with (checkout / "playground/languages/eo.po").open("wb") as file:
        write_po(file, catalog, include_lineno=False)
    command = [sys.executable, "-m", "playground", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=checkout) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+?:\d+", server.stdout.readline())
        assert found
        yield found[0]
        server.terminate()
        assert server.wait(timeout=30) == 0


@pytest.fixture
def page(chromium: Browser, esperanto: str) -> Iterator[Page]:
    """A page in Esperanto, for somebody whose browser asks for it."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="eo")
    page = context.new_page()
    page.goto(esperanto)
    expect(page.get_by_role("button", name="⟦Play⟧", exact=True)).to_be_enabled()
    yield page
    context.close()


def assert_said(page: Page) -> None:
    """Fail where a text on the page, seen or heard, is left in English."""
    assert set(page.evaluate(LEFT_IN_ENGLISH, VERBATIM)) - NAMES == set()


def test_a_language_is_added_by_one_file_and_then_nothing_is_left_in_english(page):
    expect(page.locator("html")).to_have_attribute("lang", "eo")
    expect(page.get_by_text("⟦Not trained yet: the first weights are random. Press Play.⟧").first).to_be_visible()
    assert_said(page)
    page.get_by_role("button", name="⟦Step⟧", exact=True).click()
    expect(page.get_by_label("⟦Epoch⟧", exact=True)).to_have_text("1")
    page.get_by_text("⟦More about the data⟧").click()
    for fold in page.locator(".settings-fold").all():
        fold.click()
        assert_said(page)
    for tab in page.get_by_role("tab").all():
        if tab.is_visible():
            tab.click()
            expect(page.locator(".histograms, .confusion, .chart-lines").locator("visible=true").first).to_be_visible()
            assert_said(page)


def test_cards_and_messages_are_said_in_the_language(page, esperanto):
    page.locator(".node-hidden").first.click()
    expect(page.get_by_role("dialog", name="⟦Neuron 1 of hidden layer 1⟧")).to_be_visible()
    assert_said(page)
    page.keyboard.press("Escape")
    page.locator(".head-settings").first.click()
    expect(page.get_by_role("dialog", name="⟦Hidden layer 1 settings⟧")).to_be_visible()
    assert_said(page)
    page.keyboard.press("Escape")
    page.locator(".add-formula").click()
    page.get_by_label("⟦Input formula⟧", exact=True).fill("sin(x1 *")
    page.keyboard.press("Enter")
    expect(page.locator("#formula-error")).to_contain_text("⟦")
    assert_said(page)
    page.keyboard.press("Escape")
    page.goto(f"{esperanto}/?lang=eo#dataset=iris&noise=lots&flavour=sweet")
    expect(page.locator(".message").first).to_contain_text("⟦")
    assert_said(page)


def test_sharing_saved_runs_and_help_are_said_in_the_language(page):
    page.get_by_role("button", name="⟦Share⟧").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_said(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".runs-button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_said(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".help-button").locator("visible=true").first.click()
    expect(page.locator(".help-card")).to_contain_text("⟦")


def test_a_table_is_looked_at_in_the_language(page):
    rows = "".join(f"{row},{row * row % 7},{'abc'[row % 3]}\n" for row in range(40))
    table = {"name": "some.csv", "mimeType": "text/csv", "buffer": f"p,q,r\n{rows}".encode()}
    page.locator("input[type=file][accept*=csv]").set_input_files(files=[table])
    expect(page.get_by_role("dialog").get_by_text("⟦40 rows⟧ × ⟦3 columns⟧")).to_be_visible()
    expect(page.get_by_text("⟦Predicts ⟦")).to_be_visible()
    assert_said(page)


def test_numbers_are_written_and_typed_as_in_the_language(page):
    expect(page.get_by_label("⟦Training loss⟧", exact=True)).to_have_text(re.compile(r"^\d,\d{3}$"))
    page.locator(".node-hidden").first.click()
    field = page.get_by_role("dialog").get_by_role("spinbutton").first
    field.fill("0,25")
    field.press("Enter")
    formula = page.locator(".card-formula")
    wait_until(page, lambda: "0,25)" in formula.inner_text(), "the bias in the neuron's formula")
    expect(field).to_have_value("0,25")
    field.press("ArrowUp")
    wait_until(page, lambda: "0,3)" in formula.inner_text(), "the next multiple of a tenth")
    expect(field).to_have_value("0,3")
    field.fill("three")
    field.press("Enter")
    expect(field).to_have_value("0,3")


@pytest.fixture(params=[tag for tag in LANGUAGES.tags if tag != "en"])
def language(request):
    return LANGUAGES.read(request.param)


@pytest.fixture
def spoken(chromium, address, language):
    """The page as a browser of this language shows it."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale=language.tag)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.get_by_role("button", name=language.text("Play"), exact=True)).to_be_enabled()
    yield page
    context.close()
    assert complaints == []


def test_the_page_speaks_the_language_of_the_browser(spoken, language):
    expect(spoken.locator("html")).to_have_attribute("lang", language.tag)
    expect(spoken).to_have_title(language.text("Neural Playground"))
    loss = spoken.get_by_role("status", name=language.text("Training loss"), exact=True)
    expect(loss).to_have_text(re.compile(rf"^\d+{re.escape(language.decimal)}\d+$"))


@pytest.mark.parametrize("link", ["", "dataset=iris", "dataset=sine&formulas=x1*x1", "noise=7"])
def test_nothing_is_said_in_english(spoken, language, link):
    spoken.goto(f"{spoken.url.split('#')[0]}#{link}")
    if "noise" in link:
        expect(spoken.locator(".messages")).to_contain_text("7")  # why it is refused
    spoken.get_by_role("button", name=language.text("Step"), exact=True).click()
    expect(spoken.get_by_role("status", name=language.text("Epoch"), exact=True)).to_have_text("1")
    for fold in spoken.locator("summary").all():
        fold.click()
    english = {text for text, translation in language.texts.items() if text != translation and "{" not in text}
    assert english.intersection(spoken.evaluate(TEXTS)) == set()


def test_lang_in_the_address_comes_before_the_language_of_the_browser(spoken, address):
    spoken.goto(f"{address}/?lang=en")
    expect(spoken.locator("html")).to_have_attribute("lang", "en")
    expect(spoken.get_by_role("button", name="Play", exact=True)).to_be_enabled()


@pytest.mark.parametrize(
    "link", ["", "dataset=iris", "dataset=digits", "dataset=diabetes&hidden=8,8,8", "dataset=iris&flavour=sweet"]
)
def test_its_words_push_nothing_out_of_sight_and_stand_clear_of_each_other(spoken, address, language, link):
    spoken.goto(f"{address}/?lang={language.tag}#{link}")
    wanted = {"": "moons", "dataset=iris&flavour=sweet": "iris"}.get(link, link.removeprefix("dataset=").split("&")[0])
    expect(spoken.locator(f"[name=dataset][value={wanted}]")).to_be_checked()
    expect(spoken.locator(".message")).to_have_count(1 if "flavour" in link else 0)
    page = spoken.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert page == [1400, 900]
    heads = [head.bounding_box() for head in spoken.locator(".head-row").all()]
    assert len(heads) >= 2
    for left, right in pairwise(heads):
        assert left["x"] + left["width"] <= right["x"]
