"""What an experiment is: one frozen value that a browser, a link, a file and a script share."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

from playground.data import FEATURES, TF_DATASETS, DataSpec, Formula, describe
from playground.data.tables import TableSource
from playground.errors import InvalidValueError
from playground.nn import ACTIVATIONS, LOSSES
from playground.registry import shown
from playground.sentences import say
from playground.training.problems import PROBLEMS, Problem
from playground.training.setting_kinds import Setting
from playground.training.settings import BY_NAME, FIRST_SEED, FOLLOW, OPTIONS_OF, SETTINGS

FEW_COLUMNS = 6
"""Measurements of which two tell enough to be drawn by themselves; of more, the picture shows principal components."""


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
                follow |= FOLLOW.get(name, {})
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


assert [f.name for f in fields(ExperimentConfig)] == [setting.name for setting in SETTINGS]
