"""The page in each of its languages."""

import re

import pytest
from playwright.sync_api import expect

from playground.server.languages import Languages

LANGUAGES = Languages()
TAGS = [tag for tag in LANGUAGES.tags if tag != "en"]

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


@pytest.fixture(params=TAGS)
def language(request):
    return LANGUAGES.read(request.param)


@pytest.fixture
def page(chromium, address, language):
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


def test_the_page_speaks_the_language_of_the_browser(page, language):
    expect(page.locator("html")).to_have_attribute("lang", language.tag)
    expect(page).to_have_title(language.text("Neural Playground"))
    loss = page.get_by_role("status", name=language.text("Training loss"), exact=True)
    expect(loss).to_have_text(re.compile(rf"^\d+{re.escape(language.decimal)}\d+$"))


@pytest.mark.parametrize("link", ["", "dataset=iris", "dataset=sine&formulas=x1*x1", "noise=7"])
def test_nothing_is_said_in_english(page, language, link):
    page.goto(f"{page.url.split('#')[0]}#{link}")
    if "noise" in link:
        expect(page.locator(".messages")).to_contain_text("7")  # why it is refused
    page.get_by_role("button", name=language.text("Step"), exact=True).click()
    expect(page.get_by_role("status", name=language.text("Epoch"), exact=True)).to_have_text("1")
    for fold in page.locator("summary").all():
        fold.click()
    english = {text for text, translation in language.texts.items() if text != translation and "{" not in text}
    assert english.intersection(page.evaluate(TEXTS)) == set()


def test_lang_in_the_address_comes_before_the_language_of_the_browser(page, address):
    page.goto(f"{address}/?lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
