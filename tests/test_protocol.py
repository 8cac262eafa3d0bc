from pathlib import Path

import msgspec
import pytest

from playground import protocol
from playground.errors import ProtocolError
from playground.runs.run import Run
from playground.training import ExperimentConfig

TYPES = Path(__file__).parents[1] / "static" / "js" / "protocol.d.ts"


def test_the_browsers_types_are_not_stale():
    assert TYPES.read_text(encoding="utf-8") == protocol.typescript(), "run `make types`"


@pytest.mark.parametrize(
    ("event", "message", "about"),
    [
        ("open", {"seq": 1}, "link"),
        ("open", {"seq": "1", "link": ""}, r"\$\.seq"),
        ("open", None, "object"),
        ("command", {"seq": 1, "command": {"type": "fly"}}, "fly"),
        ("command", {"seq": 1, "command": {"type": "play", "fast": True}}, "fast"),
        ("command", {"seq": 1, "command": {"type": "pace", "epochs_per_second": "many"}}, "epochs_per_second"),
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
    examples = {"changes": {"noise": 0.3}, "link": "noise=0.3", "epochs_per_second": 5.0}
    values = {field.name: examples[field.name] for field in struct.fields}
    updates = []
    run = Run(ExperimentConfig(samples=20), clock=lambda: 0.0, on_update=updates.append)
    run.handle(struct.cls(**values))
    assert updates, "the browser is told what has changed"
