"""The files of the page, compressed once and kept in memory."""

import gzip
import hashlib
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from flask import Request, Response
from werkzeug.security import safe_join

_GZIP_LEVEL = 9
_SMALLEST_GZIP_BYTES = 500
_COMPRESSED = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
# What is for readers only: comments that have their lines for themselves, of which JSDoc alone is a third of what the
# page's own modules weigh, indentation, and empty lines.
_COMMENT_LINES = re.compile(rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
_SPACE = re.compile(rb"^\s+", re.MULTILINE)
_PLAIN = {".ico": "image/x-icon", ".png": "image/png", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class Asset:
    """A body, ready to be sent."""

    body: bytes
    compressed: bytes | None
    content_type: str
    etag: str

    def respond(self, request: Request) -> Response:
        """Return what answers `request`; a browser that has this very body gets none.

        A browser asks each time whether its copy is still good (no-cache), so that an update is seen at once.
        """
        if self.etag in request.if_none_match.as_set(include_weak=True):
            response = Response(status=304)
        elif self.compressed is not None and request.accept_encodings.quality("gzip") > 0:
            response = Response(self.compressed, content_type=self.content_type)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = Response(self.body, content_type=self.content_type)
        response.set_etag(self.etag, weak=True)  # weak: the same for both encodings
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def make_asset(body: bytes, suffix: str) -> Asset:
    """Return `body` as an asset of the kind that `suffix` says, e.g. ".js"; HTML has no text whose space matters."""
    if suffix == ".html":
        body = _SPACE.sub(b"", body)
    compressed = None
    if suffix in _COMPRESSED and len(body) >= _SMALLEST_GZIP_BYTES:
        compressed = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    content_type = _COMPRESSED.get(suffix) or _PLAIN.get(suffix, "application/octet-stream")
    return Asset(body, compressed, content_type, hashlib.sha256(body).hexdigest()[:20])


class Assets:
    """Keeps assets until what they were made from changes."""

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: Where the static files are; they are all read now.
        """
        self._folder = folder
        self._kept: dict[str, tuple[Hashable, Asset]] = {}
        for path in folder.rglob("*"):
            self.file(path.relative_to(folder).as_posix())

    def file(self, name: str) -> Asset | None:
        """Return a static file, or None if there is none of this name."""
        joined = safe_join(str(self._folder), name)
        path = Path(joined) if joined is not None else None
        if path is None or not path.is_file():
            return None
        return self.made(name, stamp([path]), lambda: make_asset(_served(path, name), path.suffix))

    def made(self, name: str, version: Hashable, make: Callable[[], Asset]) -> Asset:
        """Return the asset that was made under this name from this version, or make it."""
        kept = self._kept.get(name)
        if kept is None or kept[0] != version:
            kept = self._kept[name] = (version, make())
        return kept[1]


def _served(path: Path, name: str) -> bytes:
    """Return a file's bytes as they are sent: the page's own modules and style sheets bare."""
    body = path.read_bytes()
    return bare(body) if name.startswith(("js/", "css/")) else body


def bare(source: bytes) -> bytes:
    """Return JavaScript or CSS without comments on lines of their own, indentation and empty lines.

    No text of more than one line may have such space in it; tests/js/served.test.js compares.
    """
    return _SPACE.sub(b"", _COMMENT_LINES.sub(b"", source))


def stamp(paths: list[Path]) -> Hashable:
    """Return a value that changes when one of the files does."""
    return tuple((path.name, state.st_mtime_ns, state.st_size) for path in paths for state in [path.stat()])
