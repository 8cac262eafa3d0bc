"""One experiment, step by step: from a config to a network that learns."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.data import FEATURES, DataSet, Split, load, split
from playground.data.features import inputs as feature_inputs
from playground.errors import DivergedError
from playground.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    OPTIMIZERS,
    REGULARIZERS,
    Dense,
    Evaluator,
    Input,
    Probe,
    Sequential,
    TrainingLoop,
)
from playground.nn.optimizers import OptimizerState
from playground.training.carry_over import carry_over
from playground.training.config import START_OVER, ExperimentConfig
from playground.training.measurements import GRID
from playground.training.problems import PROBLEMS

Floats = NDArray[np.float64]

# Multiples of the first loss, or of 1 if that is less: above the one a network is lost, up to the other it is sound.
_DIVERGED, _SOUND = 1e4, 20.0

_DATA = frozenset({"dataset", "samples", "noise", "train_share", "axes", "data_seed", "split_seed"})
_INPUTS = frozenset({"features", "all_measurements"})
_NETWORK = frozenset({"hidden", "activation", "regularization"})
_COMPILE = frozenset({"loss", "optimizer", "optimizer_options"})


class Change(NamedTuple):
    """What a change of the config touched.

    Attributes:
        data: Whether points, inputs or the plane are others now.
        started_over: Whether the weights were drawn anew and the epochs count from 0.
    """

    data: bool
    started_over: bool


class Losses(NamedTuple):
    """Loss (regularization included) and accuracy on both splits; accuracy is R² in a regression."""

    training_loss: float
    test_loss: float
    training_accuracy: float
    test_accuracy: float


class _Sound(NamedTuple):
    """A state of the network with a sound loss, to come back to."""

    parameters: Floats
    optimizer: OptimizerState
    epoch: int
    step: int


class ExperimentData:
    """The points of an experiment as its network sees them.

    Attributes:
        points: The data set in its own units.
        split: Indices of training and test samples.
    """

    def __init__(self, config: ExperimentConfig) -> None:
        self._config = config
        self.points: DataSet = load(config.dataset, config.samples, config.noise, config.data_seed, config.axes)
        self.split: Split = split(len(self.points.X), config.train_share, config.split_seed)
        train = self.points.X[self.split.train]
        self._center = np.zeros(train.shape[1])
        self._scale = np.ones(train.shape[1])
        if self.points.standardize:
            self._center, self._scale = train.mean(axis=0), train.std(axis=0)
            self._scale[self._scale == 0] = 1.0

    def inputs(self, X: Floats, features: Sequence[str] | None = None) -> Floats:
        """Return what the network is fed for points, (samples, inputs).

        Args:
            X: Points in the data's own units, (samples, columns).
            features: Names in FEATURES to take instead of those that the config chooses.
        """
        chosen = self._config.features if features is None else features
        scaled = (X - self._center) / self._scale
        across, up = self.points.axes
        columns = feature_inputs(chosen, scaled[:, across], scaled[:, up])
        return np.concatenate([columns, scaled[:, list(self._config.extra_columns)]], axis=1)  # (samples, inputs)

    @property
    def targets(self) -> Floats:
        """What the network's outputs are to be, (samples, outputs): 0 or 1, one-hot rows, or values."""
        if self._config.problem == "multiclass":
            return np.eye(len(self.points.classes))[self.points.y]
        return self.points.y.astype(np.float64)[:, np.newaxis]

    @cached_property
    def grid(self) -> Floats:
        """The points under the picture's pixels, (pixels, columns), row by row from the top.

        Columns that are not drawn are at the median of the training samples.
        """
        (left, right), (low, high) = self.points.domain
        middle = (np.arange(GRID) + 0.5) / GRID  # the centre of each pixel
        across, up = np.meshgrid(left + middle * (right - left), high - middle * (high - low))
        points = np.tile(self.medians, (GRID * GRID, 1))
        points[:, self.points.axes[0]] = across.ravel()
        points[:, self.points.axes[1]] = up.ravel()
        return points

    @property
    def medians(self) -> Floats:
        """Median of each column over the training samples."""
        return np.median(self.points.X[self.split.train], axis=0)


class Trainer:
    """A network in training, as its config says; deterministic: the same config and calls give the same numbers.

    Attributes:
        config: The present config.
        data: The points, split and scaled.
        model: The network.
        epoch: Passes over the training set so far.
        step: Updates so far.
    """

    def __init__(self, config: ExperimentConfig) -> None:
        self.config = config
        self.data = ExperimentData(config)
        self._start_over()

    # ---------------------------------------------------------------- training

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass over the training set."""
        return self._loop.steps_per_epoch

    @property
    def between_epochs(self) -> bool:
        """Whether no epoch is half trained."""
        return self._loop.steps_left == 0

    def train(self, max_steps: int) -> int:
        """Train up to `max_steps` updates, at most to the end of the epoch; return how many were done.

        Raises:
            DivergedError: If a parameter is no longer finite; the network is back where its loss was sound.
        """
        self._seen.clear()
        try:
            if self.between_epochs:
                self._loop.begin_epoch(self._shuffle.permutation(len(self.data.split.train)))
            steps = min(self._loop.steps_left, max_steps)
            self._loop.step(steps)
            if not self.between_epochs:  # the loop has looked by itself at the end of the epoch
                self._loop.check()
        except DivergedError:
            raise self._diverged() from None
        self.step += steps
        self.epoch += self.between_epochs
        return steps

    def train_epoch(self) -> None:
        """Train to the end of the present epoch, or one whole epoch if none is under way."""
        self.train(max_steps=self.steps_per_epoch)

    # ----------------------------------------------------------------- changes

    def reset(self) -> None:
        """Go back to the first weights and epoch 0."""
        self._start_over()

    def change(self, config: ExperimentConfig) -> Change:
        """Go on with another config, keeping of the network what can be kept.

        A network that has not been trained yet becomes just what the new config draws.
        """
        old, differing = self.config, {name for name, value in vars(config).items() if value != vars(self.config)[name]}
        old_inputs = self.input_names
        self.config = config
        data_changed = bool(differing & (_DATA | _INPUTS))
        if data_changed:
            self.data = ExperimentData(config)
        if "shuffle_seed" in differing:
            self._shuffle = np.random.default_rng(config.shuffle_seed)
        started_over = bool(differing & START_OVER) or old.problem != config.problem
        if started_over or self.step == 0:
            self._start_over()
            return Change(data_changed, started_over)
        if differing & (_NETWORK | _INPUTS):
            self._rebuild(old_inputs)
        elif differing & _COMPILE:
            self._compile()
        self._set_rates()
        if differing & (_DATA | _INPUTS | _NETWORK | _COMPILE | {"batch_size"}):
            self._bind()
        self._seen.clear()
        return Change(data_changed, started_over=False)

    def _start_over(self) -> None:
        """Draw the first weights, and count from 0."""
        self.model = self._new_model()
        self._compile()
        self._shuffle = np.random.default_rng(self.config.shuffle_seed)
        self.epoch = self.step = 0
        self._bind()
        self._usual_loss = max(1.0, self.losses().training_loss)

    def _new_model(self) -> Sequential:
        """Return an untrained network of the config's shape."""
        config = self.config
        regularizer = REGULARIZERS[config.regularization].value if config.regularization else None

        def dense(units: int, activation: str) -> Dense:
            return Dense(
                units,
                activation=activation,
                kernel_initializer=INITIALIZERS[config.initializer].value(),
                kernel_regularizer=regularizer.at(config.regularization_rate) if regularizer else None,
            )

        hidden = [dense(units, config.activation) for units in config.hidden]
        output = dense(self.data.targets.shape[1], PROBLEMS[config.problem].output_activation)
        model = Sequential([Input((len(self.input_names),)), *hidden, output])
        model.build(np.random.default_rng(config.weights_seed))
        return model

    def _compile(self) -> None:
        """Give the network its optimizer and loss, keeping its weights."""
        config = self.config
        optimizer = OPTIMIZERS[config.optimizer].value(learning_rate=config.learning_rate, **config.optimizer_options)
        self.model.compile(optimizer=optimizer, loss=config.loss_entry.name)

    def _set_rates(self) -> None:
        """Put the present learning rate and regularization rate into effect."""
        self.model.optimizer.learning_rate = self.config.learning_rate
        for layer in self.model.layers:
            if layer.kernel_regularizer is not None:
                layer.kernel_regularizer.rate = self.config.regularization_rate

    def _bind(self) -> None:
        """Compile the tapes for the present network, data and batch size."""
        self._inputs = self.data.inputs(self.data.points.X)
        parts = [(self._inputs[part], self.data.targets[part]) for part in self.data.split]
        self._loop = TrainingLoop(self.model, *parts[0], self.config.batch_size)
        self._evaluators = [Evaluator(self.model, *part) for part in parts]
        self._probe: Probe | None = None
        self._seen: dict[str, object] = {}
        self._keep()

    def _rebuild(self, old_inputs: Sequence[str]) -> None:
        """Make a network of the new shape that goes on from the old one's weights."""
        learned = self.model.get_weights()
        self.model = self._new_model()
        self.model.set_weights(carry_over(learned, self.model.get_weights(), old_inputs, self.input_names))
        self._compile()

    # ------------------------------------------------------------ what is seen

    @property
    def input_names(self) -> list[str]:
        """Identifier of each input: a feature's name, or the column's for one that is not drawn."""
        return [*self.config.features, *(f"column {column}" for column in self.config.extra_columns)]

    @property
    def input_labels(self) -> list[str]:
        """Label of each input, as shown to people."""
        columns = self.data.points.columns
        return [
            *(FEATURES[name].label for name in self.config.features),
            *(columns[column] for column in self.config.extra_columns),
        ]

    @property
    def slice_text(self) -> str:
        """At which values of the inputs that are not drawn the picture is computed; "" where all are drawn."""
        columns, medians = self.data.points.columns, self.data.medians
        values = " and ".join(f"{columns[column]} {medians[column]:g}" for column in self.config.extra_columns)
        return f"The picture is the slice at {values}, their medians." if values else ""

    @property
    def hidden_bounded(self) -> bool:
        """Whether the hidden activation stays within -1 to 1."""
        return None not in (ACTIVATIONS[self.config.activation].traits["range"] or (None,))

    @property
    def value_range(self) -> tuple[float, float]:
        """The values at the two ends of the output's colour scale."""
        if not self.data.points.regression:
            return 0.0, 1.0
        greatest = float(np.abs(self.data.points.y).max()) or 1.0
        return -greatest, greatest

    def picture(self) -> list[NDArray[np.float32]]:
        """Return each layer's activation over the plane, (units, pixels), from one forward pass.

        The arrays are the probe's buffers: they hold until the next call.
        """
        if "picture" not in self._seen:
            if self._probe is None:
                self._probe = Probe(self.model, self.data.inputs(self.data.grid), dtype=np.float32)
            self._seen["picture"] = self._probe.run()
        return self._seen["picture"]  # type: ignore[return-value]

    def losses(self) -> Losses:
        """Return loss and accuracy at the present weights."""
        if "losses" not in self._seen:
            train, test = (evaluator.measure() for evaluator in self._evaluators)
            if self.data.points.regression:
                accuracies = [self._r_squared(part) for part in self.data.split]
            else:
                accuracies = [train.accuracy or 0.0, test.accuracy or 0.0]
            self._seen["losses"] = Losses(train.loss, test.loss, *accuracies)
        return self._seen["losses"]  # type: ignore[return-value]

    def checked_losses(self) -> Losses:
        """Return `losses()`, and make sure that training is not running away.

        Raises:
            DivergedError: If the training loss is out of all bounds; the network is back where it was sound.
        """
        losses = self.losses()
        if not losses.training_loss <= _DIVERGED * self._usual_loss:  # NaN is not
            raise self._diverged()
        if losses.training_loss <= _SOUND * self._usual_loss:
            self._keep()
        return losses

    def _keep(self) -> None:
        """Keep the present state to come back to."""
        self._sound = _Sound(self.model.parameters.copy(), self.model.state.copy(), self.epoch, self.step)

    def _diverged(self) -> DivergedError:
        """Go back to the state that was kept, and return what to tell the learner."""
        epoch, step = self.epoch, self.step
        self.model.parameters[...] = self._sound.parameters
        self.model.state.assign(self._sound.optimizer)
        self.epoch, self.step = self._sound.epoch, self._sound.step
        self._bind()
        return DivergedError(
            f"The loss grew without bound around epoch {epoch + 1:,}; the weights are back at those of epoch "
            f"{self.epoch:,}. Try a smaller learning rate.",
            step,
        )

    def _r_squared(self, part: NDArray[np.intp]) -> float:
        """Return the share of the targets' variance that the network explains; 0 where they do not vary."""
        targets = self.data.targets[part]
        variance = float(((targets - targets.mean()) ** 2).sum())
        with np.errstate(over="ignore"):  # a diverging network: its R² is minus infinity
            errors = targets - self.model.predict(self._inputs[part])
            return 1.0 - float((errors**2).sum()) / variance if variance else 0.0
