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

A table comes by a POST of its own, which is answered with an UploadAnswer as JSON. A run goes as a document by a GET
of its own, see playground.runs.saved, and comes by a POST, which is answered with a RunAnswer.

`python -m playground.protocol` prints the browser's types (static/js/protocol.d.ts), the catalogue's among them.
"""

import types
import typing
from typing import Any, Literal

import msgspec

from playground import catalogue
from playground.data.tables import TablePreview
from playground.errors import PlaygroundError, ProtocolError
from playground.sentences import Told as Told
from playground.sentences import say
from playground.sentences import told as told
from playground.training.links import Link

MAX_MESSAGE_BYTES = 64 * 1024
"""Largest message that a browser may send."""

FRAMES_UNDER_WAY = 2
"""Pictures that a browser may be sent before it acknowledges one."""

MAX_MARKS = 200
"""Changes that a run remembers for its chart."""

HISTORY_COLUMNS = (
    "epoch",
    "training_loss",
    "test_loss",
    "training_accuracy",
    "test_accuracy",
    "training_error",
    "test_error",
)
"""The numbers of a row of the history, each a float32: as the measurement "losses" has them."""


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
    """Pause, and train on one sample, one batch, or to the end of the epoch."""

    unit: Literal["sample", "batch", "epoch"] = "epoch"


class Reset(msgspec.Struct, tag="reset", forbid_unknown_fields=True):
    """Pause, and go back to the first weights and epoch 0."""


class Change(msgspec.Struct, tag="change", forbid_unknown_fields=True):
    """Give some settings other values; the names are those of the catalogue."""

    changes: dict[str, Any]


class Load(msgspec.Struct, tag="load", forbid_unknown_fields=True):
    """Take every setting from a link, and the weights if it holds them.

    A setting that it does not name has its default. Refused whole if any of it is unclear.
    """

    link: str


class Pace(msgspec.Struct, tag="pace", forbid_unknown_fields=True):
    """Train so many epochs, or updates, a second; null is as fast as possible."""

    per_second: float | None
    unit: Literal["step", "epoch"] = "epoch"


class Edit(msgspec.Struct, tag="edit", forbid_unknown_fields=True):
    """Give a weight or a bias another value.

    Attributes:
        layer: The layer that the weight leads to: 1 for the first behind the inputs.
        row: The neuron of the layer before that the weight comes from, or null for the bias.
        unit: The neuron that it leads to.
        value: The new value.
    """

    layer: int
    row: int | None
    unit: int
    value: float


class Freeze(msgspec.Struct, tag="freeze", forbid_unknown_fields=True):
    """Keep a weight, a bias or a whole layer (`unit` null) from being trained, or train it again; see Edit."""

    layer: int
    frozen: bool
    row: int | None = None
    unit: int | None = None


class RemoveLayer(msgspec.Struct, tag="remove_layer", forbid_unknown_fields=True):
    """Take a hidden layer out, any of them: 1 for the first. The others keep the weights that still fit."""

    layer: int


class AddPoints(msgspec.Struct, tag="add_points", forbid_unknown_fields=True):
    """Add points of one's own.

    Attributes:
        points: x, y and target of each: a class number, or a value. Where the data has one input, y is the target
            and the third number is not looked at.
        stroke: Points of the same stroke are undone together; any number.
    """

    points: list[tuple[float, float, float]]
    stroke: int = 0


class MovePoint(msgspec.Struct, tag="move_point", forbid_unknown_fields=True):
    """Move a point, built in or one's own; moves of the same stroke are undone together."""

    index: int
    x: float
    y: float
    stroke: int = 0


class ErasePoints(msgspec.Struct, tag="erase_points", forbid_unknown_fields=True):
    """Take points away, built in or one's own."""

    indices: list[int]
    stroke: int = 0


class UndoPoints(msgspec.Struct, tag="undo_points", forbid_unknown_fields=True):
    """Take back the last thing that was done to the points by hand."""


class UseTable(msgspec.Struct, tag="use_table", forbid_unknown_fields=True):
    """Learn from the table that was uploaded last, in this way; see playground.data.tables.TableChoice."""

    target: int
    inputs: list[int]
    kinds: list[str]
    missing: str
    scaling: str


class Share(msgspec.Struct, tag="share", forbid_unknown_fields=True):
    """What is the link that holds the trained weights, too?"""


class Ask(msgspec.Struct, tag="ask", forbid_unknown_fields=True):
    """What does every neuron answer at this place of the picture? 0 to 1, rightwards and upwards."""

    across: float
    up: float


AnyCommand = (
    Play
    | Pause
    | Step
    | Reset
    | Change
    | Load
    | Pace
    | Edit
    | Freeze
    | RemoveLayer
    | AddPoints
    | MovePoint
    | ErasePoints
    | UndoPoints
    | UseTable
    | Share
    | Ask
)


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
    message: Told


def refusal_of(error: PlaygroundError) -> Refusal:
    """Return what an error tells."""
    return Refusal(getattr(error, "field", ""), told(error.sentence))


def notes_of(link: Link) -> list[Refusal]:
    """Return what there is to tell about a link that is opened."""
    ignored = [
        (note.field, say("{what} That part of the link is ignored.", what=note.message)) for note in link.unclear
    ]
    return [Refusal(field, told(message)) for field, message in [*link.notes, *ignored]]


NO_SEQ = 0
"""The number of an answer to something that has none of its own."""


class Answer(msgspec.Struct, omit_defaults=True):
    """What became of an open or a command.

    Attributes:
        seq: The number that the browser gave it.
        refusal: Why nothing was changed, or null if it was done.
        notes: After an open or a load, what was done otherwise than asked: parts of the link that could not be used.
        token: After an open, the key by which this browser finds its run again.
        page: After an open or a load, what another page's link says of the page itself, as keys of our link.
        link: After a share, the link with the weights.
        reading: After an ask, what each neuron answers there, layer by layer, inputs first.
    """

    seq: int
    refusal: Refusal | None = None
    notes: list[Refusal] = []
    token: str | None = None
    page: str = ""
    link: str = ""
    reading: list[list[float]] = []


class UploadAnswer(msgspec.Struct, omit_defaults=True):
    """What became of a file that was uploaded: either of the two.

    Attributes:
        preview: What the table holds and how it could be used; the run keeps it for a UseTable.
        refusal: Why nothing was changed.
    """

    preview: TablePreview | None = None
    refusal: Refusal | None = None


class RunAnswer(msgspec.Struct, omit_defaults=True):
    """What became of a saved run that was to be opened.

    Attributes:
        notes: What is not as it was when it was saved.
        refusal: Why nothing was changed.
    """

    notes: list[Refusal] = []
    refusal: Refusal | None = None


class Input(msgspec.Struct):
    """Something that the network can be fed.

    Attributes:
        kind: A registered input feature, a measurement of the data, or a typed formula.
        name: The feature's name, the measurement's number, or the formula's text.
        label: For people.
    """

    kind: Literal["feature", "column", "formula"]
    name: str
    label: Told


class Experiment(msgspec.Struct):
    """What is trained now.

    Attributes:
        revision: Grows with each change of the network or its data; a frame names the one it shows.
        config: Every setting.
        link: The settings that differ from their defaults, as the URL holds them.
        link_lacks: What the link cannot hold, in a sentence, or "".
        problem: "binary", "multiclass" or "regression".
        data_label: Name of the data set, or of the table.
        inputs: The network's inputs, in order.
        layers: Units of each layer: inputs, hidden layers, outputs.
        activations: Name of each layer's activation, from the first hidden layer to the output.
        thresholds: The answer above which a neuron counts as on, for each of these layers.
        loss: Label of the loss in use.
        suits: Of each setting of which not every choice makes sense now, the names that do.
        parameters: Number of weights and biases.
        frozen: 1 for each weight and bias that is not trained, in the order of the measurement "weights"; empty if
            all are trained.
    """

    revision: int
    config: dict[str, Any]
    link: str
    link_lacks: Told
    problem: str
    data_label: Told
    inputs: list[Input]
    layers: list[int]
    activations: list[str]
    thresholds: list[float]
    loss: Told
    suits: dict[str, list[str]]
    parameters: int
    frozen: bytes


class Points(msgspec.Struct):
    """Samples as drawn, each array as long as there are samples.

    Attributes:
        index: Number of each sample, by which commands name it; those added by hand come last, uint32.
        x: Across, as a share of the picture's domain: 0 at its left edge, 1 at its right one, float32.
        y: Upwards, as a share of it: 0 at its lower edge, 1 at its upper one, float32.
        target: Class number or value, float32.
    """

    index: bytes
    x: bytes
    y: bytes
    target: bytes


class Data(msgspec.Struct):
    """The points, and the plane they are drawn in.

    Attributes:
        classes: Name of each class, or none for regression.
        columns: Name of each measurement.
        target: What is to be predicted.
        projection: How samples become points of the picture: a name of that registry.
        axes: What is drawn across and upwards.
        curve: Whether there is one input: the picture is then the answer as a curve over it, and points have their
            target as y.
        domain: [[x_low, x_high], [y_low, y_high]] in the data's units.
        value_range: Values at the two ends of the colour scale of the output.
        slice: For inputs that are not drawn: at which values the picture is computed, in words, or "".
        editable: Whether points can be added and moved by hand.
        drawn_from: How many samples the data set itself has; those of a greater number were added by hand.
        train: The points to learn from.
        test: The points to test with.
        offered: All that the network can be fed, fed or not, in the order of the page.
        input_side: Pixels along each side of an input's map.
        input_maps: Of each input that is offered, over the plane: uint8 (maps, side, side), 128 is 0.
        input_scales: The magnitude that 1 and 255 stand for, float32 (maps,).
    """

    classes: list[Told]
    columns: list[Told]
    target: Told
    projection: str
    axes: list[Told]
    curve: bool
    domain: list[list[float]]
    value_range: list[float]
    slice: Told
    editable: bool
    drawn_from: int
    train: Points
    test: Points
    offered: list[Input]
    input_side: int
    input_maps: bytes
    input_scales: bytes


class State(msgspec.Struct):
    """How the run is going.

    Attributes:
        playing: Whether it trains.
        epoch: Passes over the training set so far.
        step: Updates so far.
        samples_seen: Samples of the present epoch that have been trained on; 0 between epochs.
        last_batch: Numbers of the samples that the last single step looked at; empty otherwise.
        pace: Epochs or updates a second that were asked for, or null for as fast as possible.
        pace_unit: Which of the two.
        stopped: Why it stopped by itself and what to try, or "".
        stopped_by: "" or "divergence", "epoch", "loss", "plateau".
        undoable: Whether something done to the points by hand can be taken back.
    """

    playing: bool
    epoch: int
    step: int
    samples_seen: int
    last_batch: list[int]
    pace: float | None
    pace_unit: Literal["step", "epoch"]
    stopped: Told
    stopped_by: str
    undoable: bool


class Mark(msgspec.Struct):
    """Something that was changed while the run was under way."""

    epoch: float
    text: Told


class Update(msgspec.Struct, omit_defaults=True):
    """What has changed of a run; parts that have not are left out.

    Attributes:
        history: Rows of HISTORY_COLUMNS, float32; they replace what the browser has.
        marks: What was changed at which epoch, all of it; the most recent `MAX_MARKS`.
    """

    experiment: Experiment | None = None
    data: Data | None = None
    state: State | None = None
    history: bytes | None = None
    marks: list[Mark] | None = None


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
        samples_seen: Samples of the present epoch that have been trained on; 0 between epochs.
        epochs_per_second: The pace measured over the last second.
        learning_rate: The present one, as a schedule has it.
        parts: The arrays in the payload, float32 ones first.
        payload: The arrays one after the other, compressed with zlib.
    """

    number: int
    revision: int
    epoch: int
    step: int
    samples_seen: int
    epochs_per_second: float
    learning_rate: float
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
        known = ", ".join(FROM_BROWSER)
        raise ProtocolError(say("Unknown message {event}; known are: {known}.", event=f"{event!r:.40}", known=known))
    try:
        return msgspec.convert(message, FROM_BROWSER[event])
    except msgspec.ValidationError as error:
        text = say("The message {event} was not understood: {error}.", event=repr(event), error=str(error))
        raise ProtocolError(text) from error


def typescript() -> str:
    """Return the declarations of every message and of the catalogue, for static/js/protocol.d.ts."""
    pending: list[Any] = [
        *FROM_BROWSER.values(),
        *TO_BROWSER.values(),
        UploadAnswer,
        RunAnswer,
        catalogue.Catalogue,
        catalogue.HelpBook,
    ]
    blocks: dict[str, str] = {}
    while pending:
        struct = pending.pop(0)
        if struct.__name__ in blocks:
            continue
        info = msgspec.inspect.type_info(struct)
        assert isinstance(info, msgspec.inspect.StructType | msgspec.inspect.DataclassType)
        hints = typing.get_type_hints(struct)
        form = getattr(struct, "__struct_config__", None)  # a dataclass has none
        members = [f'  type: "{form.tag}";'] if form and form.tag is not None else []
        for item in info.fields:
            # What the server may leave out; a browser may leave out what has a default.
            optional = "?" if form and form.omit_defaults and not item.required else ""
            members.append(f"  {item.name}{optional}: {_typescript(hints[item.name], pending)};")
        if form and form.array_like:
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
    if hint == Told:
        return "string"  # said in the page's language as soon as it comes: lib/words.js
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
        case builtin if builtin is list or arguments[1:] == (Ellipsis,):
            inside = _typescript(arguments[0], pending)
            return f"({inside})[]" if "|" in inside else f"{inside}[]"
        case builtin if builtin is tuple:
            return f"[{', '.join(_typescript(argument, pending) for argument in arguments)}]"
        case builtin if builtin is dict:
            return f"Record<string, {_typescript(arguments[1], pending)}>"
    pending.append(hint)
    return str(hint.__name__)


if __name__ == "__main__":
    print(typescript(), end="")
