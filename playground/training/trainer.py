"""One experiment, step by step: from a config to a network that learns."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from playground.data.tables import Table
from playground.errors import DivergedError, InvalidValueError
from playground.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
    Dense,
    Dropout,
    Evaluator,
    Input,
    Layer,
    Probe,
    Sequential,
    TrainingLoop,
)
from playground.nn.initializers import Constant
from playground.nn.loops import Place
from playground.nn.optimizers import OptimizerState
from playground.registry import Parameter
from playground.sentences import say
from playground.training.carry_over import carry_over
from playground.training.checkpoint import Chance, Checkpoint, InEpoch, Moment, packed, unfit, unpacked
from playground.training.config import ExperimentConfig
from playground.training.experiment_data import ExperimentData
from playground.training.setting_kinds import Effect
from playground.training.settings import MAX_WEIGHT

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Multiples of the first loss, or of 1 if that is less: above the one a network is lost, up to the other it is sound.
_DIVERGED, _SOUND = 1e4, 20.0

_WEIGHT = Parameter("value", say("A weight"), 0, -MAX_WEIGHT, MAX_WEIGHT)
_NOTHING_TO_LEARN = say(
    "There is nothing to learn from yet: place at least two points of your own in the picture first."
)


class Change(NamedTuple):
    """What a change of the config touched.

    Attributes:
        data: Whether points, the inputs on offer or the plane are others now, or the colours of values.
        other_data: Whether it is another data set or table.
        started_over: Whether the weights were drawn anew and the epochs count from 0.
    """

    data: bool
    other_data: bool
    started_over: bool


class Losses(NamedTuple):
    """What the network is worth on both splits; NaN for a split without samples.

    The loss includes regularization, unless the config says otherwise. Accuracy is R² in a regression, and the error
    is its mean absolute error, NaN for classes.
    """

    training_loss: float
    test_loss: float
    training_accuracy: float
    test_accuracy: float
    training_error: float
    test_error: float


class _Learned(NamedTuple):
    """What a network of another shape goes on from.

    Attributes:
        weights: As `Model.get_weights` gives them.
        frozen: Which of them are not trained.
        inputs: Name of each input.
    """

    weights: list[Floats]
    frozen: list[Flags]
    inputs: list[str]

    def without_layer(self, layer: int) -> Self:
        """Return the same without a hidden layer, counted from 1: what it was fed stands in its neurons' places."""
        first = 2 * layer - 2
        weights, frozen = ([*arrays[:first], *arrays[first + 2 :]] for arrays in (self.weights, self.frozen))
        inputs = self.inputs if layer > 1 else self.inputs[: len(weights[0])]
        return type(self)(weights, frozen, inputs)


class _Sound(NamedTuple):
    """A state of the network with a sound loss, to come back to."""

    parameters: Floats
    optimizer: OptimizerState
    epoch: int
    step: int


class Trainer:
    """A network in training, as its config says; deterministic: the same config and calls give the same numbers.

    Attributes:
        config: The present config.
        table: The table that `config.table` is about, or None.
        data: The points, split and scaled.
        model: The network.
        frozen: Which weights are not trained, like `model.get_weights()`.
        edited: Whether weights were edited since they were drawn.
        epoch: Passes over the training set so far.
        step: Updates so far.
    """

    def __init__(self, config: ExperimentConfig, table: Table | None = None) -> None:
        """
        Raises:
            InvalidValueError: If the config needs a table that is not given, or a formula has no value for a sample.
        """
        self.config = config
        self.table = table
        self.data = ExperimentData(config, table)
        self.frozen: list[Flags] = []
        self._usual_loss = 1.0
        self._probe: Probe | None = None
        self._start_over()

    # ---------------------------------------------------------------- training

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass over the training set."""
        return self._loop.steps_per_epoch if self._loop else 0

    @property
    def between_epochs(self) -> bool:
        """Whether no epoch is half trained."""
        return not self._loop or self._loop.samples_left == 0

    @property
    def samples_seen(self) -> int:
        """Samples of the present epoch that have been trained on; 0 between epochs."""
        return 0 if not self._loop or self.between_epochs else self._loop.samples - self._loop.samples_left

    @property
    def last_batch(self) -> list[int]:
        """Numbers of the samples that the last update looked at."""
        return self.data.split.train[self._loop.last_batch].tolist() if self._loop else []

    def check_trainable(self) -> None:
        """Make sure that there is something to learn from.

        Raises:
            InvalidValueError: If there are fewer than two points, or none to train on.
        """
        if self._loop is None:
            raise InvalidValueError(_NOTHING_TO_LEARN)

    def train(self, max_steps: int) -> int:
        """Train up to `max_steps` updates, at most to the end of the epoch; return how many were done.

        Raises:
            DivergedError: If a parameter is no longer finite; the network is back where its loss was sound.
        """
        loop = self._begun()
        steps = min(loop.steps_left, max_steps)
        self._advance(lambda: loop.step(steps), steps)
        return steps

    def train_sample(self) -> None:
        """Train on one sample alone.

        Raises:
            DivergedError: If a parameter is no longer finite; the network is back where its loss was sound.
        """
        self._advance(self._begun().step_sample, 1)

    def train_epoch(self) -> None:
        """Train to the end of the present epoch, or one whole epoch if none is under way."""
        self.train(max_steps=2 * self.steps_per_epoch)

    def _begun(self) -> TrainingLoop:
        """Return the loop, with an epoch under way."""
        if self._loop is None:
            raise InvalidValueError(_NOTHING_TO_LEARN)
        if self.between_epochs:
            order = self._shuffle.permutation(self._loop.samples) if self.config.shuffle else None
            try:
                self._loop.begin_epoch(order)
            except DivergedError:
                raise self._diverged() from None
        return self._loop

    def _advance(self, train: Any, steps: int) -> None:
        assert self._loop is not None
        self._seen.clear()
        try:
            train()
            if not self.between_epochs:  # the loop has looked by itself at the end of the epoch
                self._loop.check()
        except DivergedError:
            raise self._diverged() from None
        self.step += steps
        self.epoch += self.between_epochs

    # ----------------------------------------------------------------- changes

    def reset(self) -> None:
        """Go back to the first weights and epoch 0; weights that are frozen stay frozen."""
        self._start_over(self._learned())

    def change(self, config: ExperimentConfig, table: Table | None = None) -> Change:
        """Go on with another config, keeping of the network what can be kept.

        A network that has not been trained yet becomes just what the new config draws.

        Args:
            config: The new config.
            table: The table of `config.table` if that is another one now.

        Raises:
            InvalidValueError: If the data cannot be had; nothing has changed then.
        """
        return self._change(config, table, self._learned())

    def remove_layer(self, layer: int) -> Change:
        """Go on without a hidden layer; the others keep their weights and what is frozen.

        The layer behind it keeps the rows for which there is a neuron, or an input, in front of it now.

        Args:
            layer: From 1, the first behind the inputs.

        Raises:
            InvalidValueError: If there is no such layer.
        """
        layers = len(self.config.hidden)
        if not 1 <= layer <= layers:
            text = say(
                "There is no hidden layer {layer}, of {layers}, that could be removed.", layer=layer, layers=layers
            )
            raise InvalidValueError(text, "hidden")
        settings = {name: getattr(self.config, name) for name in ("hidden", "layer_activations", "dropout")}
        config = self.config.changed({name: each[: layer - 1] + each[layer:] for name, each in settings.items()})
        return self._change(config, None, self._learned().without_layer(layer))

    def _learned(self) -> _Learned:
        return _Learned(self.model.get_weights(), self.frozen, self.input_names)

    def _change(self, config: ExperimentConfig, table: Table | None, learned: _Learned) -> Change:
        """Go on with another config, from what was learned."""
        old, effects = self.config, {setting.effect for setting in config.differing(self.config)}
        old_inputs, told = self.input_names, (self.data.offered, self.value_range)
        if table is not None and table is not self.table:
            effects.add(Effect.OTHER_DATA)
        table = table or self.table
        data = self.data
        if effects & {Effect.OTHER_DATA, Effect.DATA}:
            data = ExperimentData(config, table)
        elif effects & {Effect.PICTURE, Effect.NETWORK}:
            data = data.seen_otherwise(config)
        self.config, self.table, self.data = config, table if config.table else None, data
        redrawn = bool(effects & {Effect.OTHER_DATA, Effect.DATA, Effect.PICTURE})
        redrawn = redrawn or told != (data.offered, self.value_range)
        if old.shuffle_seed != config.shuffle_seed:
            self._shuffle = np.random.default_rng(config.shuffle_seed)
            self._begin_dropout()
        started_over = any(effect.starts_over for effect in effects)
        untouched = self.step == 0 and not self.edited and effects - {Effect.PICTURE, Effect.NOTHING}
        if started_over or untouched:
            self._start_over(learned if Effect.OTHER_DATA not in effects else None)
            return Change(redrawn, Effect.OTHER_DATA in effects, started_over)
        state = self.model.state
        if Effect.NETWORK in effects:
            self._rebuild(learned)
        if effects & {Effect.NETWORK, Effect.COMPILE}:
            self._compile()
            now = config.optimizer, config.hidden, self.input_names
            self._remember(state, fits=now == (old.optimizer, old.hidden, old_inputs))
        self._set_rates()
        if effects & {Effect.DATA, Effect.NETWORK, Effect.COMPILE, Effect.BATCHES}:
            self._bind()
        elif Effect.PICTURE in effects:
            self._probe = None  # the epoch that is under way goes on
        self._seen.clear()
        if effects & {Effect.DATA, Effect.NETWORK, Effect.COMPILE}:
            self._usual_loss = max(self._usual_loss, self._finite_loss())
        return Change(redrawn, other_data=False, started_over=False)

    def _remember(self, state: OptimizerState, fits: bool) -> None:
        """Count updates on, which schedules follow, and keep an optimizer's memory where it fits the present one."""
        if fits and state.slots.shape == self.model.state.slots.shape:
            self.model.state.assign(state)
        else:
            self.model.state.iterations = self.model.state.begun = state.iterations

    def edit(self, layer: int, row: int | None, unit: int, value: float) -> float:
        """Give a weight, or with `row` None a bias, another value; return the old one.

        Args:
            layer: The layer that it leads to: 1 for the first behind the inputs.
            row: The neuron of the layer before, from 0.
            unit: The neuron that it leads to, from 0.
            value: From -1,000,000 to 1,000,000.

        Raises:
            InvalidValueError: If there is no such weight, or the value is out of range.
        """
        checked = _WEIGHT.check(value)
        weights = self.model.get_weights()
        array, place = self._place(weights, layer, row, unit)
        old = float(array[place])
        array[place] = checked
        self.model.set_weights(weights)
        self.edited = True
        self._seen.clear()
        self._usual_loss = max(self._usual_loss, self._finite_loss())
        self._keep()
        return old

    def go_on_from(self, weights: Sequence[float], epoch: int) -> None:
        """Go on from what a network of the same shape has learned elsewhere; nothing else of this one stays.

        Args:
            weights: All weights and biases, in the order of the measurement "weights".
            epoch: Passes over the training set that led to them; epochs count on from there.
        """
        self._start_over()
        self.model.set_weights(self._parts(np.array(weights)))
        self.epoch, self.step, self.edited = epoch, epoch * self.steps_per_epoch, True
        self.model.state.iterations = self.model.state.begun = self.step
        self._bind()
        self._usual_loss = max(1.0, self._finite_loss())

    def freeze(self, layer: int, row: int | None, unit: int | None, frozen: bool) -> None:
        """Keep a weight, a bias or, with `unit` None, a whole layer from being trained, or train it again.

        Raises:
            InvalidValueError: If there is no such weight.
        """
        if unit is None:
            self._place(self.frozen, layer, None, 0)
            for array in self.frozen[2 * layer - 2 : 2 * layer]:
                array[...] = frozen
        else:
            array, place = self._place(self.frozen, layer, row, unit)
            array[place] = frozen
        self._freeze()

    def _place(
        self, arrays: Sequence[NDArray[Any]], layer: int, row: int | None, unit: int
    ) -> tuple[NDArray[Any], tuple[int, ...]]:
        """Return the array of a weight or bias, and where in it that stands."""
        if not 1 <= layer <= len(arrays) // 2:
            text = say("There is no layer {layer}; the layers are 1 to {last}.", layer=layer, last=len(arrays) // 2)
            raise InvalidValueError(text, "weight")
        array = arrays[2 * layer - 1 if row is None else 2 * layer - 2]
        place = (unit,) if row is None else (row, unit)
        if not all(0 <= at < size for at, size in zip(place, array.shape, strict=True)):
            *rows, units = array.shape
            there = say("{rows} and {units}", rows=rows[0], units=units) if rows else units
            text = say("Layer {layer} has no such weight: there are {there}, counted from 0.", layer=layer, there=there)
            raise InvalidValueError(text, "weight")
        return array, place

    def _start_over(self, learned: _Learned | None = None) -> None:
        """Draw the first weights, and count from 0.

        Args:
            learned: That of the network that there was, if its frozen weights stay frozen.
        """
        self.model = self._new_model()
        self._compile()
        self._shuffle = np.random.default_rng(self.config.shuffle_seed)
        self._begin_dropout()
        self.epoch, self.step, self.edited = 0, 0, False
        if learned is None:
            self.frozen = [np.zeros(array.shape, bool) for array in self.model.get_weights()]
        else:
            self._carry_frozen(learned)
        self._bind()
        self._usual_loss = max(1.0, self._finite_loss())

    def _finite_loss(self) -> float:
        loss = self._measured()[0]
        return loss if np.isfinite(loss) else 1.0

    def _new_model(self) -> Sequential:
        """Return an untrained network of the config's shape."""
        config = self.config

        def dense(units: int, activation: str) -> Dense:
            return Dense(
                units,
                activation=activation,
                kernel_initializer=INITIALIZERS[config.initializer].value(**config.initializer_options),
                bias_initializer=Constant(config.bias),
            )

        layers: list[Layer] = []
        for number, units in enumerate(config.hidden):
            layers.append(dense(units, config.activations[number]))
            if config.dropouts[number]:
                layers.append(Dropout(config.dropouts[number]))
        layers.append(dense(self.data.targets.shape[1], config.output_entry.name))
        model = Sequential([Input((len(self.input_names),)), *layers])
        model.build(np.random.default_rng(config.weights_seed))
        if config.tf_weights:
            chance = self.data.weights_chance()
            # Neuron by neuron, where a kernel is (fan_in, units); biases are not drawn.
            model.set_weights(
                [
                    array if array.ndim == 1 else chance.random(array.size).reshape(array.T.shape).T - 0.5
                    for array in model.get_weights()
                ]
            )
        return model

    def _begin_dropout(self) -> None:
        """Let dropout choose anew, as the shuffle seed says; each layer has a chance of its own."""
        for number, layer in enumerate(self.model.layers):
            if isinstance(layer, Dropout):
                layer.initialize(np.random.default_rng([self.config.shuffle_seed, number]))

    def _compile(self) -> None:
        """Give the network its optimizer, loss and regularization, keeping its weights."""
        config = self.config
        regularizer = REGULARIZERS[config.regularization].value if config.regularization else None
        for layer in self.model.layers:
            if isinstance(layer, Dense):
                layer.kernel_regularizer = regularizer.at(config.regularization_rate) if regularizer else None
        optimizer = OPTIMIZERS[config.optimizer].value(learning_rate=self._rate(), **config.optimizer_options)
        options = config.loss_options if config.loss else {}
        self.model.compile(optimizer=optimizer, loss=LOSSES[config.loss_entry.name].value(**options))

    def _rate(self) -> Any:
        """Return the learning rate: a number, or a schedule."""
        config = self.config
        if config.schedule is None:
            return config.learning_rate
        schedule = SCHEDULES[config.schedule].value
        return schedule(initial_learning_rate=config.learning_rate, **config.schedule_options)

    def _set_rates(self) -> None:
        """Put the present learning rate and regularization rate into effect."""
        self.model.optimizer.learning_rate = self._rate()
        for layer in self.model.layers:
            if isinstance(layer, Dense) and layer.kernel_regularizer is not None:
                layer.kernel_regularizer.rate = self.config.regularization_rate

    def _bind(self) -> None:
        """Compile the tapes for the present network, data and batch size."""
        data = self.data
        self._inputs = data.inputs(data.X) if len(data.X) else np.empty((0, len(self.input_names)))
        parts = [(self._inputs[part], data.targets[part]) for part in data.split]
        enough = len(data.split.train) + len(data.split.test) > 1 and len(data.split.train) > 0
        self._loop = TrainingLoop(self.model, *parts[0], self.config.batch_size) if enough else None
        self._evaluators = [Evaluator(self.model, *part) if len(part[0]) else None for part in parts]
        self._probe = None
        self._seen: dict[str, Any] = {}
        self._freeze()
        self._keep()

    def _freeze(self) -> None:
        """Tell the loop which weights stay."""
        if self._loop is not None:
            mask = np.zeros(self.model.parameters.shape, bool)
            for part, frozen in zip(self.model.variables(mask), self.frozen, strict=True):
                part[...] = frozen
            self._loop.freeze(mask)

    def _rebuild(self, learned: _Learned) -> None:
        """Make a network of the new shape that goes on from the old one's weights."""
        self.model = self._new_model()
        first = self.model.get_weights()
        self.model.set_weights(carry_over(learned.weights, first, learned.inputs, self.input_names))
        self._begin_dropout()
        self._carry_frozen(learned)

    def _carry_frozen(self, learned: _Learned) -> None:
        """Keep frozen, in a network of another shape, what there was before."""
        old = [array.astype(np.float64) for array in learned.frozen]
        nothing = [np.zeros_like(array) for array in self.model.get_weights()]
        masks = carry_over(old, nothing, learned.inputs, self.input_names)
        added = range(len(old) - 2, len(nothing) - 2)  # the arrays of layers that there were not before
        self.frozen = [mask.astype(bool) & (number not in added) for number, mask in enumerate(masks)]

    # ------------------------------------------------------------- checkpoints

    def checkpoint(self) -> Checkpoint:
        """Return all that decides how this trainer goes on, but for the table."""
        now = self._moment(_Sound(self.model.parameters, self.model.state, self.epoch, self.step))
        sound = self._moment(self._sound)
        frozen = np.concatenate([flags.ravel() for flags in self.frozen])
        return Checkpoint(
            config=self.config.to_json(),
            now=now,
            sound=None if sound == now else sound,
            usual_loss=self._usual_loss,
            edited=self.edited,
            frozen=packed(frozen, "u1") if frozen.any() else b"",
            shuffle=Chance.of(self._shuffle),
            dropout=[Chance.of(rng) for rng in self._dropout_rngs()],
            place=self._place_in_epoch(self._loop) if self._loop else None,
        )

    @classmethod
    def restored(cls, checkpoint: Checkpoint, table: Table | None = None) -> Self:
        """Return a trainer that goes on, to the last bit, as the one whose checkpoint it is.

        Args:
            checkpoint: Of it.
            table: Its table; None if it has none.

        Raises:
            InvalidValueError: If no trainer gives such a checkpoint, or the table is another.
        """
        config = checkpoint.experiment(table)
        trainer = cls(config, table if config.table else None)
        trainer._resume(checkpoint)
        return trainer

    def _resume(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of a trainer with this config."""
        sound = self._sound_of(checkpoint.sound or checkpoint.now)
        now = self._sound_of(checkpoint.now)
        rngs = self._dropout_rngs()
        if len(rngs) != len(checkpoint.dropout) or (checkpoint.place is None) != (self._loop is None):
            raise unfit("dropout" if self._loop else "place")
        for chance, rng in zip([checkpoint.shuffle, *checkpoint.dropout], [self._shuffle, *rngs], strict=True):
            chance.put(rng)
        if checkpoint.frozen:
            flags = unpacked(checkpoint.frozen, len(self.model.parameters), "frozen", "u1")
            for frozen, part in zip(self.frozen, self._parts(flags), strict=True):
                frozen[...] = part
        self.model.parameters[...] = now.parameters
        self.model.state.assign(now.optimizer)
        self.epoch, self.step, self.edited = now.epoch, now.step, checkpoint.edited
        self._freeze()
        if self._loop is not None and checkpoint.place is not None:
            self._loop.resume(self._place_of(checkpoint.place, self._loop.samples))
        self._seen.clear()
        self._sound, self._usual_loss = sound, checkpoint.usual_loss

    def _dropout_rngs(self) -> list[np.random.Generator]:
        return [layer.rng for layer in self.model.layers if isinstance(layer, Dropout) and layer.rng is not None]

    def _moment(self, state: _Sound) -> Moment:
        memory = state.optimizer
        slots = b"".join(packed(self._in_order(row)) for row in memory.slots)
        counted = memory.iterations, memory.product, memory.begun
        return Moment(packed(self._in_order(state.parameters)), slots, *counted, state.epoch, state.step)

    def _sound_of(self, moment: Moment) -> _Sound:
        """Return the state that `_moment` gave, checked."""
        memory = self.model.state.copy()
        slots = unpacked(moment.slots, memory.slots.size, "slots", infinite=True).reshape(memory.slots.shape)
        for row, values in zip(memory.slots, slots, strict=True):
            row[...] = self._laid_out(values)
        if moment.begun > moment.iterations:
            raise unfit("begun")
        memory.iterations, memory.product, memory.begun = moment.iterations, moment.product, moment.begun
        weights = self._laid_out(unpacked(moment.weights, len(self.model.parameters), "weights"))
        return _Sound(weights, memory, moment.epoch, moment.step)

    def _place_in_epoch(self, loop: TrainingLoop) -> InEpoch:
        order, start, seen, gradient = loop.place
        return InEpoch(None if order is None else packed(order, "<i4"), start, seen, packed(self._in_order(gradient)))

    def _place_of(self, place: InEpoch, samples: int) -> Place:
        """Return what `_place_in_epoch` was made from, checked."""
        order = None if place.order is None else unpacked(place.order, samples, "order", "<i4")
        if order is not None and not np.array_equal(np.sort(order), np.arange(samples)):
            raise unfit("order")
        if not place.start <= place.seen <= samples:
            raise unfit("seen")
        gradient = self._laid_out(unpacked(place.gradient, len(self.model.parameters), "gradient"))
        return Place(order, place.start, place.seen, gradient)

    def _in_order(self, vector: Floats) -> Floats:
        """Return a vector like `model.parameters` with its numbers in the order of a checkpoint."""
        return np.concatenate([part.ravel() for part in self.model.variables(vector)])

    def _laid_out(self, numbers: Floats) -> Floats:
        """Return the vector that `_in_order` took."""
        vector = np.empty(self.model.parameters.shape)
        for part, values in zip(self.model.variables(vector), self._parts(numbers), strict=True):
            part[...] = values
        return vector

    def _parts(self, numbers: NDArray[Any]) -> list[NDArray[Any]]:
        """Return numbers in the order of a checkpoint in the shapes of `model.get_weights()`."""
        ends = np.cumsum([flags.size for flags in self.frozen])[:-1]
        parts = zip(np.split(numbers, ends), self.frozen, strict=True)
        return [part.reshape(flags.shape) for part, flags in parts]

    # ------------------------------------------------------------ what is seen

    @property
    def input_names(self) -> list[str]:
        """Identifier of each input: its kind and its name."""
        return [f"{kind} {name}" for kind, name, _ in self.data.fed]

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update."""
        rate = self._rate()
        return float(rate(int(self.model.state.iterations)) if callable(rate) else rate)

    def hidden_bounded(self, layer: int) -> bool:
        """Whether a hidden layer's activation, counted from 0, stays within fixed bounds."""
        return None not in (ACTIVATIONS[self.config.activations[layer]].traits["range"] or (None,))

    @property
    def value_range(self) -> tuple[float, float]:
        """The values at the two ends of the output's colour scale."""
        if self.config.problem == "binary" and self.data.signed:
            return -1.0, 1.0
        return self.data.value_range if self.data.spec.regression else (0.0, 1.0)

    def picture(self) -> list[NDArray[np.float32]]:
        """Return each dense layer's activation over the plane, (units, pixels), from one forward pass.

        The arrays are the probe's buffers: they hold until the next call.
        """
        if "picture" not in self._seen:
            if self._probe is None:
                self._probe = Probe(self.model, self.data.inputs(self.data.grid), dtype=np.float32)
            self._seen["picture"] = self._of_dense_layers(self._probe.run())
        picture: list[NDArray[np.float32]] = self._seen["picture"]
        return picture

    def reading(self, across: float, up: float) -> list[list[float]]:
        """Return what every neuron answers at a place of the picture, layer by layer, inputs first.

        Args:
            across: From 0 at the left to 1 at the right.
            up: From 0 at the bottom to 1 at the top.
        """
        (left, right), (low, high) = self.data.domain
        place = np.array([[left + across * (right - left), low + up * (high - low)]])
        inputs = self.data.inputs(self.data.sample_at(place))
        layers = self._of_dense_layers(Probe(self.model, inputs, dtype=np.float64).run())
        *hidden, output = (layer[:, 0] for layer in layers)
        return [inputs[0].tolist(), *(layer.tolist() for layer in hidden), self.data.in_units(output).tolist()]

    def _of_dense_layers(self, outputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the outputs of the layers that have neurons: a dropout layer is none."""
        pairs = zip(self.model.layers, outputs, strict=True)
        return [output for layer, output in pairs if isinstance(layer, Dense)]

    def answers(self, part: int) -> Floats:
        """Return the network's outputs for the training (part 0) or test samples (1), (samples, outputs)."""
        self._measured()
        evaluator = self._evaluators[part]
        return evaluator.outputs if evaluator else np.empty((0, self.data.targets.shape[1]))

    def answered_classes(self, part: int) -> NDArray[np.intp]:
        """Return the class that the network answers for each training (0) or test sample (1)."""
        answers = self.answers(part)
        if self.config.problem == "multiclass":
            likeliest: NDArray[np.intp] = np.argmax(answers, axis=1)
            return likeliest
        return (answers[:, 0] > (0.0 if self.data.signed else 0.5)).astype(np.intp)

    def gradients(self) -> list[Floats]:
        """Return the last update's gradient, like `model.get_weights()`; zeros before the first."""
        vector = self._loop.gradient if self._loop else np.zeros(self.model.parameters.shape)
        return self.model.variables(vector)

    def _measured(self) -> list[float]:
        """Return the loss on both splits, with regularization, and have the evaluators hold the answers."""
        if "measured" not in self._seen:
            # Not `measure`, which would count right answers by what it takes for the classes.
            self._seen["measured"] = [e.means()["loss"] if e else np.nan for e in self._evaluators]
        losses: list[float] = self._seen["measured"]
        return losses

    def losses(self) -> Losses:
        """Return loss, accuracy and error at the present weights."""
        if "losses" not in self._seen:
            charged = 0.0 if self.config.penalty_in_loss else self.model.penalty()
            losses = [loss - charged for loss in self._measured()]
            if self.data.spec.regression:
                quality = [self._r_squared_and_error(part) for part in (0, 1)]
                accuracies, errors = [pair[0] for pair in quality], [pair[1] for pair in quality]
            else:
                accuracies = [self._accuracy(part) for part in (0, 1)]
                errors = [np.nan, np.nan]
            self._seen["losses"] = Losses(*losses, *accuracies, *errors)
        values: Losses = self._seen["losses"]
        return values

    def _accuracy(self, part: int) -> float:
        true = self.data.y[self.data.split[part]]
        return int(np.count_nonzero(self.answered_classes(part) == true)) / len(true) if len(true) else np.nan

    def checked_losses(self) -> Losses:
        """Return `losses()`, and make sure that training is not running away.

        Raises:
            DivergedError: If the training loss is out of all bounds; the network is back where it was sound.
        """
        losses, trained_on = self.losses(), self._measured()[0]
        if self._loop is None:
            return losses
        if not trained_on <= _DIVERGED * self._usual_loss:  # NaN is not
            raise self._diverged()
        if trained_on <= _SOUND * self._usual_loss:
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
            say(
                "The loss grew without bound around epoch {epoch}; the weights are back at those of epoch {sound}. "
                "Try a smaller learning rate.",
                epoch=epoch + 1,
                sound=self.epoch,
            ),
            step,
        )

    def _r_squared_and_error(self, part: int) -> tuple[float, float]:
        """Return the share of the targets' variance that is explained, 0 where they do not vary, and the mean error."""
        evaluator, targets = self._evaluators[part], self.data.targets[self.data.split[part]]
        if evaluator is None:
            return np.nan, np.nan
        variance = float(((targets - targets.mean()) ** 2).sum())
        with np.errstate(all="ignore"):  # a diverging network: its R² is minus infinity
            errors = targets - evaluator.outputs
            explained = 1.0 - float((errors**2).sum()) / variance if variance else 0.0
            return explained, float(np.abs(errors).mean()) * self.data.target_scale
