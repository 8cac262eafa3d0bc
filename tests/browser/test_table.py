"""A person's own table, from the file to the trained network."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground.data.table_reader import DELIMITERS, ENCODINGS
from playground.data.tables import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MISSING, SCALINGS
from tests.browser.reading import number, wait_until

TABLES = Path(__file__).parents[1] / "data" / "tables"

FILES = [
    ("pima-indians-diabetes.csv", "768 rows × 9 columns", "Predicts Column 9 (2 classes) from 8 columns = 8 inputs."),
    (
        "banknote_authentication.csv",
        "1,372 rows × 5 columns",
        "Predicts Column 5 (2 classes) from 4 columns = 4 inputs.",
    ),
    ("airline-passengers.csv", "144 rows × 2 columns", "Predicts Passengers (a number) from 1 column = 1 input."),
    ("adult-test.csv", "400 rows × 15 columns", "Predicts Column 15 (2 classes) from 14 columns = 68 inputs."),
]
PETS = "animal,weight,age,remark\n" + "".join(
    f"{'cat' if row % 3 else 'dog'},{3 + row % 7}.5,{row % 11},seen on day {row} by nobody in particular\n"
    for row in range(60)
)


def choose_file(page: Page, file: object) -> None:
    """Choose a path, or a name with what is in it."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Your own table…").click()
    chooser.value.set_files(file)  # type: ignore[arg-type]


def csv(text: str, name: str = "pets.csv") -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def use(page: Page) -> None:
    page.get_by_role("button", name="Use this table").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(("name", "size", "sentence"), FILES, ids=[file[0] for file in FILES])
def test_a_table_is_chosen_understood_and_learned(page, name, size, sentence):
    choose_file(page, TABLES / name)
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog.get_by_text(size)).to_be_visible()
    expect(dialog.get_by_text(sentence)).to_be_visible()
    use(page)
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    expect(page.get_by_role("radiogroup", name="Data set").get_by_role("radio", checked=True)).to_have_count(1)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    assert number(page, "Training loss") > 0
    expect(page.get_by_role("spinbutton", name="Points", exact=True)).to_be_disabled()


def test_its_classes_are_seen(page):
    choose_file(page, csv(PETS))
    page.get_by_role("radio", name="Predict animal").check()
    use(page)
    for name in ("cat", "dog"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()


def test_a_file_is_dropped_anywhere_on_the_page(page):
    held = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'pets.csv')); return data; }", PETS
    )
    page.dispatch_event("main", "dragover", {"dataTransfer": held})
    expect(page.get_by_text("Drop a table to learn from it")).to_be_visible()
    page.dispatch_event("main", "drop", {"dataTransfer": held})
    expect(page.get_by_text("Drop a table to learn from it")).to_have_count(0)
    expect(page.get_by_role("dialog", name="pets.csv")).to_be_visible()
    use(page)
    expect(page.get_by_role("radio", name="pets.csv")).to_be_checked()


def test_where_a_link_hides_the_own_table_none_is_taken(visit):
    page = visit("hide=own_table")
    held = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'pets.csv')); return data; }", PETS
    )
    page.dispatch_event("main", "dragover", {"dataTransfer": held})
    assert page.get_by_text("Drop a table to learn from it").count() == 0
    with page.expect_event("console", lambda message: message.text == "dropped"):
        page.evaluate("addEventListener('drop', event => console.log(event.defaultPrevented ? 'dropped' : 'lost'))")
        page.dispatch_event("main", "drop", {"dataTransfer": held})
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).not_to_have_text("0")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_two_files_at_once_are_one_too_many(page):
    held = page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        " for (const name of ['a.csv', 'b.csv']) data.items.add(new File(['a,b'], name)); return data; }"
    )
    page.dispatch_event("main", "drop", {"dataTransfer": held})
    expect(page.get_by_role("alert").get_by_text("One table at a time, please: 2 files came.")).to_be_visible()


def test_the_guesses_are_corrected(page):
    choose_file(page, csv(PETS))
    dialog = page.get_by_role("dialog", name="pets.csv")
    expect(dialog.get_by_text("Predicts age (a number) from 2 columns = 3 inputs.")).to_be_visible()
    expect(dialog.get_by_label("remark as input")).not_to_be_checked()

    dialog.get_by_role("radio", name="Predict animal").check()
    expect(dialog.get_by_text("Predicts animal (2 classes) from 2 columns = 2 inputs.")).to_be_visible()
    expect(dialog.get_by_label("animal as input")).to_be_disabled()
    dialog.get_by_label("Kind of weight").select_option("category")
    expect(dialog.get_by_text("from 2 columns = 8 inputs.")).to_be_visible()

    dialog.get_by_label("All columns as inputs").uncheck()
    dialog.get_by_label("weight as input").uncheck()
    dialog.get_by_label("age as input").uncheck()
    expect(dialog.get_by_text("Choose at least one column to predict animal from.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Use this table")).to_be_disabled()
    dialog.get_by_label("age as input").check()
    dialog.get_by_label("Missing values").select_option(label="Leave out rows that lack one")
    dialog.get_by_label("Scaling").select_option(label="Min–max: from 0 to 1")
    use(page)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def test_the_choice_is_found_again_when_it_is_edited(page):
    choose_file(page, csv(PETS))
    page.get_by_role("radio", name="Predict animal").check()
    page.get_by_label("Scaling").select_option(label="None")
    use(page)
    page.get_by_role("button", name="Edit…").click()
    dialog = page.get_by_role("dialog", name="pets.csv")
    expect(dialog.get_by_role("radio", name="Predict animal")).to_be_checked()
    expect(dialog.get_by_label("Scaling").locator("option:checked")).to_have_text("None")
    dialog.get_by_role("radio", name="Predict age").check()
    use(page)
    expect(page.get_by_label("Test accuracy", exact=True)).not_to_be_visible()


def test_a_file_is_read_again_as_the_person_says(page):
    choose_file(page, csv("1;2;3\n" * 4 + "4;5;6\n" * 20))
    dialog = page.get_by_role("dialog", name="pets.csv")
    expect(dialog.get_by_text("24 rows × 3 columns")).to_be_visible()
    dialog.get_by_label("First row", exact=True).select_option(label="Names of the columns")
    expect(dialog.get_by_text("23 rows × 3 columns")).to_be_visible()
    dialog.get_by_label("Separator").select_option(label="Comma")
    expect(dialog.get_by_role("alert").filter(has_text="comma")).to_be_visible()
    expect(dialog.get_by_label("Separator").locator("option:checked")).to_have_text("Semicolon")
    expect(dialog.get_by_text("23 rows × 3 columns")).to_be_visible()


def test_cancelling_changes_nothing(page):
    page.get_by_role("button", name="Step", exact=True).click()
    choose_file(page, csv(PETS))
    page.get_by_role("dialog", name="pets.csv").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("2")


def test_one_goes_to_another_data_set_and_comes_back(page):
    choose_file(page, csv(PETS))
    page.get_by_role("radio", name="Predict animal").check()
    use(page)
    page.get_by_role("radio", name="Iris").check()
    expect(page.get_by_text("Setosa").first).to_be_visible()
    expect(page.get_by_role("radio", name="pets.csv")).not_to_be_checked()
    page.get_by_role("radio", name="pets.csv").click()
    expect(page.get_by_role("radio", name="pets.csv")).to_be_checked()
    expect(page.get_by_text("dog", exact=True).first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_reload_finds_the_table_but_not_its_file(page):
    choose_file(page, csv(PETS))
    use(page)
    expect(page.get_by_role("button", name="Edit…")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="pets.csv")).to_be_checked()
    expect(page.get_by_role("button", name="Edit…")).not_to_be_visible()
    page.get_by_role("radio", name="Moons").check()
    expect(page.get_by_role("radio", name="pets.csv")).to_have_count(0)


def test_what_is_too_large_is_refused_before_it_is_sent(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/table?" in request.url else None)
    choose_file(page, csv("1,2\n" * 2_500_001))
    refusal = "The file has 10.1 MB; at most 10 MB are accepted. Keep fewer rows or columns."
    expect(page.get_by_role("alert").get_by_text(refusal)).to_be_visible()
    assert sent == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and so on", "This looks like an Excel workbook or another archive."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is not a text file."),
        (b"", "The file is empty."),
        (b"a,b,c\n", "The file has column names but no rows below them."),
        (b'{"a": [1, 2, 3]}', "This looks like JSON, not like a table."),
    ],
    ids=["workbook", "picture", "empty", "header only", "json"],
)
def test_what_is_no_table_is_refused_in_a_sentence(page, content, sentence):
    choose_file(page, {"name": "odd.csv", "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("alert").get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("button", name="Use this table")).not_to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose another file…").click()
    chooser.value.set_files(csv(PETS))  # type: ignore[arg-type]
    use(page)
    expect(page.get_by_role("radio", name="pets.csv")).to_be_checked()


def test_a_use_that_is_refused_says_why_at_its_place_and_the_rest_is_kept(page):
    rows = "".join(f"{row if row < 5 else ''},{row},{row % 2}\n" for row in range(30))
    choose_file(page, csv("a,b,y\n" + rows))
    dialog = page.get_by_role("dialog", name="pets.csv")
    missing = dialog.get_by_label("Missing values", exact=True)
    missing.select_option(label="Leave out rows that lack one")
    dialog.get_by_role("button", name="Use this table").click()
    expect(missing).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_text("5 of 30 rows are left without those that miss a value")).to_be_visible()
    missing.select_option(label="Fill in median or most frequent")
    use(page)
    expect(page.get_by_role("radio", name="pets.csv")).to_be_checked()
    expect(page.get_by_text("5 of 30 rows are left")).to_have_count(0)


def test_a_hundred_columns_scroll_inside_the_dialog(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    head = ",".join(f"measure_{column}" for column in range(100))
    rows = "".join(",".join(str((row * column) % 97) for column in range(1, 101)) + "\n" for row in range(40))
    choose_file(page, csv(f"{head}\n{rows}"))
    dialog = page.get_by_role("dialog", name="pets.csv")
    expect(dialog.get_by_text("40 rows × 100 columns")).to_be_visible()
    expect(dialog.get_by_role("button", name="Use this table")).to_be_in_viewport(ratio=1)
    dialog.get_by_role("radio", name="Predict measure_3", exact=True).check()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    use(page)
    expect(page.get_by_role("radio", name="pets.csv")).to_be_checked()


def test_the_dialog_is_used_with_the_keyboard_alone(page):
    choose_file(page, csv(PETS))
    dialog = page.get_by_role("dialog", name="pets.csv")
    target = dialog.get_by_role("radio", name="Predict age")
    target.focus()
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("radio", name="Predict weight")).to_be_checked()
    expect(dialog.get_by_text(re.compile("^Predicts weight"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Your own table…")).to_be_focused()


def test_the_dialog_offers_what_the_server_accepts(page):
    offered = page.evaluate(
        "import('/static/js/views/table.js').then(lists => Object.fromEntries(['DELIMITERS', 'ENCODINGS', 'MISSING',"
        " 'SCALINGS'].map(name => [name, lists[name].map(({ value }) => value)])))"
    )
    accepted = {"DELIMITERS": DELIMITERS, "ENCODINGS": ENCODINGS, "MISSING": MISSING, "SCALINGS": SCALINGS}
    assert {name: sorted(values) for name, values in offered.items()} == {
        name: sorted(values) for name, values in accepted.items()
    }
    drag = "new DragEvent('dragover', { dataTransfer: transfer, bubbles: true })"
    page.evaluate(
        "() => { const transfer = new DataTransfer(); transfer.items.add(new File(['a'], 'a.csv'));"
        f" document.body.dispatchEvent({drag}); }}"
    )
    limits = f"up to {MAX_BYTES // 1_000_000} MB, {MAX_ROWS:,} rows and {MAX_COLUMNS} columns"
    assert limits in page.locator(".drop-overlay").inner_text()


def test_a_part_of_the_page_that_cannot_be_fetched_is_told_and_fetched_again(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    page.route("**/views/table.js", lambda route: route.abort(), times=1)
    choose_file(page, csv(PETS))
    expect(page.get_by_text("could not be fetched")).to_be_visible()
    choose_file(page, csv(PETS))
    expect(page.get_by_role("dialog", name="pets.csv")).to_be_visible()
    context.close()


def test_a_fault_of_the_dialog_is_not_taken_for_one_of_the_connection(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    faulty = "export const createTableDialog = async () => ({ open() { throw new Error('a fault'); } });"
    page.route("**/views/table.js", lambda route: route.fulfill(body=faulty, content_type="text/javascript"))
    page.goto(address)
    choose_file(page, csv(PETS))
    wait_until(page, lambda: faults == ["a fault"], "the fault, where faults are seen")
    expect(page.get_by_text("could not be fetched")).to_have_count(0)
    context.close()
