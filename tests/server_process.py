"""A real server in a process of its own, as `playground` starts it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[1]
TIMEOUT_S = 60.0


class ServerProcess:
    """A server on a free port, from its first line to its end.

    with ServerProcess("--workers", "2") as server:
        SocketClient(server.port)

    Attributes:
        line: What it printed.
        port: Where it listens.
        process: The process.
    """

    def __init__(self, *arguments: str, environ: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
        """
        Args:
            arguments: The command line's further words.
            environ: Variables to set.
            cwd: The folder it runs in.
        """
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # a pipe that nobody reads could fill up
        self.process = subprocess.Popen(
            [sys.executable, "-m", "playground", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
            text=True,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        found = re.search(r":(\d+)\b", self.line)
        if not found:
            complaint = f"it printed {self.line!r} and {self.errors!r}"
            self._discard()
            raise AssertionError(complaint)
        self.port = int(found[1])

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def errors(self) -> str:
        """What it wrote to stderr so far."""
        self._errors.seek(0)
        return self._errors.read().decode()

    @property
    def workers(self) -> list[int]:
        """Process ids of its workers."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; return its exit status."""
        self.process.send_signal(how)
        return self.process.wait(TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            if self.process.poll() is None:
                self.stop()
            if error[0] is None:
                assert self.errors == "", self.errors
        finally:
            self._discard()

    def _discard(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
