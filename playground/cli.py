"""The `playground` command."""

import argparse
import errno
import os
import re
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Never

from gevent import signal_handler
from gevent.event import Event

from playground import __version__
from playground.data.table_reader import read
from playground.data.tables import MAX_BYTES, Table, TableSource, choose, column_number, guess
from playground.errors import InvalidValueError
from playground.runs import LocalPool
from playground.server import Server
from playground.training import SETTINGS, ExperimentConfig, unattended
from playground.training.setting_kinds import Given, Options

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5000
MAX_PORT = 65_535
MAX_WORKERS = 256
MAX_EPOCHS = 100_000_000
DEFAULT_EPOCHS = 100
DEFAULT_HISTORY = "history.json"

_BACKLOG = 512
# A name of letters, digits, hyphens and dots, or an IPv6 address; nothing that could end the header's directive.
_ORIGIN = re.compile(
    r"(?P<origin>https?://(?:(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?)/?"
)
_USAGE = 2  # exit status of a command that cannot be carried out as it was given


class UsageError(Exception):
    """The command was given something that cannot be; the message is a sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        raise UsageError(f"{message[:1].upper()}{message[1:]}. See playground --help.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the exit status.

    Args:
        arguments: The words after the command's name, or None for those of this process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "serve")
    try:
        options = _parser().parse_args(words)
        status: int = options.run(options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return _USAGE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="playground", description="A neural-network playground in the browser.")
    parser.add_argument("--version", action="version", version=f"playground {__version__}")
    commands = parser.add_subparsers(title="commands", required=True)
    serve = commands.add_parser(
        "serve",
        help="serve the page until Ctrl-C; also what `playground` alone does, with the same options",
        description="Serve the playground until Ctrl-C.",
    )
    serve.add_argument(
        "--host", metavar="ADDRESS", help=f"address to listen on, 0.0.0.0 for all (HOST; {DEFAULT_HOST})"
    )
    serve.add_argument("--port", metavar="NUMBER", help=f"port to listen on, 0 for any free one (PORT; {DEFAULT_PORT})")
    serve.add_argument("--workers", metavar="NUMBER", help="processes that train (one for each core)")
    serve.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a further name under which browsers reach the server; may be given several times",
    )
    serve.add_argument(
        "--allow-embedding",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="a site whose pages may show the playground in a frame, such as https://school.example, or "
        "https://*.school.example for all below it; may be given several times",
    )
    serve.set_defaults(run=_serve)
    _add_train(commands)
    return parser


def _add_train(commands: Any) -> None:
    train = commands.add_parser(
        "train",
        help="train an experiment without a browser: a file's, or one described by options",
        description="Train an experiment, print how it goes, and write the history of its losses to a file.",
    )
    train.add_argument(
        "config", nargs="?", metavar="CONFIG.json", help="the experiment's settings; options change them"
    )
    train.add_argument(
        "--epochs", metavar="NUMBER", help=f"how many at most ({DEFAULT_EPOCHS}, or as many as --stop-epoch says)"
    )
    train.add_argument(
        "--history",
        metavar="FILE",
        default=DEFAULT_HISTORY,
        help=f"a .csv table, or else JSON ({DEFAULT_HISTORY})",
    )
    table = train.add_argument_group("a table of one's own, instead of a data set")
    table.add_argument("--table", metavar="FILE", help="a CSV or TSV file to learn from")
    table.add_argument("--target", metavar="NAME", help="the column to predict (the one that looks like it)")
    table.add_argument("--inputs", metavar="NAMES", help="the columns to predict it from, as a,b (all that are of use)")
    group = train.add_argument_group("settings of the experiment, written as in a link (--own-points=-1,2,0)")
    for setting in SETTINGS:
        if isinstance(setting, Options):
            of = f"an option of the {setting.of}"
            for key in _keys(setting).values():
                group.add_argument(_option(key), metavar="NUMBER", help=of)
        elif not isinstance(setting, Given):
            group.add_argument(_option(setting.name), metavar="VALUE", help=setting.help.replace("%", "%%") or None)
    train.set_defaults(run=_train)


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _keys(setting: Options) -> dict[str, str]:
    """Return the options that any of the setting's components has, and the key that each has in a link."""
    return {name: setting.key(name) for entry in setting.registry for name in setting.parameters(entry.name)}


def _train(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # Ctrl-C ends the training, and what there is is written
    count = None if options.epochs is None else _whole_number(options.epochs, "--epochs", 1, MAX_EPOCHS)
    path = Path(options.history)
    try:
        table, source = _table(options)
        config = _experiment(options, source)
        count = count or config.stop_epoch or DEFAULT_EPOCHS
        history, stop = unattended.train(config, count, sys.stdout, table=table)
        unattended.save(path, config, history)
    except InvalidValueError as error:
        raise UsageError(str(error)) from error
    print(f"{stop.why if stop else ''} {len(history)} epochs are in {path}.".lstrip())
    return 1 if stop and stop.by in ("divergence", "interrupt") else 0


def _table(options: argparse.Namespace) -> tuple[Table | None, TableSource | None]:
    """Return the table that is to be learned from, if there is one, and how it is used."""
    if options.table is None:
        if options.target is not None or options.inputs is not None:
            raise UsageError("--target and --inputs are columns of a table; give its file with --table.")
        return None, None
    if options.dataset is not None:
        raise UsageError("A table is learned from instead of a data set; give --table or --dataset, not both.")
    path = Path(options.table)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    table = read(data, path.name)
    target = None if options.target is None else column_number(table, options.target, "table.target")
    choice = unattended.read_choice(Path(options.config), table) if options.config else None
    if choice is None:
        choice = guess(table, target)
    elif target is not None:
        choice = replace(choice, target=target, inputs=tuple(number for number in choice.inputs if number != target))
    if options.inputs is not None:
        inputs = [column_number(table, name, "table.inputs") for name in options.inputs.split(",") if name]
        choice = replace(choice, inputs=tuple(inputs))
    return table, choose(table, choice)


def _experiment(options: argparse.Namespace, table: TableSource | None) -> ExperimentConfig:
    """Return the config of the file, if there is one, or of the table, with what the options change."""
    config = unattended.read_config(Path(options.config), table) if options.config else ExperimentConfig(table=table)
    changes: dict[str, Any] = {}
    for setting in SETTINGS:
        if isinstance(setting, Options):
            given = {name: getattr(options, key) for name, key in _keys(setting).items()}
            values = {
                name: _number(text, _option(setting.key(name))) for name, text in given.items() if text is not None
            }
            if values:
                kept = {} if setting.of in changes else getattr(config, setting.name)
                changes[setting.name] = {**kept, **values}
        elif not isinstance(setting, Given) and (text := getattr(options, setting.name)) is not None:
            changes[setting.name] = setting.read(text)
    return config.changed(changes)


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UsageError(f"{name} must be a number, got {text!r}.") from error


def _serve(options: argparse.Namespace) -> int:
    host = options.host or os.environ.get("HOST") or DEFAULT_HOST
    if options.port is not None:
        port = _whole_number(options.port, "--port", 0, MAX_PORT)
    else:
        port = _whole_number(os.environ.get("PORT") or str(DEFAULT_PORT), "PORT", 0, MAX_PORT)
    workers = None if options.workers is None else _whole_number(options.workers, "--workers", 1, MAX_WORKERS)
    embedders = [_origin(text) for text in options.allow_embedding]
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal_handler(number, stop.set)
    with _listen(host, port) as listener:
        server = Server(listener, LocalPool(workers), host, options.allow_host, embedders)
        server.start()
        print(f"Playground at {_address(host, listener.getsockname()[1])} (Ctrl-C stops it)", flush=True)
        stop.wait()
        server.stop()
    return 0


def _whole_number(text: str, name: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= most:
        raise UsageError(f"{name} must be a whole number from {least} to {most}, got {text!r}.")
    return int(text)


def _origin(text: str) -> str:
    """Return the origin of a site as a Content-Security-Policy names it."""
    found = _ORIGIN.fullmatch(text.lower())
    if found is None or int(found["port"] or 0) > MAX_PORT:
        raise UsageError(
            "--allow-embedding must be the beginning of a site's address, scheme and name without a path, "
            f"such as https://school.example, got {text!r:.80}."
        )
    return found["origin"]


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: If the address cannot be had; the sentence says what to try.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server(address, family=family, backlog=_BACKLOG, dualstack_ipv6=both)
    except (socket.gaierror, UnicodeError):
        problem = f"There is no address {host!r}; --host or HOST names one of this machine, such as {DEFAULT_HOST}."
    except OSError as error:
        match error.errno:
            case errno.EADDRINUSE:
                problem = (
                    f"Port {port} is taken by another program; choose another one with --port or PORT "
                    "(0 takes any that is free)."
                )
            case errno.EACCES:
                problem = f"Port {port} is not allowed to this user; choose one from 1024 with --port or PORT."
            case errno.EADDRNOTAVAIL:
                problem = f"{host} is not an address of this machine; choose another one with --host or HOST."
            case _:
                problem = f"The server cannot listen on {host}, port {port}: {error.strerror}."
    raise UsageError(problem)


def _address(host: str, port: int) -> str:
    """Return the address to type into a browser."""
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
