from pathlib import Path

import msgspec
import pytest

from playground import protocol
from playground.data.table_reader import read
from playground.errors import ProtocolError
from playground.runs.run import Run
from playground.training import ExperimentConfig

TYPES = Path(__file__).parents[1] / "static" / "js" / "protocol.d.ts"


def test_the_browsers_types_are_not_stale():
    assert TYPES.read_text(encoding="utf-8") == protocol.typescript(), "run `make types`"


def test_the_answer_to_an_upload_is_a_part_of_the_contract():
    declared = protocol.typescript()
    upload = "export interface UploadAnswer {\n  preview?: TablePreview | null;\n  refusal?: Refusal | null;\n}"
    assert upload in declared
    assert "export interface TableChoice {\n  target: number;\n  inputs: number[];" in declared


@pytest.mark.parametrize(
    ("event", "message", "about"),
    [
        ("open", {"seq": 1}, "link"),
        ("open", {"seq": "1", "link": ""}, r"\$\.seq"),
        ("open", None, "object"),
        ("command", {"seq": 1, "command": {"type": "fly"}}, "fly"),
        ("command", {"seq": 1, "command": {"type": "play", "fast": True}}, "fast"),
        ("command", {"seq": 1, "command": {"type": "pace", "per_second": "many"}}, "per_second"),
        ("watch", {"measurements": [1], "pictures_per_second": 30}, "measurements"),
        ("receipt", {"number": 1.5}, "number"),
        ("receipt", [], "object"),
        ("dance", {}, "known are: open, command, watch, receipt"),
    ],
)
def test_a_message_that_does_not_fit_is_refused_with_what_is_wrong(event, message, about):
    with pytest.raises(ProtocolError, match=about):
        protocol.understand(event, message)


@pytest.mark.parametrize("struct", msgspec.inspect.type_info(protocol.AnyCommand).types, ids=lambda info: info.tag)
def test_every_command_can_be_obeyed(struct):
    examples = {
        "changes": {"noise": 0.3},
        "link": "noise=0.3",
        "per_second": 5.0,
        **{"layer": 1, "row": 0, "unit": 0, "value": 0.5, "frozen": True},
        **{"points": [(0.5, 0.5, 1.0)], "index": 3, "indices": [3], "x": 0.5, "y": 0.25, "across": 0.5, "up": 0.5},
        **{"target": 2, "inputs": [0, 1], "kinds": ["number"] * 2 + ["category"], "missing": "drop", "scaling": "none"},
    }
    values = {field.name: examples[field.name] for field in struct.fields if field.required}
    updates = []
    run = Run(ExperimentConfig(samples=20), clock=lambda: 0.0, on_update=updates.append)
    run.take_table(read(b"a,b,kind\n" + b"1,2,yes\n3,4,no\n" * 10, "table.csv"))
    run.handle(protocol.AddPoints([(0.0, 0.0, 0.0)]))  # so that there is something to take back
    updates.clear()
    answer = run.handle(struct.cls(**values))
    assert updates or answer.reading or answer.link, "the browser is told what has changed, or what it asked for"
