"""Every setting of an experiment, and a learner's limits, declared here and nowhere else.

Fields of the page, keys of a link, checks, effects on the running network and error messages all come from `SETTINGS`.
"""

from collections.abc import Mapping
from typing import Any

from playground.data import DATASETS, FEATURES, MAX_FORMULAS, Formula
from playground.data.projections import PROJECTIONS
from playground.data.tables import TableSource
from playground.errors import InvalidValueError
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from playground.registry import Parameter
from playground.sentences import say
from playground.training.problems import PROBLEMS
from playground.training.setting_kinds import (
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

FOLLOW: Mapping[str, Mapping[str, Any]] = {
    "table": OTHER_DATA,
    **dict.fromkeys(RENUMBERING, _RENUMBERED),
    **{of: {setting.name: {}} for of, setting in OPTIONS_OF.items()},
    "dataset": {**OTHER_DATA, "table": None, "dataset_options": {}},
}
"""Of each setting: what goes back to its default with a change of it."""
