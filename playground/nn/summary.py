"""A model as a table, as Keras prints it."""

from collections.abc import Sequence
from math import prod

from playground.nn.graph import Graph
from playground.nn.layers import InputLayer, Layer


def summary_of(
    name: str, graph: Graph, layers: Sequence[Layer], connected: bool, line_length: int | None = None
) -> str:
    """Return the table: each layer's name, kind, shape and number of parameters.

    Args:
        name: What the model is called.
        graph: Its layers, and what flows where.
        layers: Those to show.
        connected: Whether to show what flows into each.
        line_length: Characters a line.
    """
    length = line_length or (98 if connected else 65)
    stops = [0.33, 0.55, 0.67, 1] if connected else [0.45, 0.85, 1]
    ends = [int(length * stop) for stop in stops]
    rows = [["Layer (type)", "Output Shape", "Param #", *(["Connected to"] if connected else [])]]
    trainable = fixed = 0
    shown = {id(layer) for layer in layers}
    for node in graph.nodes:
        weights, statistics = prod(node.block) if node.block else 0, prod(node.statistics) if node.statistics else 0
        trainable, fixed = trainable + weights, fixed + statistics
        if id(node.layer) not in shown:
            continue
        shape = f"({', '.join(map(str, (None, *node.shape)))})"
        if isinstance(node.layer, InputLayer):
            shape = f"[{shape}]"
        sources = ", ".join(str(graph.nodes[source].layer.name) for source in node.sources)
        row = [f"{node.layer.name} ({type(node.layer).__name__})", shape, str(weights + statistics)]
        rows.append([*row, *([sources] if connected else [])])
    lines = [f'Model: "{name}"', "_" * length, _line(rows[0], ends), "=" * length]
    lines += [_line(row, ends) for row in rows[1:]]
    lines += ["=" * length, f"Total params: {trainable + fixed:,}", f"Trainable params: {trainable:,}"]
    return "\n".join([*lines, f"Non-trainable params: {fixed:,}", "_" * length])


def _line(row: Sequence[str], ends: Sequence[int]) -> str:
    line = ""
    for text, end in zip(row, ends, strict=True):
        line = (line + text)[: end - 1].ljust(end)
    return line.rstrip()
