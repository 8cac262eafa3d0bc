import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import playground
from playground.cli import main
from playground.training import SETTINGS
from playground.training.setting_kinds import Options
from tests.server_process import ROOT, TIMEOUT_S, ServerProcess
from tests.socket_client import SocketClient


def get(url):
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as response:
        return response.read().decode()


def test_one_line_says_where_the_playground_is():
    with ServerProcess("--workers", "1") as server:
        assert re.fullmatch(r"Playground at http://127\.0\.0\.1:\d+ \(Ctrl-C stops it\)\n", server.line)
        assert get(f"{server.url}/healthz") == "ok\n"
        assert server.stop() == 0
        assert server.process.stdout.read() == ""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_browsers_connected_and_training(how):
    with ServerProcess("--workers", "2") as server:
        clients = [SocketClient(server.port) for _ in range(3)]
        for client in clients:
            client.open()
            client.watch("output", "maps")
            client.command("pace", per_second=None)
            client.command("play")
            client.wait_for("frame")
        workers = server.workers
        assert len(workers) == 2
        assert server.stop(how) == 0
        for client in clients:
            assert client.closed() == 1001  # "going away": the page connects again
            client.websocket.shutdown()
        for pid in workers:
            assert not Path(f"/proc/{pid}").exists()


def test_it_ends_though_a_client_does_not_read():
    with ServerProcess("--workers", "1") as server:
        stalled = SocketClient(server.port, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
        other = SocketClient(server.port)
        other.open()
        for _ in range(200):
            stalled.emit("open", {"seq": 1, "link": "samples=5000", "token": None})
        assert server.stop() == 0
        stalled.websocket.shutdown()
        other.websocket.shutdown()


@pytest.mark.parametrize("how", ["--port", "PORT"])
def test_a_taken_port_is_a_sentence_that_says_what_to_do(how):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        arguments, environ = (["--port", port], {}) if how == "--port" else ([], {"PORT": port})
        done = subprocess.run(
            [sys.executable, "-m", "playground", *arguments],
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            cwd=ROOT,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(rf"Port {port} is taken[^\n]*--port or PORT[^\n]*\.\n", done.stderr)


def test_host_and_port_come_from_the_environment():
    with socket.create_server(("127.0.0.2", 0)) as free:
        port = free.getsockname()[1]
    done = subprocess.Popen(
        [sys.executable, "-m", "playground", "serve", "--workers", "1"],
        env={**os.environ, "HOST": "127.0.0.2", "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with done:
        assert done.stdout.readline() == f"Playground at http://127.0.0.2:{port} (Ctrl-C stops it)\n"
        assert get(f"http://127.0.0.2:{port}/healthz") == "ok\n"
        done.terminate()
        assert done.wait(TIMEOUT_S) == 0


def test_an_installed_copy_runs_in_any_folder(tmp_path):
    # As the wheel lays it out: the page's folders inside the package.
    package = tmp_path / "installed" / "playground"
    shutil.copytree(ROOT / "playground", package, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("static", "templates"):
        shutil.copytree(ROOT / folder, package / folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with (
        ServerProcess("--workers", "1", environ={"PYTHONPATH": str(package.parent)}, cwd=elsewhere) as server,
        SocketClient(server.port) as client,
    ):
        icon = (package / "static" / "favicon.svg").read_text()
        assert get(f"{server.url}/static/favicon.svg") == icon
        assert 'id="catalogue"' in get(server.url)
        assert client.open()["experiment"]["config"]["dataset"] == "moons"


def test_further_names_can_be_allowed():
    with ServerProcess("--workers", "1", "--allow-host", "play.example", "--allow-host", "other.example") as server:
        for name in ("play.example", "other.example"):
            SocketClient(server.port, host=name, origin=f"http://{name}").websocket.shutdown()
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            get(urllib.request.Request(server.url, headers={"Host": "evil.example"}))
        refused.value.close()


def test_sites_can_be_allowed_to_show_the_page_in_a_frame():
    words = ["--allow-embedding", "https://School.example/", "--allow-embedding", "http://[::1]:8000"]
    with ServerProcess("--workers", "1", *words) as server, urllib.request.urlopen(server.url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.endswith("; frame-ancestors 'self' https://school.example http://[::1]:8000")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "school.example",
        "ftp://school.example",
        "https://school.example/course",
        "https://school.example; script-src *",
        "https://school.example 'unsafe-inline'",
        "https://school.example\r\nX: y",
        "https://*",
        "https://a.*.example",
        "https://user@school.example",
        "https://school.example:99999",
        "https://schule-münchen.example",
    ],
)
def test_what_is_no_site_is_refused(origin, capsys):
    assert main(["--allow-embedding", origin]) == 2
    assert capsys.readouterr().err.startswith("--allow-embedding must be the beginning of a site's address")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--port", "abc"], "--port must be a whole number from 0 to 65535, got 'abc'."),
        (["--port", "65536"], "--port must be a whole number from 0 to 65535, got '65536'."),
        (["--port", "-1"], "--port must be a whole number from 0 to 65535, got '-1'."),
        (["--port", "5000.0"], "--port must be a whole number from 0 to 65535, got '5000.0'."),
        (["--port", "9" * 5000], "--port must be a whole number from 0 to 65535"),
        (["--port", "٣"], "--port must be a whole number from 0 to 65535, got '٣'."),
        (["--port", ""], "--port must be a whole number from 0 to 65535, got ''."),
        (["--workers", "0"], "--workers must be a whole number from 1 to 256, got '0'."),
        (["--host", "no such host"], "There is no address 'no such host'; --host or HOST names one"),
        (
            ["--host", "192.0.2.1"],
            "192.0.2.1 is not an address of this machine; choose another one with --host or HOST.",
        ),
        (["--speed", "3"], "--speed"),
        (["fly"], "fly"),
        (["--port"], "--port"),
    ],
)
def test_bad_values_are_a_sentence(capsys, words, sentence):
    assert main(words) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert sentence in error
    assert re.fullmatch(r"[^\n]*\.\n|[^\n]*--help\.\n", error)


def test_a_bad_variable_is_named(capsys, monkeypatch):
    monkeypatch.setenv("PORT", "http")
    assert main([]) == 2
    assert capsys.readouterr().err == "PORT must be a whole number from 0 to 65535, got 'http'.\n"


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"]])
def test_help_is_there(capsys, words):
    with pytest.raises(SystemExit, match="0"):
        main(words)
    assert "serve" in capsys.readouterr().out


def test_the_help_of_train_names_every_setting(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["train", "--help"])
    text = capsys.readouterr().out
    for setting in SETTINGS:
        if not isinstance(setting, Options):
            assert f"--{setting.name.replace('_', '-')} " in text
    for words in ("--target NAME", "--inputs NAMES", "--optimizer.beta-1 NUMBER", "--dataset.classes NUMBER"):
        assert words in text


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"playground {playground.__version__}\n"


def test_nothing_but_the_entry_patches_the_standard_library():
    patching = [path.name for path in (ROOT / "playground").rglob("*.py") if "patch_all" in path.read_text()]
    assert patching == ["__main__.py"]
