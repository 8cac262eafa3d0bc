"""Write requirements/*.txt: the exact versions that pip chooses for the ranges of pyproject.toml.

`run.txt` holds what the product needs, `dev.txt` what its tests and checks need beside it.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def resolved(requirements: list[str]) -> dict[str, str]:
    """Return name and version of every distribution that pip would install into an empty environment."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = ["install", "--quiet", "--dry-run", "--ignore-installed", "--report", str(report), *requirements]
        subprocess.run([sys.executable, "-m", "pip", *command], check=True)
        metadata = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return {item["name"].lower(): item["version"] for item in metadata}


def write(name: str, pins: dict[str, str]) -> None:
    """Write one requirements file."""
    lines = [f"{package}=={version}" for package, version in sorted(pins.items())]
    (ROOT / "requirements" / name).write_text("\n".join(["# Written by `make lock`.", *lines, ""]), encoding="utf-8")


def main() -> None:
    """Resolve both groups together, so that they agree."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = resolved(pyproject["project"]["dependencies"])
    everything = resolved(
        pyproject["project"]["dependencies"]
        + pyproject["dependency-groups"]["dev"]
        + [f"{n}=={v}" for n, v in run.items()]
    )
    write("run.txt", run)
    write("dev.txt", {name: version for name, version in everything.items() if name not in run})


if __name__ == "__main__":
    main()
