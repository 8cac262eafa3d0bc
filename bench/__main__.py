"""Measure what the project claims about its speed: `python -m bench [part …]`.

A part is a module of this folder with a TITLE and a function `measure() -> str`, which returns Markdown. Each part has
a section of RESULTS.md; those that are run are rewritten, the others are kept.
"""

import argparse
import os
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

# BLAS reads these when NumPy is first imported: training has one thread, so measuring has too.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
HEADER = "# What was measured\n\nWritten by `make bench`; each section says on what machine, and what it compares.\n"


def main() -> None:
    parts = available_parts()
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write bench/RESULTS.md.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(parts)}; default: all")
    chosen = parser.parse_args().parts or parts
    if unknown := set(chosen) - set(parts):
        parser.error(f"unknown part {', '.join(sorted(unknown))}; choose one of: {', '.join(parts)}.")

    for name in chosen:
        part = import_module(f"bench.{name}")
        print(f"{part.TITLE} …", file=sys.stderr, flush=True)
        markdown = part.measure().strip()
        print(f"\n{markdown}\n")
        sections = read_sections()
        sections[part.TITLE] = markdown
        write_sections(sections)


def available_parts() -> list[str]:
    """Return the names of the modules here that declare a TITLE."""
    names = sorted(module.name for module in iter_modules([str(HERE)]) if not module.name.startswith("_"))
    return [name for name in names if declares_title(name)]


def declares_title(name: str) -> bool:
    """Return whether a module declares a TITLE, without importing it."""
    spec = find_spec(f"bench.{name}")
    return bool(spec and spec.origin and re.search(r"^TITLE\b.*=", Path(spec.origin).read_text(), re.MULTILINE))


def read_sections() -> dict[str, str]:
    """Return the sections of RESULTS.md, by title."""
    if not RESULTS.exists():
        return {}
    _, *sections = re.split(r"^## ", RESULTS.read_text(), flags=re.MULTILINE)
    return {title: body.strip() for title, _, body in (section.partition("\n") for section in sections)}


def write_sections(sections: dict[str, str]) -> None:
    """Write RESULTS.md: a heading and a body for each section, by title in order."""
    bodies = [f"\n## {title}\n\n{body}\n" for title, body in sorted(sections.items())]
    RESULTS.write_text(HEADER + "".join(bodies))


if __name__ == "__main__":
    main()
