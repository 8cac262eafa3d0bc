"""The server from its first connection to its last: gevent's WSGI server around the application."""

import socket
from collections.abc import Iterable
from typing import Any

import gevent
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from playground import runs
from playground.server.app import create_app
from playground.server.guard import Guard
from playground.server.handler import Handler

_GOODBYE_S = 0.5
_POOL_S = 1.0


class Server:
    """Serves the playground on a socket that already listens. The process must be monkey-patched by gevent."""

    def __init__(
        self,
        listener: socket.socket,
        pool: runs.Pool,
        host: str,
        names: Iterable[str] = (),
        embedders: Iterable[str] = (),
    ) -> None:
        """
        Args:
            listener: Bound to `host`, and listening.
            pool: Where runs live; shut down with the server.
            host: The address as it was asked for.
            names: Further names under which the server is reached.
            embedders: Origins whose pages may show the playground in a frame.
        """
        self._pool = pool
        app = create_app(pool)
        self._sockets: Any = app.extensions["socketio"].server
        self._http = WSGIServer(
            listener,
            Guard(app, host, names, embedders),
            spawn=Pool(),  # so that the end of its connections can be waited for
            handler_class=Handler,
            log=None,
            environ={"SERVER_NAME": host},  # else gevent asks the DNS
        )

    def start(self) -> None:
        """Begin to answer; returns at once."""
        self._http.start()

    def stop(self) -> None:
        """Say goodbye to every browser, end the workers, and return within 2 s."""
        self._http.close()
        ending = gevent.spawn(self._pool.shutdown, _POOL_S)
        for engine in list(self._sockets.eio.sockets.values()):
            gevent.spawn(engine.close, wait=False)
        self._http.stop(timeout=_GOODBYE_S)
        ending.join()
