"""Flask and Socket.IO: hosts the page and relays between browsers and runs; decides nothing."""

from playground.server.app import create_app
from playground.server.serving import Server

__all__ = ["Server", "create_app"]
