"""A run in the words of the protocol: what is trained now, and the points and the plane they are drawn in."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.nn import ACTIVATIONS
from playground.protocol import Data, Experiment, Input, Points, told
from playground.training import GRID, Trainer, links
from playground.training.experiment_data import ExperimentData
from playground.training.measurements import as_float32, signed_maps

_GATES = frozenset({"sigmoid", "step", "softmax"})
_INPUT_MAP_STRIDE = 2
_FEW_INPUTS = 16  # more of them get smaller maps


def experiment_of(trainer: Trainer, revision: int) -> Experiment:
    """Return what is trained now; `revision` is the run's."""
    config, data = trainer.config, trainer.data
    activations = [*config.activations, config.output_entry.name]
    return Experiment(
        revision=revision,
        config=config.to_json(),
        link=links.write(config),
        link_lacks=told(links.lacks(config)),
        problem=config.problem,
        data_label=told(config.spec.label),
        inputs=_inputs(data.fed),
        layers=[len(data.fed), *config.hidden, data.targets.shape[1]],
        activations=activations,
        thresholds=[_threshold(name) for name in activations],
        loss=told(config.loss_entry.label),
        suits={"output_activation": list(config.kind.output_activations), "loss": list(config.fitting_losses)},
        parameters=trainer.model.count_params(),
        frozen=_frozen(trainer),
    )


def data_of(trainer: Trainer) -> Data:
    """Return the points, and the plane they are drawn in."""
    data = trainer.data
    offered = data.offered
    stride = _INPUT_MAP_STRIDE if len(offered) <= _FEW_INPUTS else 2 * _INPUT_MAP_STRIDE
    fields = data.offered_inputs(data.grid).astype(np.float32).T.reshape(-1, GRID, GRID)
    maps = signed_maps(fields[:, ::stride, ::stride], bounded=False)
    return Data(
        classes=list(map(told, data.spec.classes)),
        columns=list(map(told, data.spec.columns)),
        target=told(data.spec.target),
        projection=trainer.config.shown_projection,
        axes=list(map(told, data.axes)),
        curve=data.curve,
        domain=[list(interval) for interval in data.domain],
        value_range=list(trainer.value_range),
        slice=told(data.slice_text),
        editable=not trainer.config.many_columns,
        drawn_from=data.drawn_from,
        train=_points(data, data.split.train),
        test=_points(data, data.split.test),
        offered=_inputs(offered),
        input_side=maps["maps"].shape[1],
        input_maps=maps["maps"].tobytes(),
        input_scales=maps["map_scales"].tobytes(),
    )


def _frozen(trainer: Trainer) -> bytes:
    """Return 1 for each weight that is frozen, in the order of the measurement "weights"; nothing if none is."""
    flags = np.concatenate([array.ravel() for array in trainer.frozen])
    return flags.astype(np.uint8).tobytes() if flags.any() else b""


def _points(data: ExperimentData, indices: Any) -> Points:
    low, high = np.array(data.domain).T
    # In the data's units, float32 would not tell apart what lies far from 0, such as dates.
    shares = (data.places[indices] - low) / (high - low)
    columns = (shares[:, 0], shares[:, 1], data.y[indices])
    return Points(indices.astype(np.uint32).tobytes(), *(as_float32(column).tobytes() for column in columns))


def _inputs(named: Sequence[tuple[str, str, str]]) -> list[Input]:
    return [Input(kind, name, told(label)) for kind, name, label in named]  # type: ignore[arg-type]


def _threshold(activation: str) -> float:
    """Return the answer above which a neuron of this activation counts as on: the middle of its range, or 0."""
    low, high = ACTIVATIONS[activation].traits["range"]
    return (low + high) / 2 if activation in _GATES else 0.0
