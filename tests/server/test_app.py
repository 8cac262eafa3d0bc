import gzip
import json
import os
import re

import msgspec
import pytest

from playground.catalogue import catalogue
from playground.server.app import as_data_block, create_app
from playground.server.assets import Assets, make_asset
from playground.server.packets import Packet
from playground.server.websocket import WebSocket
from tests.server.fake_pool import FakePool

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def client():
    return create_app(FakePool()).test_client()


def test_the_page_carries_the_catalogue(client):
    page = client.get("/").text
    (block,) = re.findall(r'<script[^>]*id="catalogue"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert json.loads(block) == json.loads(msgspec.json.encode(catalogue(), enc_hook=str))
    assert "<" not in block


def test_the_page_is_sent_compressed(client):
    response = client.get("/", headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding, Accept-Language"
    assert gzip.decompress(response.data) == client.get("/").data
    assert len(response.data) < len(client.get("/").data) / 2


def test_a_browser_that_has_the_page_is_not_sent_it_again(client):
    first = client.get("/", headers=GZIP)
    again = client.get("/", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_the_page_names_only_files_that_there_are(client):
    names = re.findall(r'(?:src|href)="(/[^"#]*)"', client.get("/").text)
    assert names
    for name in names:
        assert client.get(name).status_code == 200, name


def test_scripts_have_the_type_that_browsers_ask_for(client):
    response = client.get("/static/js/connection.js")
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["nothing.js", "../pyproject.toml", "%2e%2e/pyproject.toml", "js", "", "..%2fpyproject.toml"]
)
def test_there_is_nothing_but_the_static_files(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_a_changed_file_is_sent_anew(tmp_path):
    file = tmp_path / "main.js"
    file.write_text("one")
    assets = Assets(tmp_path)
    assert assets.file("main.js").body == b"one"
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    assert assets.file("main.js").body == b"two"
    file.unlink()
    assert assets.file("main.js") is None


def test_the_tag_of_an_asset_is_that_of_its_body():
    assert make_asset(b"a", ".js").etag == make_asset(b"a", ".js").etag != make_asset(b"b", ".js").etag


def test_pictures_are_not_compressed_again():
    assert make_asset(os.urandom(1000), ".png").compressed is None
    assert make_asset(b"a" * 1000, ".js").compressed is not None


def test_the_server_says_that_it_is_well(client):
    assert client.get("/healthz").text == "ok\n"


def test_the_socket_server_keeps_events_in_order_and_has_our_driver(client):
    server = client.application.extensions["socketio"].server
    assert server.async_handlers is False
    assert server.packet_class is Packet
    assert server.eio.transports == ["websocket"]
    assert server.eio._async["websocket"] is WebSocket


def test_long_polling_is_refused(client):
    assert client.get("/socket.io/?EIO=4&transport=polling").status_code == 400


def test_a_catalogue_cannot_end_its_block():
    hostile = {"label": "</script><script>alert(1)</script><!-- & -->"}
    block = as_data_block(msgspec.json.encode(hostile))
    assert "<" not in block
    assert json.loads(block) == hostile
