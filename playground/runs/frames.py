"""Pictures of a run as they go over the wire: made and compressed once, however many watch."""

import zlib
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from playground.protocol import Frame, Part
from playground.training import MEASUREMENTS, Trainer

# Higher levels take two to four times as long for a few per cent.
COMPRESSION_LEVEL = 1


def encode_frame(
    trainer: Trainer, measurements: Iterable[str], number: int, revision: int, epochs_per_second: float
) -> bytes:
    """Return the msgpack of a Frame with the wanted measurements.

    Args:
        trainer: What is looked at.
        measurements: Names in MEASUREMENTS.
        number: The picture's number.
        revision: Which state of the experiment it shows.
        epochs_per_second: Measured pace.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for name in measurements:
        arrays.update(MEASUREMENTS[name].value(trainer))
    parts, payload = _pack(arrays)
    return msgspec.msgpack.encode(
        Frame(
            number=number,
            revision=revision,
            epoch=trainer.epoch,
            step=trainer.step,
            samples_seen=trainer.samples_seen,
            epochs_per_second=epochs_per_second,
            learning_rate=trainer.learning_rate,
            parts=parts,
            payload=zlib.compress(payload, COMPRESSION_LEVEL),
        )
    )


def _pack(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[list[Part], bytes]:
    """Return where each array lies, and the arrays one after the other, float32 first so that they are aligned."""
    ordered = sorted(arrays.items(), key=lambda item: item[1].dtype != np.float32)
    parts = [Part(name, array.dtype.name, list(array.shape)) for name, array in ordered]  # type: ignore[arg-type]
    return parts, b"".join(array.tobytes() for _, array in ordered)
