"""gevent's HTTP handler, as this server needs it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import gevent
from gevent.pywsgi import WSGIHandler
from gevent.socket import wait_read

HANDLER = "playground.handler"
"""Where the WSGI environment holds the Handler."""

# A client that is still sending when it is refused finds the answer only if it is not hung up on at once.
LINGER_S = 2.0
LINGER_BYTES = 20_000_000

_DISCARD_BYTES = 1 << 16


class Handler(WSGIHandler):  # type: ignore[misc]  # gevent has no types
    """Lets an application take over the connection, and reads no more of a refused body than it must."""

    def __init__(self, sock: Any, *args: Any) -> None:
        # gevent sends headers and body by two calls; with Nagle's algorithm the second waits 40 ms.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock, *args)

    def get_environ(self) -> dict[str, Any]:
        """Return the WSGI environment, with this handler in it."""
        environ: dict[str, Any] = super().get_environ()
        environ[HANDLER] = self
        return environ

    def finalize_headers(self) -> None:
        """Say that the connection ends with the answer if some of the body has not been read."""
        super().finalize_headers()
        if self._has_unread_body():
            self.close_connection = True
            self.response_headers.append((b"Connection", b"close"))

    def run_application(self) -> None:
        """Answer the request; gevent then reads what is left of its body, were it endless, so that is kept short."""
        try:
            super().run_application()
        finally:
            if self._has_unread_body():
                self.close_connection = True
                self._linger()

    def _has_unread_body(self) -> bool:
        body = self.wsgi_input
        return bool(body.chunked_input) or body.position < (body.content_length or 0)

    def _linger(self) -> None:
        body = self.wsgi_input
        body.send_100_continue_enabled = False
        left = LINGER_BYTES
        with suppress(OSError), gevent.Timeout(LINGER_S, False):
            while left > 0 and (data := body.read(_DISCARD_BYTES)):
                left -= len(data)
        body.content_length, body.chunked_input = body.position, False


@contextmanager
def noticing_departure(environ: dict[str, Any], act: Callable[[], None]) -> Iterator[None]:
    """Call `act` if the client of a request hangs up while the block runs.

    Args:
        environ: The request's; its body has been read. Without a Handler in it, nothing is noticed.
        act: Called in another greenlet; must not wait.
    """
    handler = environ.get(HANDLER)
    if handler is None:
        yield
        return
    watcher = gevent.spawn(_await_departure, handler.socket, act)
    try:
        yield
    finally:
        watcher.kill()


def end_hearing(environ: dict[str, Any]) -> None:
    """Let the client of a request that is being answered be taken for gone, though it may still send."""
    handler = environ.get(HANDLER)
    if handler is not None:
        with suppress(OSError):
            handler.socket.shutdown(socket.SHUT_RD)


def _await_departure(connection: Any, act: Callable[[], None]) -> None:
    wait_read(connection.fileno())
    try:
        gone = not connection.recv(1, socket.MSG_PEEK)  # else it has sent its next request already, and waits
    except OSError:
        gone = True
    if gone:
        act()
