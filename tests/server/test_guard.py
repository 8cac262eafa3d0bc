import socket

import pytest

from playground.server.guard import HEADERS, Guard


def ask(guard, host="127.0.0.1:5000", path="/", **headers):
    """Return the status, headers and body of a request."""
    given = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": host, **headers}
    if host is None:
        del environ["HTTP_HOST"]
    body = b"".join(guard(environ, lambda status, headers, *_: given.append((status, dict(headers)))))
    return given[0][0][:3], given[0][1], body.decode()


def guarded(host="127.0.0.1", names=(), embedders=()):
    def page(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"page"]

    return Guard(page, host, names, embedders)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:5000",
        "LOCALHOST:1",
        "localhost.:5000",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.9.9.9",
        "[::1]:5000",
    ],
)
def test_the_loopback_names_are_known(host):
    assert ask(guarded(), host)[0] == "200"


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:5000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "[::1",
        "a,b",
    ],
)
def test_other_names_are_refused_with_a_sentence(host):
    status, headers, body = ask(guarded(), host)
    assert status == "403"
    assert "--allow-host" in body
    assert headers["Content-Length"] == str(len(body.encode()))


def test_a_forwarded_name_is_not_believed():
    assert ask(guarded(), "evil.example", HTTP_X_FORWARDED_HOST="localhost")[0] == "403"


@pytest.mark.parametrize("host", ["192.168.1.20:5000", "[fe80::1]:5000", "localhost", socket.gethostname()])
def test_an_open_server_is_known_by_any_address_and_the_machine_s_name(host):
    assert ask(guarded("0.0.0.0"), host)[0] == "200"


def test_an_open_server_is_not_known_by_other_names():
    assert ask(guarded("0.0.0.0"), "evil.example")[0] == "403"


def test_names_can_be_allowed():
    guard = guarded("127.0.0.1", ["Play.School.example", "other.example."])
    assert ask(guard, "play.school.example:443")[0] == "200"
    assert ask(guard, "other.example")[0] == "200"
    assert ask(guard, "school.example")[0] == "403"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, "200"),  # no browser
        ("http://127.0.0.1:5000", "200"),
        ("https://127.0.0.1:5000", "200"),  # behind a proxy
        ("http://127.0.0.1:5001", "403"),
        ("http://localhost:5000", "403"),
        ("http://evil.example", "403"),
        ("http://127.0.0.1:5000.evil.example", "403"),
        ("http://127.0.0.1:5000@evil.example", "403"),
        ("file://127.0.0.1:5000", "403"),
        ("null", "403"),
        ("", "403"),
        ("http://[", "403"),
    ],
)
def test_a_socket_is_opened_only_by_our_own_page(origin, status):
    headers = {} if origin is None else {"HTTP_ORIGIN": origin}
    assert ask(guarded(), path="/socket.io/", **headers)[0] == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_our_own_page_does_more_than_read(method):
    def status(**headers):
        return ask(guarded(), path="/table", REQUEST_METHOD=method, **headers)[0]

    assert status(HTTP_ORIGIN="http://127.0.0.1:5000") == status() == "200"
    assert status(HTTP_ORIGIN="http://evil.example") == status(HTTP_ORIGIN="null") == "403"


def test_a_page_of_another_site_may_link_here():
    assert ask(guarded(), path="/", HTTP_ORIGIN="http://evil.example")[0] == "200"


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example"])
def test_every_response_has_the_security_headers(host):
    _, headers, _ = ask(guarded(), host)
    assert HEADERS
    for name, value in HEADERS:
        assert headers[name] == value


def ancestors(guard):
    policy = ask(guard)[1]["Content-Security-Policy"]
    (directive,) = [part.split() for part in policy.split(";") if part.split()[0] == "frame-ancestors"]
    return directive[1:]


def test_no_other_site_may_show_the_page_in_a_frame():
    assert ancestors(guarded()) == ["'self'"]


def test_allowed_sites_may_show_the_page_in_a_frame():
    sites = ["https://school.example", "http://127.0.0.1:8000"]
    assert ancestors(guarded(embedders=sites)) == ["'self'", *sites]


def test_no_older_header_contradicts_the_sites_that_are_allowed():
    assert "X-Frame-Options" not in ask(guarded(embedders=["https://school.example"]))[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example"])
def test_a_refusal_has_the_policy_too(host):
    assert "default-src 'none'" in ask(guarded(), host)[1]["Content-Security-Policy"]


def test_inline_scripts_and_styles_are_not_allowed():
    policy = ask(guarded())[1]["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
