"""Every message between browser and server, once.

A browser opens one Socket.IO connection (WebSocket, msgpack). It sends the events

    open     Open                 take part in a run: a new one, or the one of a token
    command  Command              do something to the run; answered in order
    watch    Watch                which measurements it wants, and how often
    receipt  Receipt              the picture of this number has been drawn

and is sent the events

    answer   Answer               to each open and command, in their order
    update   Update               what has changed of the run; everything, after an open
    frame    Frame, history       a picture, and the rows of the history since the last one

`python -m playground.protocol` prints the browser's types (static/js/protocol.d.ts), the catalogue's among them.
"""

import types
import typing
from typing import Any, Literal

import msgspec

from playground import catalogue
from playground.errors import ProtocolError

MAX_MESSAGE_BYTES = 64 * 1024
"""Largest message that a browser may send."""

FRAMES_UNDER_WAY = 2
"""Pictures that a browser may be sent before it acknowledges one."""

HISTORY_COLUMNS = ("epoch", "training_loss", "test_loss", "training_accuracy", "test_accuracy")
"""The numbers of a row of the history, each a float32."""


class Open(msgspec.Struct, forbid_unknown_fields=True):
    """Take part in the run of `token`, or in a new one as `link` describes it."""

    seq: int
    link: str
    token: str | None = None


class Play(msgspec.Struct, tag="play", forbid_unknown_fields=True):
    """Train on."""


class Pause(msgspec.Struct, tag="pause", forbid_unknown_fields=True):
    """Stop training for now."""


class Step(msgspec.Struct, tag="step", forbid_unknown_fields=True):
    """Pause, and train one epoch."""


class Reset(msgspec.Struct, tag="reset", forbid_unknown_fields=True):
    """Pause, and go back to the first weights and epoch 0."""


class Change(msgspec.Struct, tag="change", forbid_unknown_fields=True):
    """Give some settings other values; the names are those of the catalogue."""

    changes: dict[str, Any]


class Load(msgspec.Struct, tag="load", forbid_unknown_fields=True):
    """Take every setting from a link; what it does not name has its default. Refused whole if any of it is unclear."""

    link: str


class Pace(msgspec.Struct, tag="pace", forbid_unknown_fields=True):
    """Train so many epochs a second; null is as fast as possible."""

    epochs_per_second: float | None


AnyCommand = Play | Pause | Step | Reset | Change | Load | Pace


class Command(msgspec.Struct, forbid_unknown_fields=True):
    """A command, numbered by the browser so that it knows the answer."""

    seq: int
    command: AnyCommand


class Watch(msgspec.Struct, forbid_unknown_fields=True):
    """The measurements to send, and at most how many pictures a second; none when nobody looks."""

    measurements: list[str]
    pictures_per_second: float


class Receipt(msgspec.Struct, forbid_unknown_fields=True):
    """The pictures up to this number have been drawn."""

    number: int


class Refusal(msgspec.Struct):
    """Why something was not done: a sentence, and the setting it is about or ""."""

    field: str
    message: str


class Answer(msgspec.Struct, omit_defaults=True):
    """What became of an open or a command.

    Attributes:
        seq: The number that the browser gave it.
        refusal: Why nothing was changed, or null if it was done.
        notes: After an open, what was done otherwise than asked: parts of the link that could not be used.
        token: After an open, the key by which this browser finds its run again.
    """

    seq: int
    refusal: Refusal | None = None
    notes: list[Refusal] = []
    token: str | None = None


class Input(msgspec.Struct):
    """One input of the network; `feature` is its name, or "" for a measurement that is not drawn."""

    feature: str
    label: str


class Experiment(msgspec.Struct):
    """What is trained now.

    Attributes:
        revision: Grows with each change of the network or its data; a frame names the one it shows.
        config: Every setting.
        link: The settings that differ from their defaults, as the URL holds them.
        problem: "binary", "multiclass" or "regression".
        inputs: The network's inputs, in order.
        layers: Units of each layer: inputs, hidden layers, outputs.
        loss: Label of the loss in use.
        output_activation: Label of the output's activation.
        parameters: Number of weights and biases.
    """

    revision: int
    config: dict[str, Any]
    link: str
    problem: str
    inputs: list[Input]
    layers: list[int]
    loss: str
    output_activation: str
    parameters: int


class Points(msgspec.Struct):
    """Samples as drawn: x, y and target (class number or value), each float32 and as long as there are samples."""

    x: bytes
    y: bytes
    target: bytes


class Data(msgspec.Struct):
    """The points, and the plane they are drawn in.

    Attributes:
        classes: Name of each class, or none for regression.
        axes: What is drawn across and upwards.
        domain: [[x_low, x_high], [y_low, y_high]] in the data's units.
        value_range: Values at the two ends of the colour scale of the output.
        slice: For inputs that are not drawn: at which values the picture is computed, in words, or "".
        train: The points to learn from.
        test: The points to test with.
        input_maps: Over the plane, first each input feature of the catalogue, fed or not, then each measurement that
            is fed without being drawn: uint8 (maps, 50, 50), 128 is 0.
        input_scales: The magnitude that 1 and 255 stand for, float32 (maps,).
    """

    classes: list[str]
    axes: list[str]
    domain: list[list[float]]
    value_range: list[float]
    slice: str
    train: Points
    test: Points
    input_maps: bytes
    input_scales: bytes


class State(msgspec.Struct):
    """How the run is going.

    Attributes:
        playing: Whether it trains.
        epoch: Passes over the training set so far.
        step: Updates so far.
        epochs_per_second: The pace that was asked for, or null for as fast as possible.
        stopped: Why it stopped by itself and what to try, or "".
    """

    playing: bool
    epoch: int
    step: int
    epochs_per_second: float | None
    stopped: str


class Update(msgspec.Struct, omit_defaults=True):
    """What has changed of a run; parts that have not are left out.

    Attributes:
        history: Rows of HISTORY_COLUMNS, float32; they replace what the browser has.
    """

    experiment: Experiment | None = None
    data: Data | None = None
    state: State | None = None
    history: bytes | None = None


class Part(msgspec.Struct, array_like=True):
    """Where in a frame's payload a measurement's array lies: parts follow each other."""

    name: str
    dtype: Literal["float32", "uint8"]
    shape: list[int]


class Frame(msgspec.Struct):
    """A picture of a run: the measurements that somebody watches, at one step.

    Attributes:
        number: Grows by one with each picture; goes into the receipt.
        revision: The experiment's revision that it shows.
        epoch: Passes over the training set so far.
        step: Updates so far.
        epochs_per_second: The pace measured over the last second.
        parts: The arrays in the payload, float32 ones first.
        payload: The arrays one after the other, compressed with zlib.
    """

    number: int
    revision: int
    epoch: int
    step: int
    epochs_per_second: float
    parts: list[Part]
    payload: bytes


FROM_BROWSER: dict[str, type[msgspec.Struct]] = {"open": Open, "command": Command, "watch": Watch, "receipt": Receipt}
TO_BROWSER: dict[str, type[msgspec.Struct]] = {"answer": Answer, "update": Update, "frame": Frame}


def understand(event: str, message: Any) -> msgspec.Struct:
    """Return a browser's message as the struct of its event.

    Args:
        event: A key of FROM_BROWSER.
        message: The event's argument as it came: anything.

    Raises:
        ProtocolError: If the event is unknown or the message does not fit; the sentence names the field.
    """
    if event not in FROM_BROWSER:
        raise ProtocolError(f"Unknown message {event!r:.40}; known are: {', '.join(FROM_BROWSER)}.")
    try:
        return msgspec.convert(message, FROM_BROWSER[event])
    except msgspec.ValidationError as error:
        raise ProtocolError(f"The message {event!r} was not understood: {error}.") from error


def typescript() -> str:
    """Return the declarations of every message and of the catalogue, for static/js/protocol.d.ts."""
    pending: list[Any] = [*FROM_BROWSER.values(), *TO_BROWSER.values(), catalogue.Catalogue]
    blocks: dict[str, str] = {}
    while pending:
        struct = pending.pop(0)
        if struct.__name__ in blocks:
            continue
        info = msgspec.inspect.type_info(struct)
        assert isinstance(info, msgspec.inspect.StructType)
        hints = typing.get_type_hints(struct)
        members = [f'  type: "{info.tag}";'] if info.tag is not None else []
        for item in info.fields:
            # What the server may leave out; a browser may leave out what has a default.
            optional = "?" if not item.required and struct.__struct_config__.omit_defaults else ""
            members.append(f"  {item.name}{optional}: {_typescript(hints[item.name], pending)};")
        if info.array_like:
            inside = ", ".join(f"{item.name}: {_typescript(hints[item.name], pending)}" for item in info.fields)
            blocks[struct.__name__] = f"export type {struct.__name__} = [{inside}];"
        else:
            blocks[struct.__name__] = "\n".join([f"export interface {struct.__name__} {{", *members, "}"])
    constants = f"export type HistoryRow = [{', '.join(f'{name}: number' for name in HISTORY_COLUMNS)}];"
    head = "// Written by `make types` from playground/protocol.py; a test fails while it is stale."
    return "\n\n".join([head, *blocks.values(), constants]) + "\n"


_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", bytes: "Uint8Array", type(None): "null"}


def _typescript(hint: Any, pending: list[Any]) -> str:
    """Return the TypeScript type of a Python annotation, and queue the structs that it names."""
    if hint is Any:
        return "unknown"
    if hint in _PLAIN:
        return _PLAIN[hint]
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case typing.Literal:
            return " | ".join(f'"{value}"' for value in arguments)
        case types.UnionType | typing.Union:
            return " | ".join(_typescript(argument, pending) for argument in arguments)
        case builtin if builtin is list:
            inside = _typescript(arguments[0], pending)
            return f"({inside})[]" if "|" in inside else f"{inside}[]"
        case builtin if builtin is dict:
            return f"Record<string, {_typescript(arguments[1], pending)}>"
    pending.append(hint)
    return str(hint.__name__)


if __name__ == "__main__":
    print(typescript(), end="")
