"""The playground in a frame of another site's page."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TIMEOUT_MS
from tests.browser.reading import wait_until
from tests.server_process import ServerProcess

# As a browser has it that keeps nothing for a page within another.
NO_STORAGE = """
if (window !== top) for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
    Object.defineProperty(window, name, { get() { throw new DOMException('Access is denied.', 'SecurityError'); } });
}
"""


class CoursePage(BaseHTTPRequestHandler):
    """Serves course notes with the frame whose HTML is the query."""

    def do_GET(self):
        body = unquote(self.path.partition("?")[2]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Course</title><link rel=icon href=data:><h1>Lesson 1</h1>" + body)

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def course():
    """The port of a server with course notes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), CoursePage) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def playground(course):
    """A playground that may be shown by the course notes under one of their two names."""
    with ServerProcess("--workers", "1", "--allow-embedding", f"http://127.0.0.1:{course}") as server:
        yield server.url
        assert server.stop() == 0


@pytest.fixture
def show(chromium, course, playground):
    """A function that opens the course notes with a playground in them, and returns page and frame."""
    pages, complaints = [], []

    def open_page(link="", host="127.0.0.1", width=700, height=450, prepare=""):
        context = chromium.new_context(viewport={"width": max(width + 20, 390), "height": 700})
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        if prepare:
            page.add_init_script(prepare)
        source = f"{playground}/%23embed=true{link}"
        frame = f'<iframe src="{source}" width="{width}" height="{height}" title="Playground"></iframe>'
        page.goto(f"http://{host}:{course}/?{frame}")
        return page, page.frame_locator("iframe")

    open_page.complaints = complaints
    yield open_page
    for page in pages:
        page.context.close()


def train(frame, page):
    frame.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: int(frame.get_by_label("Epoch", exact=True).inner_text()) >= 20, "20 epochs in the frame")
    frame.get_by_role("button", name="Pause", exact=True).click()


def test_a_page_of_another_site_that_is_allowed_trains_a_network(show):
    page, frame = show("&dataset=xor")
    train(frame, page)
    expect(frame.get_by_role("img", name="Decision boundary")).to_be_visible()
    expect(frame.get_by_role("region", name="Network")).to_be_visible()
    expect(frame.get_by_role("region", name="Data")).to_be_hidden()
    expect(frame.get_by_role("region", name="Training settings")).to_be_hidden()
    expect(frame.get_by_role("button", name="Share")).to_be_hidden()
    assert show.complaints == []


def test_a_page_of_a_site_that_is_not_allowed_is_shown_nothing(show):
    page, frame = show(host="localhost")
    wait_until(page, lambda: any("frame-ancestors" in text for text in show.complaints), "the browser's refusal")
    assert frame.get_by_role("button", name="Play", exact=True).count() == 0


def test_it_trains_where_a_frame_may_store_nothing(show):
    page, frame = show(prepare=NO_STORAGE)
    train(frame, page)
    frame.get_by_role("button", name="Add hidden layer").click()
    expect(frame.get_by_role("button", name="Add neuron to hidden layer 3")).to_be_visible()
    assert show.complaints == []


def test_the_whole_playground_is_opened_beside_as_it_is_in_the_frame(show, playground):
    page, frame = show("&hide=step")
    frame.get_by_role("button", name="Add hidden layer").click()
    expect(frame.get_by_role("button", name="Add neuron to hidden layer 3")).to_be_visible()
    with page.expect_popup() as opened:
        frame.get_by_role("link", name="Open in the playground").click()
    whole = opened.value
    expect(whole.get_by_role("button", name="Add neuron to hidden layer 3")).to_be_visible()
    expect(whole.get_by_role("region", name="Data")).to_be_visible()
    assert whole.url == f"{playground}/#hidden=4,2,2&hide=step"


@pytest.mark.parametrize(("width", "height"), [(700, 450), (390, 640), (320, 500)])
def test_what_matters_is_in_sight_at_once_and_nothing_is_scrolled_sideways(show, width, height):
    page, frame = show(width=width, height=height)
    play = frame.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_enabled()
    root = frame.locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth")
    boxes = [play.bounding_box(), frame.get_by_role("img", name="Decision boundary").bounding_box()]
    if width == 700:
        boxes += [output.bounding_box() for output in frame.locator(".metrics output:visible").all()]
        assert len(boxes) == 6
    # The buttons of a layer stand above its neurons.
    head = frame.locator(".head-row").first.bounding_box()
    neuron = frame.get_by_role("button", name="Neuron 1 of hidden layer 1", exact=True).bounding_box()
    assert head["y"] + head["height"] <= neuron["y"] + 1
    within = page.locator("iframe").bounding_box()
    for box in boxes:
        assert box["x"] >= within["x"]
        assert box["x"] + box["width"] <= within["x"] + within["width"] + 1
        assert box["y"] + box["height"] <= within["y"] + within["height"] + 1
