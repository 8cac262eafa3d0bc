"""What the documents say is checked against the code."""

import re
import subprocess
from pathlib import Path

import pytest

from playground.data import DATASETS, FEATURES
from playground.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LAYERS,
    LOSSES,
    METRICS,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
)
from playground.training import SETTINGS

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
        if not re.match(r"\w+:", target):
            assert (document.parent / target).exists(), target


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z]+)", document.read_text(encoding="utf-8")))
        assert named <= targets, document


def test_every_file_that_contributing_names_exists():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:playground|static|bench|docs|tools)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_no_address_of_a_package_registry_is_written_anywhere():
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    registry = re.compile(r"registry\.npm" + r"js|pypi\." + r"org|files\.python" + r"hosted")
    for name in filter(None, files):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".npz"}:
            assert not registry.search(path.read_text(encoding="utf-8", errors="replace")), name


def test_the_guide_names_every_setting_of_a_link():
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        if setting.kind != "options":
            assert f"`{setting.name}`" in guide, setting.name
    for registry in (DATASETS, FEATURES):
        for name in registry.names:
            assert re.search(rf"\b{name}\b", guide), name


def test_every_test_that_the_comparison_names_exists():
    text = (ROOT / "docs" / "compared.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 50
    for file, name in named:
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{name}"
    for file in re.findall(r"`(tests/js/[\w-]+\.test\.js)`", text):
        assert (ROOT / file).exists(), file


def test_the_guides_script_runs(capsys):
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    [script] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    exec(compile(script, "guide.md", "exec"), {})
    assert "accuracy" in capsys.readouterr().out


LISTINGS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "keras.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(LISTINGS)))
def test_the_listings_for_people_coming_from_keras_run(number, capsys):
    exec(compile(LISTINGS[number], "keras.md", "exec"), {})
    assert capsys.readouterr().out


def test_the_page_for_people_coming_from_keras_names_every_component():
    page = (ROOT / "docs" / "keras.md").read_text(encoding="utf-8")
    registries = (ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, REGULARIZERS, INITIALIZERS, METRICS)
    for registry in registries:
        for name in registry.names:
            assert re.search(rf"\b{name}\b", page), name
    for entry in LAYERS:
        assert entry.name.removesuffix("Layer") in page


def test_the_readmes_script_runs(capsys):
    [script] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(script, "README.md", "exec"), {})
    assert "Losses" in capsys.readouterr().out
