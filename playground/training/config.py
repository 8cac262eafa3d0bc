"""What an experiment is: one frozen value that a browser, a link, a file and a script share.

The settings and a learner's limits are declared here and nowhere else; fields of the page, keys of the link,
checks, effects and error messages all come from `SETTINGS`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from playground.data import DATASETS, FEATURES, MAX_FORMULAS, TF_DATASETS, DataSpec, Formula, describe
from playground.data.projections import PROJECTIONS
from playground.data.tables import TableSource
from playground.errors import InvalidValueError
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from playground.registry import Parameter, shown
from playground.sentences import say
from playground.training.problems import PROBLEMS, Problem
from playground.training.settings import (
    Choice,
    Effect,
    Given,
    NameList,
    Names,
    Number,
    Numbers,
    Options,
    OwnPoints,
    Setting,
    Switch,
    Text,
    Texts,
)

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 64
MAX_SAMPLES = 5_000
MAX_OWN_POINTS = 2_000
MAX_SEED = 2**31 - 1
MAX_TF_SEED = 60
"""Characters of a seed of TensorFlow Playground's; its own have seven."""

MAX_WEIGHT = 1e6
"""Greatest magnitude of a weight or bias that a person sets."""

FIRST_SEED = 1
"""Each seed, where none is given."""

FEW_COLUMNS = 6
"""Measurements of which two tell enough to be drawn by themselves; of more, the picture shows principal components."""

_RATES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def _seed(name: str, label: str, effect: Effect, help: str) -> Number:
    parameter = Parameter(name, label, FIRST_SEED, 0, MAX_SEED, integer=True, help=help)
    return Number(parameter=parameter, effect=effect, group="chance")


def _share(name: str, label: str, maximum: float, help: str, default: float = 0.0, minimum: float = 0.0) -> Number:
    parameter = Parameter(name, label, default, minimum, maximum, step=0.01, unit="%", help=help)
    return Number(parameter=parameter, effect=Effect.DATA, group="data")


def _table(value: Any) -> TableSource:
    if isinstance(value, TableSource):
        return value
    raise InvalidValueError(
        say("A table of one's own must be uploaded; a link or a message cannot describe it."), "table"
    )


def _table_spec(table: TableSource) -> DataSpec:
    """Return what is known of a table as of any data set."""
    return DataSpec(
        label=table.name,
        columns=table.columns,
        classes=table.classes,
        axes=(0, 1) if len(table.columns) > 1 else (0,),
        domain=None,
        fixed=True,
        scaling=table.scaling,  # type: ignore[arg-type]  # `choose` has checked it
        target=table.target_name,
    )


def _formula(text: str) -> str:
    """Return the text as it came: a sentence that comes later, with the data, counts positions in it."""
    Formula(text, columns=None)
    return text


_HIDDEN_ACTIVATIONS = ACTIVATIONS.subset(lambda entry: entry.traits["hidden"])

SETTINGS: tuple[Setting, ...] = (
    Choice(
        name="dataset",
        label="Data set",
        registry=DATASETS,
        help="Where the points come from.",
        effect=Effect.OTHER_DATA,
    ),
    Options(
        name="dataset_options",
        label="Data set options",
        registry=DATASETS,
        of="dataset",
        effect=Effect.OTHER_DATA,
        group="data",
    ),
    Given(
        name="table",
        label="Own table",
        item=_table,
        automatic="None",
        effect=Effect.OTHER_DATA,
        help="A table of one's own, instead of a data set.",
    ),
    Number(
        parameter=Parameter(
            "samples",
            "Points",
            500,
            10,
            MAX_SAMPLES,
            step=10,
            integer=True,
            help="How many points are drawn, training and test together.",
        ),
        effect=Effect.DATA,
        group="data",
    ),
    Number(
        parameter=Parameter(
            "noise",
            "Noise",
            0.15,
            0,
            0.8,
            step=0.01,
            help="How far points are moved at random; more noise moves the same points further.",
        ),
        effect=Effect.DATA,
        group="data",
    ),
    Number(
        parameter=Parameter(
            "train_share",
            "Training share",
            0.5,
            0.1,
            0.9,
            step=0.05,
            unit="%",
            help="The share of the points that the network learns from; the others only test it.",
        ),
        effect=Effect.DATA,
        group="data",
    ),
    _share(
        "balance",
        "Class balance",
        1,
        "The share of its points that the last class keeps; classes between keep more, the first keeps all.",
        default=1,
        minimum=0.02,
    ),
    _share("label_flips", "Label flips", 0.5, "The share of the points that are given a wrong class."),
    _share("outliers", "Outliers", 0.3, "The share of the points that are thrown anywhere."),
    OwnPoints(
        name="own_points",
        label="Own points",
        longest=MAX_OWN_POINTS,
        effect=Effect.DATA,
        help="Points placed by hand, beside those of the data set.",
    ),
    Numbers(
        name="erased",
        label="Erased points",
        item=Parameter("erased", "Erased point", 0, 0, 100_000, integer=True),
        minimum_length=0,
        maximum_length=MAX_SAMPLES,
        too_long=say("Erased points: at most {most}.", most=MAX_SAMPLES),
        effect=Effect.DATA,
        help="Numbers of the data set's points that are left out.",
    ),
    Choice(
        name="projection",
        label="Picture",
        registry=PROJECTIONS,
        automatic="Automatic",
        effect=Effect.PICTURE,
        group="picture",
        help="What the picture shows of data with more than two measurements.",
    ),
    Numbers(
        name="axes",
        label="Drawn measurements",
        item=Parameter("axes", "Drawn measurement", 0, 0, 999, integer=True),
        minimum_length=2,
        maximum_length=2,
        too_long=say("Drawn measurements must be two: the one drawn across and the one drawn upwards."),
        automatic="As the data set says",
        help="The two measurements that the picture shows, across and upwards.",
        effect=Effect.PICTURE,
        group="picture",
    ),
    Number(
        parameter=Parameter(
            "slice_sample",
            "Slice through",
            0,
            0,
            100_000,
            integer=True,
            help="The sample whose values the measurements that are not drawn have in the picture.",
        ),
        automatic="Medians",
        effect=Effect.PICTURE,
        group="picture",
    ),
    Names(
        name="features",
        label="Input features",
        registry=FEATURES,
        effect=Effect.NETWORK,
        help="What the network is shown of each point.",
    ),
    Numbers(
        name="columns",
        label="Input measurements",
        item=Parameter("columns", "Input measurement", 0, 0, 999, integer=True),
        minimum_length=0,
        maximum_length=1000,
        too_long=say("Input measurements: each once at most."),
        automatic="All",
        help="Which measurements the network is shown, where there are more than two.",
        effect=Effect.NETWORK,
    ),
    Texts(
        name="formulas",
        label="Input formulas",
        item=_formula,
        longest=MAX_FORMULAS,
        effect=Effect.NETWORK,
        help="Inputs that are computed from the measurements x1, x2, …: sin(x1 * x2), for instance.",
    ),
    Numbers(
        name="hidden",
        label="Hidden layers",
        item=Parameter("units", "Neurons in a hidden layer", 2, 1, MAX_UNITS, integer=True),
        minimum_length=0,
        maximum_length=MAX_HIDDEN_LAYERS,
        too_long=say("A network here has at most {most} hidden layers.", most=MAX_HIDDEN_LAYERS),
        help="How many neurons each hidden layer has, from the input to the output.",
        effect=Effect.NETWORK,
    ),
    Choice(
        name="activation",
        label="Activation",
        registry=_HIDDEN_ACTIVATIONS,
        help="The function that each hidden neuron applies to its weighted sum.",
        formula="a = f(z), z = Σ wᵢ · xᵢ + b",
        effect=Effect.NETWORK,
        group="network",
    ),
    NameList(
        name="layer_activations",
        label="Activation of a layer",
        registry=_HIDDEN_ACTIVATIONS,
        longest=MAX_HIDDEN_LAYERS,
        help="The activation of a single hidden layer, where it differs from the others'.",
        effect=Effect.NETWORK,
    ),
    Numbers(
        name="dropout",
        label="Dropout",
        item=Parameter(
            "rate",
            "Dropout",
            0,
            0,
            0.9,
            step=0.05,
            unit="%",
            symbol="p",
            help="The share of a layer's neurons that each update leaves out, at random.",
        ),
        minimum_length=0,
        maximum_length=MAX_HIDDEN_LAYERS,
        too_long=say("Dropout: a share for each of at most {most} hidden layers.", most=MAX_HIDDEN_LAYERS),
        trimmed=True,
        help="The share of each hidden layer's neurons that an update leaves out, at random.",
        formula="a ← a · r / (1 − p)\nP(r = 0) = p, P(r = 1) = 1 − p",
        effect=Effect.NETWORK,
    ),
    Choice(
        name="output_activation",
        label="Output activation",
        registry=ACTIVATIONS.subset(lambda entry: any(entry.name in p.output_activations for p in PROBLEMS.values())),
        automatic="Automatic",
        help="The function of the output neurons; automatic takes the one that suits the data.",
        formula="ŷ = f(z), z = Σ wᵢ · aᵢ + b",
        effect=Effect.NETWORK,
        group="network",
    ),
    Choice(
        name="initializer",
        label="Initial weights",
        registry=INITIALIZERS,
        help="How the first weights are drawn.",
        effect=Effect.FIRST_WEIGHTS,
        group="network",
    ),
    Options(
        name="initializer_options",
        label="Initial weights' options",
        registry=INITIALIZERS,
        of="initializer",
        effect=Effect.FIRST_WEIGHTS,
        group="network",
    ),
    Number(
        parameter=Parameter("bias", "Initial bias", 0, -10, 10, step=0.1, help="What every bias begins with."),
        effect=Effect.FIRST_WEIGHTS,
        group="network",
    ),
    Choice(
        name="loss",
        label="Loss",
        registry=LOSSES.subset(lambda entry: bool(entry.traits["problems"])),
        automatic="Automatic",
        help="What training makes small; automatic takes the one that suits the data.",
        effect=Effect.COMPILE,
        group="training",
    ),
    Options(
        name="loss_options", label="Loss options", registry=LOSSES, of="loss", effect=Effect.COMPILE, group="training"
    ),
    Choice(
        name="optimizer",
        label="Optimizer",
        registry=OPTIMIZERS,
        help="How gradients become changes of the weights.",
        effect=Effect.COMPILE,
        group="training",
    ),
    Number(
        parameter=Parameter(
            "learning_rate",
            "Learning rate",
            0.1,
            1e-6,
            10,
            choices=(0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
            symbol="η",
            help="How far each update moves the weights: small is slow, large is unsteady.",
            formula="w ← w − η · g",
        ),
        effect=Effect.RATES,
        group="training",
    ),
    Options(
        name="optimizer_options",
        label="Optimizer options",
        registry=OPTIMIZERS,
        of="optimizer",
        elsewhere=("learning_rate",),
        effect=Effect.COMPILE,
        group="training",
    ),
    Choice(
        name="schedule",
        label="Schedule",
        registry=SCHEDULES.subset(lambda entry: entry.name != "constant"),
        automatic="Constant rate",
        help="How the learning rate falls as updates are made.",
        effect=Effect.RATES,
        group="training",
    ),
    Options(
        name="schedule_options",
        label="Schedule options",
        registry=SCHEDULES,
        of="schedule",
        elsewhere=("initial_learning_rate",),
        effect=Effect.RATES,
        group="training",
    ),
    Number(
        parameter=Parameter(
            "batch_size",
            "Batch size",
            10,
            1,
            MAX_SAMPLES,
            integer=True,
            choices=(*range(1, 11), 15, 20, 25, 30, 50, 100, 250, 500),
            symbol="B",
            help="How many training points each update looks at.",
            formula="g = (1/B) · Σ gᵢ",
        ),
        effect=Effect.BATCHES,
        group="training",
    ),
    Switch(
        name="shuffle",
        label="Shuffle each epoch",
        effect=Effect.BATCHES,
        group="chance",
        help="Whether each epoch takes the training points in another order.",
    ),
    Choice(
        name="regularization",
        label="Regularization",
        registry=REGULARIZERS,
        automatic="None",
        help="A charge on large weights, which keeps the boundary simple.",
        formula="L + Ω",
        effect=Effect.COMPILE,
        group="training",
    ),
    Number(
        parameter=Parameter(
            "regularization_rate",
            "Regularization rate",
            0,
            0,
            10,
            step=0.0001,
            choices=_RATES,
            symbol="λ",
            help="How much large weights cost.",
            formula="L1: Ω = λ · Σ |w|\nL2: Ω = λ · Σ w²",
        ),
        effect=Effect.RATES,
        group="training",
    ),
    Switch(
        name="penalty_in_loss",
        label="Loss with regularization",
        effect=Effect.NOTHING,
        group="training",
        help="Whether the losses shown include what regularization charges. Training is the same either way.",
    ),
    Number(
        parameter=Parameter(
            "stop_epoch", "Stop at epoch", 100, 1, 100_000_000, integer=True, help="The epoch at which training stops."
        ),
        automatic="Never",
        effect=Effect.NOTHING,
        group="stop",
    ),
    Number(
        parameter=Parameter(
            "stop_loss",
            "Stop at loss",
            0.05,
            0,
            1e6,
            step=0.01,
            help="Training stops once the test loss is as small as this.",
        ),
        automatic="Never",
        effect=Effect.NOTHING,
        group="stop",
    ),
    Number(
        parameter=Parameter(
            "stop_patience",
            "Patience",
            50,
            1,
            1_000_000,
            integer=True,
            unit="epochs",
            help="Training stops once the test loss has not fallen by a thousandth of itself for so many epochs.",
        ),
        automatic="Never",
        effect=Effect.NOTHING,
        group="stop",
    ),
    Text(
        name="tf_seed",
        label="TF Playground's seed",
        longest=MAX_TF_SEED,
        automatic="None",
        effect=Effect.OTHER_DATA,
        group="chance",
        help="Draws the points that TensorFlow Playground has for this seed, in its order, and the first weights of "
        "its kind. A data, split or weights seed other than 1 takes its place.",
    ),
    _seed("data_seed", "Data seed", Effect.DATA, "Another number draws other points."),
    _seed("split_seed", "Split seed", Effect.DATA, "Another number parts the points otherwise into training and test."),
    _seed("weights_seed", "Weights seed", Effect.FIRST_WEIGHTS, "Another number draws other first weights."),
    _seed("shuffle_seed", "Shuffle seed", Effect.BATCHES, "Another number takes the training points in another order."),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
OPTIONS_OF = {setting.of: setting for setting in SETTINGS if isinstance(setting, Options)}
"""The setting that holds the options of a choice, by the name of the choice."""

RENUMBERING = ("samples", "data_seed", "tf_seed", "balance", "dataset_options")
"""Settings whose change gives the data set's points other numbers."""

_RENUMBERED: Mapping[str, Any] = {"erased": (), "slice_sample": None}
OTHER_DATA: Mapping[str, Any] = {
    **_RENUMBERED,
    "own_points": (),
    "axes": None,
    "columns": None,
    "formulas": (),
    "loss": None,
    "output_activation": None,
    "tf_seed": None,
}
"""Settings that make no sense with other data, each with the default that it goes back to."""

# What goes back to its default with a change of these.
_FOLLOW: Mapping[str, Mapping[str, Any]] = {
    "table": OTHER_DATA,
    **dict.fromkeys(RENUMBERING, _RENUMBERED),
    **{of: {setting.name: {}} for of, setting in OPTIONS_OF.items()},
    "dataset": {**OTHER_DATA, "table": None, "dataset_options": {}},
}


@dataclass(frozen=True)
class ExperimentConfig:
    """Everything that determines an experiment; the same config gives the same run everywhere.

    The meaning and range of each field is its entry in `SETTINGS`. A table's samples are not in it, only how they
    are used; they stand beside it.

    Raises:
        InvalidValueError: If a field is out of range or two fields do not fit together.
    """

    dataset: str = "moons"
    dataset_options: Mapping[str, float] = field(default_factory=dict)
    table: TableSource | None = None
    samples: int = 500
    noise: float = 0.15
    train_share: float = 0.5
    balance: float = 1.0
    label_flips: float = 0.0
    outliers: float = 0.0
    own_points: tuple[tuple[float, float, float], ...] = ()
    erased: tuple[int, ...] = ()
    projection: str | None = None
    axes: tuple[int, int] | None = None
    slice_sample: int | None = None
    features: tuple[str, ...] = ("x1", "x2")
    columns: tuple[int, ...] | None = None
    formulas: tuple[str, ...] = ()
    hidden: tuple[int, ...] = (4, 2)
    activation: str = "tanh"
    layer_activations: tuple[str, ...] = ()
    dropout: tuple[float, ...] = ()
    output_activation: str | None = None
    initializer: str = "glorot_uniform"
    initializer_options: Mapping[str, float] = field(default_factory=dict)
    bias: float = 0.0
    loss: str | None = None
    loss_options: Mapping[str, float] = field(default_factory=dict)
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    optimizer_options: Mapping[str, float] = field(default_factory=dict)
    schedule: str | None = None
    schedule_options: Mapping[str, float] = field(default_factory=dict)
    batch_size: int = 10
    shuffle: bool = True
    regularization: str | None = None
    regularization_rate: float = 0.0
    penalty_in_loss: bool = True
    stop_epoch: int | None = None
    stop_loss: float | None = None
    stop_patience: int | None = None
    tf_seed: str | None = None
    data_seed: int = FIRST_SEED
    split_seed: int = FIRST_SEED
    weights_seed: int = FIRST_SEED
    shuffle_seed: int = FIRST_SEED

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            self._set(setting.name, setting.check(getattr(self, setting.name)))
        for of, setting in OPTIONS_OF.items():
            self._set(setting.name, setting.check_for(getattr(self, of), getattr(self, setting.name)))
        for name in ("layer_activations", "dropout"):  # checked once more, as what is now at the end may be a default
            self._set(name, BY_NAME[name].check(getattr(self, name)[: len(self.hidden)]))
        self._set("erased", tuple(sorted(set(self.erased))))
        self._check_picture()
        self._check_inputs()
        self._check_outputs()
        self._check_own_points()
        self._check_tf_seed()

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _check_picture(self) -> None:
        count = len(self.spec.columns)
        if not self.many_columns:
            self._set("axes", None)
        if self.axes is None:
            return
        if self.axes[0] == self.axes[1] or max(self.axes) >= count:
            raise InvalidValueError(
                say(
                    "Drawn measurements must be two different columns from 0 to {last}, got {across} and {up}.",
                    last=count - 1,
                    across=self.axes[0],
                    up=self.axes[1],
                ),
                "axes",
            )
        if self.axes == self.spec.axes:
            self._set("axes", None)

    def _check_inputs(self) -> None:
        count = len(self.spec.columns)
        if self.columns is not None:
            columns = tuple(sorted(set(self.columns)))
            if columns and columns[-1] >= count:
                raise InvalidValueError(
                    say(
                        "Input measurements must be columns from 0 to {last}, got {column}.",
                        last=count - 1,
                        column=columns[-1],
                    ),
                    "columns",
                )
            self._set("columns", None if len(columns) == count else columns)
        try:
            self._set("formulas", tuple(dict.fromkeys(Formula(text, columns=count).text for text in self.formulas)))
        except InvalidValueError as error:
            raise InvalidValueError(error.sentence, "formulas") from error
        if not self.fed_features and not self.fed_columns and not self.formulas:
            field = "columns" if self.many_columns else "features"
            raise InvalidValueError(say("The network needs at least one input; choose one."), field)

    def _check_outputs(self) -> None:
        label = self.spec.label
        if self.output_entry.name not in self.kind.output_activations:
            raise InvalidValueError(
                say(
                    "{activation} at the output does not suit {data}; choose one of: {fitting}.",
                    activation=self.output_entry.label,
                    data=label,
                    fitting=", ".join(self.kind.output_activations),
                ),
                "output_activation",
            )
        if self.loss_entry.name not in self.fitting_losses:
            raise InvalidValueError(
                say(
                    "{loss} does not suit {data} with {activation} at the output; choose one of: {fitting}.",
                    loss=self.loss_entry.label,
                    data=label,
                    activation=self.output_entry.label,
                    fitting=", ".join(self.fitting_losses),
                ),
                "loss",
            )

    def _check_own_points(self) -> None:
        if not self.own_points:
            return
        if self.many_columns:
            raise InvalidValueError(
                say(
                    "Points can be placed by hand in data of at most two measurements; {data} has more.",
                    data=self.spec.label,
                ),
                "own_points",
            )
        classes = len(self.spec.classes)
        for *_, target in self.own_points if classes else ():
            if target not in range(classes):
                raise InvalidValueError(
                    say(
                        "Own points: the class must be a whole number from 0 to {last}, got {target}.",
                        last=classes - 1,
                        target=target,
                    ),
                    "own_points",
                )

    def _check_tf_seed(self) -> None:
        if self.tf_seed is not None and (self.table or self.dataset not in TF_DATASETS):
            raise InvalidValueError(
                say(
                    "A seed of TensorFlow Playground's draws its own data sets only, not {data}; "
                    "choose one of: {names}.",
                    data=self.spec.label,
                    names=", ".join(TF_DATASETS),
                ),
                "tf_seed",
            )

    # ------------------------------------------------------------ what follows

    @cached_property
    def spec(self) -> DataSpec:
        """What is known of the data without their samples."""
        return _table_spec(self.table) if self.table else describe(self.dataset, self.dataset_options)

    @property
    def tf_points(self) -> bool:
        """Whether the points are those of `tf_seed`."""
        return self.tf_seed is not None and self.data_seed == FIRST_SEED

    @property
    def tf_split(self) -> bool:
        """Whether the first of the points of `tf_seed` are for training, as in TensorFlow Playground."""
        return self.tf_points and self.split_seed == FIRST_SEED

    @property
    def tf_weights(self) -> bool:
        """Whether the first weights are those of `tf_seed`."""
        kind = self.initializer == "tf_playground"
        return self.tf_seed is not None and kind and self.weights_seed == FIRST_SEED

    @property
    def problem(self) -> str:
        """What kind of target is learned: a key of PROBLEMS."""
        return self.spec.problem

    @property
    def kind(self) -> Problem:
        """What the kind of problem asks of the last layer."""
        return PROBLEMS[self.problem]

    @property
    def output_entry(self) -> Any:
        """The output activation's registry entry: the chosen one, or the one that suits the problem best."""
        return ACTIVATIONS[self.output_activation or self.kind.output_activations[0]]

    @property
    def fitting_losses(self) -> tuple[str, ...]:
        """Names of the losses that suit the problem and the output activation."""
        output = self.output_entry
        return tuple(
            entry.name
            for entry in LOSSES
            if self.problem in entry.traits["problems"]
            and (not entry.traits["outputs"] or output.name in entry.traits["outputs"])
            and entry.name in output.traits.get("losses", (entry.name,))
        )

    @property
    def loss_entry(self) -> Any:
        """The loss's registry entry: the chosen one, or the one that suits problem and outputs best."""
        suits = self.kind.loss if self.kind.loss in self.fitting_losses else self.fitting_losses[0]
        return LOSSES[self.loss or suits]

    @property
    def many_columns(self) -> bool:
        """Whether there are more measurements than a picture has directions."""
        return len(self.spec.columns) > 2

    @property
    def shown_projection(self) -> str:
        """Name of the projection in use: the chosen one, or of many measurements their principal components."""
        count = len(self.spec.columns)
        if count <= 2:
            return "columns"
        return self.projection or ("columns" if count <= FEW_COLUMNS else "principal_components")

    @property
    def drawn(self) -> tuple[int, ...]:
        """The columns drawn across and up; the only one, where there is only one."""
        return self.axes or self.spec.axes

    @property
    def offered_features(self) -> tuple[str, ...]:
        """The input features that can be fed: none of many measurements, and those of x₂ need a second one."""
        if self.many_columns:
            return ()
        known = {f"x{number + 1}" for number in range(len(self.spec.columns))}
        return tuple(entry.name for entry in FEATURES if known.issuperset(entry.traits["columns"]))

    @property
    def offered_columns(self) -> tuple[int, ...]:
        """The measurements that can be fed as they are: all, where there are more than two."""
        return tuple(range(len(self.spec.columns))) if self.many_columns else ()

    @property
    def fed_features(self) -> tuple[str, ...]:
        """The input features that are fed; x₁ is fed if nothing else is."""
        if self.many_columns:
            return ()
        fed = tuple(name for name in self.offered_features if name in self.features)
        return fed or ("x1",) * (bool(self.features) and not self.formulas)

    @property
    def fed_columns(self) -> tuple[int, ...]:
        """The measurements that are fed as they are, where there are more than two."""
        return self.offered_columns if self.columns is None or not self.many_columns else self.columns

    @property
    def layers(self) -> tuple[int, ...]:
        """Units of each layer: inputs, hidden layers, outputs."""
        inputs = len(self.fed_features) + len(self.fed_columns) + len(self.formulas)
        outputs = len(self.spec.classes) if self.problem == "multiclass" else 1
        return inputs, *self.hidden, outputs

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return sum((inputs + 1) * units for inputs, units in pairwise(self.layers))

    @property
    def activations(self) -> tuple[str, ...]:
        """Name of each hidden layer's activation."""
        own = (*self.layer_activations, *[""] * len(self.hidden))
        return tuple(name or self.activation for name in own[: len(self.hidden)])

    @property
    def dropouts(self) -> tuple[float, ...]:
        """Share of each hidden layer's neurons that an update leaves out."""
        return (*self.dropout, *[0.0] * len(self.hidden))[: len(self.hidden)]

    @property
    def stops(self) -> bool:
        """Whether training is to stop by itself."""
        return (self.stop_epoch, self.stop_loss, self.stop_patience) != (None, None, None)

    def differing(self, other: Self) -> list[Setting]:
        """Return the settings that have another value in `other`."""
        return [setting for setting in SETTINGS if getattr(self, setting.name) != getattr(other, setting.name)]

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """Return this config with other values for some fields.

        What a new data set or component makes meaningless goes back to its default, unless it is changed as well.

        Raises:
            InvalidValueError: If a name is unknown or the result is not valid.
        """
        follow: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in BY_NAME:
                raise InvalidValueError(say("There is no setting called {name}.", name=shown(name)), str(name))
            # A data set that is chosen while a table is in use replaces it, though its name may be the same.
            if value != getattr(self, name) or (name == "dataset" and self.table):
                follow |= _FOLLOW.get(name, {})
        return replace(self, **(follow | dict(changes)))

    # ------------------------------------------------------------ in and out

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        values = {setting.name: getattr(self, setting.name) for setting in SETTINGS}
        return {**values, "table": asdict(self.table) if self.table else None}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the config that `to_json` gave; fields that are missing have their defaults."""
        return cls().changed(values)


assert [f.name for f in fields(ExperimentConfig)] == [setting.name for setting in SETTINGS]
