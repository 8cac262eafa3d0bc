"""The web application: the page, its files, and the Socket.IO server in front of the relay."""

from pathlib import Path
from typing import Any

import msgspec
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from flask import Flask, Response, abort, render_template, request
from flask_socketio import SocketIO
from markupsafe import Markup

import playground
from playground.catalogue import catalogue, help_book
from playground.runs import Pool
from playground.server.assets import Asset, Assets, make_asset, stamp
from playground.server.languages import ENGLISH, Languages
from playground.server.packets import MALFORMED, Packet
from playground.server.relay import Relay, Viewer, seq_of
from playground.server.saved_runs import SavedRuns
from playground.server.uploads import Uploads
from playground.server.websocket import MAX_QUEUED_PACKETS, MAX_READ_BYTES, WebSocket

TIDY_INTERVAL_S = 60.0

_PACKAGE = Path(playground.__file__).parent


def create_app(pool: Pool) -> Flask:
    """Return the application; its Socket.IO server is `app.extensions["socketio"].server`.

    Args:
        pool: Where its runs live.
    """
    app = Flask("playground", root_path=str(_PACKAGE), static_folder=None, template_folder=str(_folder("templates")))
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    relay = Relay(pool)
    _add_pages(app)
    app.add_url_rule("/table", "table", Uploads(relay).take, methods=["POST"])
    saved = SavedRuns(relay)
    app.add_url_rule("/run", "run", saved.give, methods=["GET"])
    app.add_url_rule("/run", "open_run", saved.take, methods=["POST"])
    _add_socket(app, relay)
    return app


def _folder(name: str) -> Path:
    """Return the page's folder of this name: inside an installed package, beside it in a checkout."""
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The playground's folder {name!r} is missing; install it anew.")


def _add_pages(app: Flask) -> None:
    templates = _folder("templates")
    assets = Assets(_folder("static"))
    languages = Languages()

    def page() -> Response:
        wanted = [request.args["lang"]] if "lang" in request.args else request.accept_languages.values()
        tag = languages.choose(wanted)
        version = stamp([*sorted(templates.rglob("*.html")), *languages.files.values()])
        asset = assets.made(f"/{tag}", version, lambda: make_asset(_page(languages, tag), ".html"))
        response = asset.respond(request)
        response.vary.add("Accept-Language")
        return response

    def explanations() -> Response:
        tag = languages.choose([request.args.get("lang", "")])

        def made() -> Asset:
            return make_asset(msgspec.json.encode(help_book(), enc_hook=languages.read(tag).said), ".json")

        return assets.made(f"/help/{tag}", stamp(list(languages.files.values())), made).respond(request)

    def static(filename: str) -> Response:
        asset = assets.file(filename)
        if asset is None:
            abort(404)
        return asset.respond(request)

    app.add_url_rule("/", "page", page)
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_url_rule("/help.json", "help", explanations)
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", content_type="text/plain"))
    with app.test_request_context():
        page()  # made now, not while the first visitor waits


def _page(languages: Languages, tag: str) -> bytes:
    """Return the page in a language."""
    language = languages.read(tag)
    text = render_template(
        "index.html",
        _=language.text,
        language=language.tag,
        languages=languages.tags,
        catalogue=as_data_block(msgspec.json.encode(catalogue(), enc_hook=language.said)),
        words=None if language is ENGLISH else as_data_block(language.words()),
    )
    return text.encode()


def as_data_block(json: bytes) -> Markup:
    """Return JSON as it may stand in a <script> element: nothing in it ends the element or begins a comment."""
    text = json.decode()
    for character in "&<>":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _add_socket(app: Flask, relay: Relay) -> None:
    socketio = SocketIO(
        app,
        async_mode="gevent",  # the automatic choice prefers eventlet
        async_handlers=False,  # else one client's events are handled out of order
        serializer=Packet,
        transports=["websocket"],
        max_http_buffer_size=MAX_READ_BYTES,
        cors_allowed_origins=[],  # the guard checks the origin, and believes no forwarded name
        manage_session=False,
    )
    server = socketio.server
    server.eio._async = {**server.eio._async, "websocket": WebSocket}
    viewers: dict[str, Viewer] = {}

    def connect(sid: str, environ: dict[str, Any], auth: Any) -> None:
        engine = server.eio.sockets[server.manager.eio_sid_from_sid(sid, "/")]

        def drop() -> None:
            # Not at once: closing tells the relay, which may be in the middle of something.
            server.start_background_task(engine.close, wait=False)

        def send(packet: bytes) -> None:
            if engine.queue.qsize() > MAX_QUEUED_PACKETS:
                drop()
            elif not engine.closed:
                engine.send(EnginePacket(MESSAGE, packet))

        viewers[sid] = Viewer(send, drop)

    def disconnect(sid: str, reason: str) -> None:
        viewer = viewers.pop(sid, None)
        if viewer is not None:
            relay.leave(viewer)

    def receive(name: str, sid: str, *arguments: Any) -> None:
        viewer = viewers.get(sid)
        if viewer is None:
            return
        message = arguments[0] if arguments else None
        if name == MALFORMED:
            sentence = message if isinstance(message, str) else str(message)
            relay.refuse(viewer, seq_of(arguments[1] if len(arguments) > 1 else None), sentence)
        else:
            relay.handle(viewer, name, message)

    def tidy() -> None:
        while True:
            server.sleep(TIDY_INTERVAL_S)
            relay.tidy()

    server.on("connect", connect)
    server.on("disconnect", disconnect)
    server.on("*", receive)
    server.start_background_task(tidy)
