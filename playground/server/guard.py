"""Who may talk to the server: a WSGI wrapper around everything, Socket.IO included.

Socket.IO answers before Flask is asked, so Flask's own checks do not protect it. A page of another site must neither
open a socket here, nor send anything, nor come in under a name that its owner has pointed at this machine (DNS
rebinding).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

SOCKET_PATH = "/socket.io/"
_READING = ("GET", "HEAD")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Guard:
    """Lets through what is addressed to one of the server's own names, and gives each response HEADERS and a policy."""

    def __init__(
        self, application: Application, host: str, names: Iterable[str] = (), embedders: Iterable[str] = ()
    ) -> None:
        """
        Args:
            application: What answers when all is well.
            host: The address that the server listens on.
            names: Further names under which it is reached.
            embedders: Origins whose pages may show ours in a frame, besides our own.
        """
        self._application = application
        self._headers = (("Content-Security-Policy", " ".join([_POLICY, *embedders])), *HEADERS)
        self._names = {"localhost", host.lower(), *(name.lower().rstrip(".") for name in names)}
        self._is_public = not is_loopback(host)
        if self._is_public:
            machine = socket.gethostname().lower()
            self._names |= {machine, machine.split(".")[0], f"{machine.split('.')[0]}.local"}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or refuse it."""

        def start(status: str, headers: list[tuple[str, str]], *arguments: Any) -> Any:
            return start_response(status, [*headers, *self._headers], *arguments)

        host = environ.get("HTTP_HOST", "")
        if not self._knows(host):
            return _refused(
                start,
                f"This server is not known as {host!r:.80}. Use the address that it printed, "
                "or start it with --allow-host and this name.",
            )
        reads = environ["REQUEST_METHOD"] in _READING and not environ.get("PATH_INFO", "").startswith(SOCKET_PATH)
        origin = environ.get("HTTP_ORIGIN")  # browsers always send it with the others, other programs need not
        if not reads and origin is not None and not _same(origin, host):
            return _refused(start, f"A page of {origin!r:.80} may not connect to this server.")
        return self._application(environ, start)

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name.rstrip(".") in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # No other site can have an address for its name.
        return self._is_public or address.is_loopback


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server at `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _same(origin: str, host: str) -> bool:
    """Whether the page that asks came from us; the scheme is a proxy's affair."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _refused(start_response: StartResponse, sentence: str) -> Iterable[bytes]:
    body = sentence.encode()
    start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
