"""The `playground` command."""

import argparse
import errno
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Never

from gevent import signal_handler
from gevent.event import Event

from playground import __version__
from playground.runs import LocalPool
from playground.server import Server

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5000
MAX_PORT = 65_535
MAX_WORKERS = 256

_BACKLOG = 512
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
    serve.set_defaults(run=_serve)
    return parser


def _serve(options: argparse.Namespace) -> int:
    host = options.host or os.environ.get("HOST") or DEFAULT_HOST
    if options.port is not None:
        port = _whole_number(options.port, "--port", 0, MAX_PORT)
    else:
        port = _whole_number(os.environ.get("PORT") or str(DEFAULT_PORT), "PORT", 0, MAX_PORT)
    workers = None if options.workers is None else _whole_number(options.workers, "--workers", 1, MAX_WORKERS)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal_handler(number, stop.set)
    with _listen(host, port) as listener:
        server = Server(listener, LocalPool(workers), host, options.allow_host)
        server.start()
        print(f"Playground at {_address(host, listener.getsockname()[1])} (Ctrl-C stops it)", flush=True)
        stop.wait()
        server.stop()
    return 0


def _whole_number(text: str, name: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= most:
        raise UsageError(f"{name} must be a whole number from {least} to {most}, got {text!r}.")
    return int(text)


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
