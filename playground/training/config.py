"""What an experiment is: one frozen value that a browser, a link, a file and a script share.

The settings and a learner's limits are declared here and nowhere else; fields of the page, keys of the link,
checks and error messages all come from `SETTINGS`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, quote

from playground.data import DATASETS, FEATURES
from playground.errors import InvalidValueError
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS
from playground.registry import Parameter, shown
from playground.training.problems import PROBLEMS
from playground.training.settings import Choice, Names, Number, Numbers, Options, Setting, Switch

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 64
MAX_SAMPLES = 5_000
MAX_SEED = 2**31 - 1

_MAX_LINK_NOTES = 20
_RATES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def _seed(name: str, label: str, help: str) -> Number:
    return Number(Parameter(name, label, 1, 0, MAX_SEED, integer=True, help=help))


SETTINGS: tuple[Setting, ...] = (
    Choice("dataset", "Data set", DATASETS, help="Where the points come from."),
    Number(
        Parameter(
            "samples",
            "Points",
            500,
            10,
            MAX_SAMPLES,
            step=10,
            integer=True,
            help="How many points are drawn, training and test together.",
        )
    ),
    Number(
        Parameter(
            "noise",
            "Noise",
            0.15,
            0,
            0.5,
            step=0.01,
            help="How far points are moved at random; more noise moves the same points further.",
        )
    ),
    Number(
        Parameter(
            "train_share",
            "Training share",
            0.5,
            0.1,
            0.9,
            step=0.05,
            unit="%",
            help="The share of the points that the network learns from; the others only test it.",
        )
    ),
    Numbers(
        "axes",
        "Drawn measurements",
        Parameter("axes", "Drawn measurement", 0, 0, 99, integer=True),
        minimum_length=2,
        maximum_length=2,
        too_long="Drawn measurements must be two: the one drawn across and the one drawn upwards.",
        automatic=True,
        help="The two measurements that the picture shows, across and upwards.",
    ),
    Switch(
        "all_measurements",
        "Feed all measurements",
        help="Whether the network also gets the measurements that are not drawn.",
    ),
    Names("features", "Input features", FEATURES, help="What the network is shown of each point."),
    Numbers(
        "hidden",
        "Hidden layers",
        Parameter("units", "Neurons in a hidden layer", 2, 1, MAX_UNITS, integer=True),
        minimum_length=0,
        maximum_length=MAX_HIDDEN_LAYERS,
        too_long=f"A network here has at most {MAX_HIDDEN_LAYERS} hidden layers.",
        help="How many neurons each hidden layer has, from the input to the output.",
    ),
    Choice(
        "activation",
        "Activation",
        ACTIVATIONS.subset(lambda entry: entry.traits["hidden"]),
        help="The function that each hidden neuron applies to its weighted sum.",
    ),
    Choice("initializer", "Initial weights", INITIALIZERS, help="How the first weights are drawn."),
    Choice(
        "loss",
        "Loss",
        LOSSES.subset(lambda entry: bool(entry.traits["problems"])),
        automatic="Automatic",
        help="What training makes small; automatic takes the one that suits the data.",
    ),
    Choice("optimizer", "Optimizer", OPTIMIZERS, help="How gradients become changes of the weights."),
    Number(
        Parameter(
            "learning_rate",
            "Learning rate",
            0.1,
            1e-6,
            10,
            choices=(0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
            help="How far each update moves the weights: small is slow, large is unsteady.",
        )
    ),
    Options("optimizer_options", "Optimizer options", OPTIMIZERS, of="optimizer", elsewhere=("learning_rate",)),
    Number(
        Parameter(
            "batch_size",
            "Batch size",
            10,
            1,
            MAX_SAMPLES,
            integer=True,
            choices=(1, 2, 5, 10, 20, 30, 50, 100, 250, 500),
            help="How many training points each update looks at.",
        )
    ),
    Choice(
        "regularization",
        "Regularization",
        REGULARIZERS,
        automatic="None",
        help="A charge on large weights, which keeps the boundary simple.",
    ),
    Number(
        Parameter(
            "regularization_rate",
            "Regularization rate",
            0,
            0,
            10,
            step=0.0001,
            choices=_RATES,
            help="How much large weights cost.",
        )
    ),
    _seed("data_seed", "Data seed", "Another number draws other points."),
    _seed("split_seed", "Split seed", "Another number parts the points otherwise into training and test."),
    _seed("weights_seed", "Weights seed", "Another number draws other first weights."),
    _seed("shuffle_seed", "Shuffle seed", "Another number takes the training points in another order."),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
_OPTIONS = next(setting for setting in SETTINGS if isinstance(setting, Options))

# A change of these draws the first weights anew and counts epochs from 0; every other change trains on.
START_OVER = frozenset({"dataset", "axes", "initializer", "weights_seed"})


class LinkNote(NamedTuple):
    """Something in a link that could not be used.

    Attributes:
        field: The setting, or the unknown key.
        message: What was wrong, and what is accepted.
    """

    field: str
    message: str


@dataclass(frozen=True)
class ExperimentConfig:
    """Everything that determines an experiment; the same config gives the same run everywhere.

    The meaning and range of each field is its entry in `SETTINGS`.

    Raises:
        InvalidValueError: If a field is out of range or two fields do not fit together.
    """

    dataset: str = "moons"
    samples: int = 500
    noise: float = 0.15
    train_share: float = 0.5
    axes: tuple[int, int] | None = None
    all_measurements: bool = True
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[int, ...] = (4, 2)
    activation: str = "tanh"
    initializer: str = "glorot_uniform"
    loss: str | None = None
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    optimizer_options: Mapping[str, float] = field(default_factory=dict)
    batch_size: int = 10
    regularization: str | None = None
    regularization_rate: float = 0.0
    data_seed: int = 1
    split_seed: int = 1
    weights_seed: int = 1
    shuffle_seed: int = 1

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            object.__setattr__(self, setting.name, setting.check(getattr(self, setting.name)))
        object.__setattr__(self, "optimizer_options", _OPTIONS.check(self.optimizer_options, self.optimizer))
        self._check_axes()
        if not self.features and not self.extra_columns:
            raise InvalidValueError("The network needs at least one input feature; choose one.", "features")
        loss = self.loss_entry
        if self.problem not in loss.traits["problems"]:
            fitting = ", ".join(entry.name for entry in LOSSES if self.problem in entry.traits["problems"])
            raise InvalidValueError(
                f"{loss.label} does not suit {DATASETS[self.dataset].label}; choose one of: {fitting}.", "loss"
            )

    def _check_axes(self) -> None:
        columns = DATASETS[self.dataset].traits["columns"]
        if self.axes is None:
            return
        if self.axes[0] == self.axes[1] or max(self.axes) >= len(columns):
            raise InvalidValueError(
                f"Drawn measurements must be two different columns from 0 to {len(columns) - 1}, "
                f"got {self.axes[0]} and {self.axes[1]}.",
                "axes",
            )
        if self.axes == DATASETS[self.dataset].traits["axes"]:
            object.__setattr__(self, "axes", None)

    @property
    def problem(self) -> str:
        """What kind of target is learned: "binary", "multiclass" or "regression"."""
        classes = DATASETS[self.dataset].traits["classes"]
        return ("regression", "", "binary")[len(classes)] if len(classes) <= 2 else "multiclass"

    @property
    def loss_entry(self) -> Any:
        """The loss's registry entry: the chosen one, or the one that suits the problem best."""
        return LOSSES[self.loss or PROBLEMS[self.problem].loss]

    @property
    def drawn(self) -> tuple[int, int]:
        """The columns drawn across and up."""
        return self.axes or DATASETS[self.dataset].traits["axes"]

    @property
    def extra_columns(self) -> tuple[int, ...]:
        """The columns that are fed to the network without being drawn."""
        columns = range(len(DATASETS[self.dataset].traits["columns"]))
        return tuple(column for column in columns if column not in self.drawn) if self.all_measurements else ()

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Return this config with other values for some fields.

        What a new data set or optimizer makes meaningless goes back to its default, unless it is changed as well.

        Raises:
            InvalidValueError: If a name is unknown or the result is not valid.
        """
        for name in changes:
            if name not in BY_NAME:
                raise InvalidValueError(f"There is no setting called {shown(name)}.", str(name))
        follow: dict[str, Any] = {}
        if changes.get("dataset", self.dataset) != self.dataset:
            follow |= {"axes": None, "loss": None}
        if changes.get("optimizer", self.optimizer) != self.optimizer:
            follow |= {"optimizer_options": {}}
        return replace(self, **(follow | dict(changes)))

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the config that `to_json` gave; fields that are missing have their defaults."""
        return cls().changed(values)

    def to_link(self) -> str:
        """Return the fields that differ from their defaults as "name=value&…", readable and in a fixed order."""
        default = type(self)()
        pairs: list[tuple[str, str]] = []
        for setting in SETTINGS:
            value = getattr(self, setting.name)
            if setting is _OPTIONS:
                pairs += [(name, repr(number)) for name, number in value.items()]
            elif value != getattr(default, setting.name):
                pairs.append((setting.name, setting.write(value)))
        return "&".join(f"{name}={quote(text, safe=',.+-')}" for name, text in pairs)

    @classmethod
    def from_link(cls, link: str) -> tuple[Self, list[LinkNote]]:
        """Return the config that a link describes, and what in it could not be used.

        A link may hold anything: each key that is unknown or whose value is not accepted is reported
        and falls back to its default.
        """
        notes: list[LinkNote] = []
        given: dict[str, Any] = {}
        options: dict[str, Any] = {}
        option_names = {p.name for entry in OPTIMIZERS for p in entry.parameters} - set(_OPTIONS.elsewhere)
        for key, text in parse_qsl(link.lstrip("#?"), keep_blank_values=True, errors="replace"):
            try:
                if key in option_names:
                    options[key] = Number(Parameter(key, key, 0, -1e9, 1e9)).read(text)
                elif key in BY_NAME:
                    given[key] = BY_NAME[key].read(text)
                else:
                    notes.append(LinkNote(key, f"The link has an unknown key {shown(key)}."))
            except InvalidValueError as error:
                notes.append(LinkNote(key, str(error)))
        if options:
            given["optimizer_options"] = options
        config = cls._as_far_as_valid(given, notes)
        if len(notes) > _MAX_LINK_NOTES:
            more = len(notes) - _MAX_LINK_NOTES
            notes[_MAX_LINK_NOTES:] = [LinkNote("", f"{more} further parts of the link were not understood either.")]
        return config, notes

    @classmethod
    def _as_far_as_valid(cls, given: dict[str, Any], notes: list[LinkNote]) -> Self:
        """Return the config of the given fields, less those that do not fit together, which are reported."""
        while True:
            try:
                return cls(**given)
            except InvalidValueError as error:
                options = given.get(_OPTIONS.name, {})
                at = options if error.field in options else given
                blamed = error.field if error.field in at else next(iter(at))
                notes.append(LinkNote(blamed, str(error)))
                del at[blamed]


assert [f.name for f in fields(ExperimentConfig)] == [setting.name for setting in SETTINGS]
