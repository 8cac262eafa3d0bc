"""A run as one page that stands alone, to hand in."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.reading import expect_epoch, number

TITLE = 'Moons <script>document.title = "x"</script> & "me"'
AUTHOR = "<img src=x onerror=alert(1)>"


def step(page, epochs):
    before = int(number(page, "Epoch"))
    for _ in range(epochs):
        page.get_by_role("button", name="Step", exact=True).click()
    expect_epoch(page, before + epochs)


def saved_report(page, title="", author=""):
    page.get_by_role("button", name="Runs", exact=True).click()
    panel = page.get_by_role("dialog", name="Saved runs")
    panel.get_by_role("button", name="Report…").click()
    panel.get_by_label("Title", exact=True).fill(title)
    panel.get_by_label("Your name", exact=True).fill(author)
    with page.expect_download() as download:
        panel.get_by_role("button", name="Save report").click()
    assert download.value.suggested_filename.endswith(".html")
    return Path(download.value.path()).read_text(encoding="utf-8")


@pytest.fixture
def read(chromium):
    """A function that opens a report from a file, where nothing is answered."""
    contexts = []
    asked = []

    def open_report(text, path):
        path.write_text(text, encoding="utf-8")
        context = chromium.new_context(viewport={"width": 900, "height": 1200})
        contexts.append(context)
        report = context.new_page()
        report.on("request", lambda request: asked.append(request.url))
        report.on("console", lambda message: asked.append(message.text))
        report.goto(path.as_uri())
        return report

    yield open_report
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def table(report, heading):
    section = report.locator("section").filter(has=report.get_by_role("heading", name=heading, exact=True))
    return section.get_by_role("row").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )


def test_a_report_has_the_numbers_of_the_page_and_all_its_settings(page, read, tmp_path):
    step(page, 4)
    page.get_by_role("combobox", name="Learning rate", exact=True).select_option(label="0.3")
    page.wait_for_url("**#learning_rate=0.3")
    step(page, 1)
    report = read(saved_report(page, "My run", "Ada"), tmp_path / "report.html")
    expect(report).to_have_title("My run")
    expect(report.get_by_role("heading", name="My run", level=1)).to_be_visible()
    expect(report.get_by_text(re.compile(r"^Ada · \d+ \w+ \d{4}$"))).to_be_visible()
    assert report.locator("html").get_attribute("lang") == "en"
    shown = [
        [name, *(page.get_by_label(f"{part} {name.lower()}", exact=True).inner_text() for part in ("Training", "Test"))]
        for name in ("Loss", "Accuracy")
    ]
    assert table(report, "Result")[1:] == shown
    assert table(report, "Settings that differ from the first ones")[1:] == [["Learning rate", "0.3", "0.1"]]
    everything = dict(table(report, "All settings"))
    assert everything["Data set"] == "Moons"
    assert everything["Hidden layers"] == "4, 2"
    assert everything["Batch size"] == "10"
    expect(report.get_by_text("Epoch 4: Learning rate 0.1 → 0.3")).to_be_visible()
    expect(report.get_by_text("5 epochs, 125 updates")).to_be_visible()
    link = report.get_by_role("contentinfo").get_by_role("link")
    assert link.get_attribute("href") == page.url


def test_the_confusion_matrix_of_a_report_counts_every_point_once(visit, read, tmp_path):
    page = visit("dataset=iris")
    step(page, 2)
    report = read(saved_report(page), tmp_path / "report.html")
    rows = [row for row in table(report, "Right and wrong") if row[0]]
    counts = [[int(cell) for cell in row[1:]] for row in rows]
    assert [row[0] for row in rows] == ["Setosa", "Versicolor", "Virginica"] * 2
    assert sum(map(sum, counts)) == 150
    right = sum(counts[3 + at][at] for at in range(3)) / sum(map(sum, counts[3:]))
    assert right == pytest.approx(number(page, "Test accuracy"), abs=0.0006)


def test_a_report_shows_network_output_and_curves(page, read, tmp_path):
    step(page, 3)
    report = read(saved_report(page), tmp_path / "report.html")
    for name in ("Network for Moons after 3 epochs", "Moons after 3 epochs", "Loss", "Accuracy"):
        drawing = report.get_by_role("img").filter(has_text=name).first
        expect(drawing).to_be_visible()
        assert drawing.bounding_box()["width"] > 150
    pictures = report.locator("svg image")
    assert pictures.count() > 8
    for href in pictures.evaluate_all("images => images.map(image => image.getAttribute('href'))"):
        assert href.startswith("data:image/png;base64,")
    ids = report.locator("[id]").evaluate_all("all => all.map(node => node.id)")
    assert len(ids) == len(set(ids))


def test_a_report_of_a_regression_has_its_own_scores_and_no_classes(visit, read, tmp_path):
    page = visit("dataset=sine")
    step(page, 2)
    report = read(saved_report(page), tmp_path / "report.html")
    assert [row[0] for row in table(report, "Result")[1:]] == ["Loss", "R²", "Mean absolute error"]
    expect(report.get_by_role("heading", name="Right and wrong")).to_have_count(0)
    expect(report.get_by_role("heading", name="A neural network for Sine", level=1)).to_be_visible()


def test_what_a_person_types_reaches_the_report_as_text_only(page, read, tmp_path):
    text = saved_report(page, TITLE, AUTHOR)
    assert "<script" not in text
    assert text.count("Content-Security-Policy") == 1
    report = read(text, tmp_path / "report.html")
    expect(report).to_have_title(TITLE)
    expect(report.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    expect(report.get_by_text(AUTHOR)).to_be_visible()
    assert report.locator("script, link, iframe, img").count() == 0
    expect(report.get_by_role("heading", name="What was changed while it trained")).to_have_count(0)


def paper(report):
    """Return the colours of the network's paper and of the first edge."""
    return report.locator("svg").first.evaluate(
        "svg => [svg.querySelector('rect').getAttribute('fill'), "
        "svg.querySelector('path[stroke-opacity]').getAttribute('stroke')]"
    )


def test_a_report_is_light_also_from_a_dark_page_which_stays_dark(visit, read, tmp_path):
    light = visit("hidden=3")
    dark = visit("hidden=3", color_scheme="dark")
    reports = []
    for page in (light, dark):
        step(page, 2)
        before = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        reports.append(read(saved_report(page), tmp_path / f"{len(reports)}.html"))
        assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == before
    assert paper(reports[0]) == paper(reports[1])


def test_a_printed_report_fits_the_width_of_a_page(visit, read, tmp_path):
    page = visit("dataset=digits&hidden=16")
    step(page, 1)
    report = read(saved_report(page), tmp_path / "report.html")
    report.emulate_media(media="print")
    report.set_viewport_size({"width": 680, "height": 960})  # A4 without its margins
    assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tallest = report.locator("figure").evaluate_all(
        "all => Math.max(...all.map(figure => figure.getBoundingClientRect().height))"
    )
    assert tallest < 960
