"""TensorFlow Playground's links, as settings of ours that make the same experiment.

Its algorithm is that of nn.ts: plain gradient descent in a fixed order on half the squared error, from weights evenly
spread and biases of 0.1. Where something cannot be the same here, a note says which.

Reference: tensorflow/playground, src/state.ts, for the keys and for what becomes of broken values.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import unquote

from playground.data import FEATURES
from playground.errors import UnknownNameError
from playground.registry import Parameter, shown
from playground.sentences import say
from playground.training.link_notes import LinkNote
from playground.training.setting_kinds import Number, Numbers
from playground.training.settings import BY_NAME, MAX_HIDDEN_LAYERS

SEED = "0.50000"
"""The seed of a link that has none, for which TensorFlow Playground draws one at each visit."""

_ALGORITHM = {
    "optimizer": "sgd",
    "loss": "half_squared_error",
    "shuffle": False,
    "penalty_in_loss": False,
}
_DATASETS = {"circle": "circle", "xor": "xor", "gauss": "gaussians", "spiral": "spiral"}
_REGRESSION_DATASETS = {"reg-plane": "plane", "reg-gauss": "bumps"}
_SAMPLES, _REGRESSION_SAMPLES = 500, 1200
_ACTIVATIONS = {name: name for name in ("relu", "tanh", "sigmoid", "linear")}
_REGULARIZATIONS = {"none": None, "L1": "l1", "L2": "l2"}
_PROBLEMS = {"classification": False, "regression": True}
_FEATURES = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1_squared",
    "ySquared": "x2_squared",
    "xTimesY": "x1_x2",
    "sinX": "sin_x1",
    "sinY": "sin_x2",
}
_DEAD_FEATURES = {"cosX": "cos_x1", "cosY": "cos_x2"}
_FED_AT_FIRST = ("x", "y")
_HIDE = "_hide"
_CONTROLS = {
    "showTestData": "show_test",
    "discretize": "discretize",
    "playButton": "play",
    "stepButton": "step",
    "resetButton": "reset",
    "learningRate": "learning_rate",
    "activation": "activation",
    "regularization": "regularization",
    "regularizationRate": "regularization_rate",
    "dataset": "dataset",
    "percTrainData": "train_share",
    "noise": "noise",
    "batchSize": "batch_size",
    "numHiddenLayers": "layers",
    **{theirs: f"input.{ours}" for theirs, ours in {**_FEATURES, **_DEAD_FEATURES}.items()},
}
_NO_CONTROLS = ("problem",)  # the data set says whether it is a regression
_NO_MATTER = ("collectStats", "hideText")
_KEYS = frozenset(
    {
        *("activation", "regularization", "regularizationRate", "learningRate", "batchSize", "networkShape"),
        *("dataset", "regDataset", "problem", "noise", "percTrainData", "seed", "initZero", "tutorial"),
        *("showTestData", "discretize"),
        *_FEATURES,
        *_DEAD_FEATURES,
        *_NO_MATTER,
    }
)
_KEYS_OF_BOTH = frozenset({"activation", "regularization", "dataset", "noise", "discretize"})
_MOST_NOISE, _NOISE_BEYOND = 80, 50


class Translation(NamedTuple):
    """What a link of theirs says.

    Attributes:
        settings: Values of our settings.
        page: What it says of the page itself, as keys of our link: "show_test=true&hide=play,step".
        notes: What cannot be the same here.
        unclear: What could not be used.
    """

    settings: dict[str, Any]
    page: str
    notes: list[LinkNote]
    unclear: list[LinkNote]


def is_theirs(link: str) -> bool:
    """Whether a link, without "#", has keys that only TensorFlow Playground has, and none that only we have."""
    keys = set(_texts(link))
    own = {key for key in keys if key.partition(".")[0] in BY_NAME}
    theirs = {key for key in keys if key in _KEYS or key.endswith(_HIDE)}
    return bool(theirs - _KEYS_OF_BOTH) and not own - _KEYS_OF_BOTH


def translate(link: str) -> Translation:
    """Return what a link of theirs, without "#", says."""
    reader = _Reader(_texts(link))
    settings = _settings(reader)
    _note_differences(reader, settings)
    page = _page(reader)
    for key in reader.texts:
        if key not in _KEYS and not key.endswith(_HIDE):
            reader.unclear.append(LinkNote(key, say("The link has an unknown key {key}.", key=shown(key))))
    return Translation(settings, page, reader.notes, reader.unclear)


def _texts(link: str) -> dict[str, str]:
    """Return the text of each key as their page has it: the last one counts."""
    pairs = [part.partition("=") for part in link.split("&") if part]
    return {key: text.partition("=")[0] for key, _, text in pairs}


class _Reader:
    """Reads texts as their page does, and notes what cannot be used."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.notes: list[LinkNote] = []
        self.unclear: list[LinkNote] = []

    def text(self, key: str) -> str:
        """Return the text of a key, "" where there is none."""
        return unquote(self.texts.get(key, "")).strip()

    def word(self, key: str, known: Mapping[str, Any], default: Any) -> Any:
        """Return what one of the known words stands for."""
        text = self.text(key)
        if text and text not in known:
            kind = say("value of {key}", key=key)
            self.unclear.append(LinkNote(key, UnknownNameError(kind, text, known).sentence))
        return known.get(text, default)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a switch: anything but "false" is on."""
        text = self.text(key)
        return text != "false" if text else default

    def number(self, key: str, default: float) -> float:
        """Return a finite number."""
        (number,) = self._numbers(key, [self.text(key)] if self.text(key) else [], (default,))
        return number

    def numbers(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """Return a list of finite numbers, which may be empty."""
        if key not in self.texts:
            return default
        text = self.text(key)
        return self._numbers(key, text.split(","), default) if text else ()

    def _numbers(self, key: str, texts: list[str], default: tuple[float, ...]) -> tuple[float, ...]:
        if not texts:
            return default
        try:
            numbers = tuple(float(text.replace("_", "?")) for text in texts)  # Python alone takes 1_000
        except ValueError:
            numbers = ()
        if not numbers or not all(map(isfinite, numbers)):
            text = say("{key} must be a number, or several, got {value}.", key=key, value=shown(self.text(key)))
            self.unclear.append(LinkNote(key, text))
            return default
        return numbers

    def fitted(self, name: str, number: float, parameter: Parameter | None = None, per: float = 1) -> float:
        """Return a number of theirs, divided by `per`, or the nearest that a setting of ours accepts.

        A note then tells both as they would write them.
        """
        setting = BY_NAME[name]
        if parameter is None:
            assert isinstance(setting, Number)
            parameter = setting.parameter
        fitting = min(max(number / per, parameter.minimum), parameter.maximum)
        if parameter.integer:
            fitting = round(fitting)
        if fitting != number / per:
            self.note(
                name,
                say(
                    "{setting}: {theirs} cannot be had here; it is {ours} instead.",
                    setting=parameter.label,
                    theirs=number,
                    ours=fitting * per,
                ),
            )
        return fitting

    def note(self, field: str, message: str) -> None:
        """Note what cannot be the same here."""
        self.notes.append(LinkNote(field, message))


def _settings(reader: _Reader) -> dict[str, Any]:
    regression = reader.word("problem", _PROBLEMS, False)
    dataset = (
        reader.word("regDataset", _REGRESSION_DATASETS, "plane")
        if regression
        else reader.word("dataset", _DATASETS, "circle")
    )
    noise = reader.number("noise", 0)
    noise = max(noise, 0) if noise <= _MOST_NOISE else _NOISE_BEYOND  # as they do
    zero = reader.flag("initZero")
    seed = reader.texts.get("seed", "")
    return {
        **_ALGORITHM,
        "dataset": dataset,
        "samples": _REGRESSION_SAMPLES if regression else _SAMPLES,
        "noise": noise / 100,
        "train_share": reader.fitted("train_share", reader.number("percTrainData", 50), per=100),
        "features": [ours for theirs, ours in _FEATURES.items() if reader.flag(theirs, theirs in _FED_AT_FIRST)],
        "hidden": _hidden(reader),
        "activation": reader.word("activation", _ACTIVATIONS, "tanh"),
        "output_activation": None if regression else "tanh",
        "initializer": "zeros" if zero else "tf_playground",
        "bias": 0.0 if zero else 0.1,
        "learning_rate": reader.fitted("learning_rate", reader.number("learningRate", 0.03)),
        "batch_size": reader.fitted("batch_size", reader.number("batchSize", 10)),
        "tf_seed": seed if seed.strip() else SEED,
        **_regularization(reader),
    }


def _hidden(reader: _Reader) -> list[float]:
    shape = reader.numbers("networkShape", (4, 2))
    if len(shape) > MAX_HIDDEN_LAYERS:
        text = say(
            "A network here has at most {most} hidden layers; the last of {layers} are left out.",
            most=MAX_HIDDEN_LAYERS,
            layers=len(shape),
        )
        reader.note("hidden", text)
    units = BY_NAME["hidden"]
    assert isinstance(units, Numbers)
    return [reader.fitted("hidden", number, units.item) for number in shape[:MAX_HIDDEN_LAYERS]]


def _regularization(reader: _Reader) -> dict[str, Any]:
    kind = reader.word("regularization", _REGULARIZATIONS, None)
    rate = reader.number("regularizationRate", 0)
    if kind is None:
        return {}
    if kind == "l1" and rate:
        text = say(
            "L1 of TensorFlow Playground silences for good a weight that it brings to 0; here it can learn again, so "
            "losses differ after training."
        )
        reader.note("regularization", text)
    # Their charge for a weight w is w² / 2.
    return {
        "regularization": kind,
        "regularization_rate": reader.fitted("regularization_rate", rate, per=2 if kind == "l2" else 1),
    }


def _note_differences(reader: _Reader, settings: Mapping[str, Any]) -> None:
    """Note what else cannot be the same."""
    train, batch = int(settings["samples"] * settings["train_share"] + 1e-9), settings["batch_size"]
    if train % batch:
        text = say(
            "A batch of {batch} does not divide {train} training points: TensorFlow Playground takes the rest into the "
            "next epoch, where here it is a smaller batch, so losses differ after training.",
            batch=batch,
            train=train,
        )
        reader.note("batch_size", text)
    for theirs, ours in _DEAD_FEATURES.items():
        if reader.flag(theirs):
            text = say(
                "{input} has no effect in TensorFlow Playground, and is left out here.",
                input=FEATURES[ours].label,
            )
            reader.note("features", text)
    if tutorial := reader.text("tutorial"):
        reader.note("", say("The tutorial {name} is not part of this page.", name=shown(tutorial)))


def _page(reader: _Reader) -> str:
    """Return what a link says of the page, as keys of ours."""
    hidden: list[str] = []
    for key, text in reader.texts.items():
        name = key.removesuffix(_HIDE)
        if name == key or text != "true" or name in _NO_CONTROLS:
            continue
        if name in _CONTROLS:
            hidden.append(_CONTROLS[name])
        else:
            text = say("The link hides {name}, which is not known.", name=shown(name))
            reader.unclear.append(LinkNote(key, text))
    shows = [
        "show_test=true" if reader.flag("showTestData") else "",
        "discretize=true" if reader.flag("discretize") else "",
        f"hide={','.join(hidden)}" if hidden else "",
    ]
    return "&".join(filter(None, shows))
