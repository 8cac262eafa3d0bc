"""A trainer at one moment, as plain values: another trainer, here or elsewhere, goes on from it to the same numbers.

As JSON each array is base64 of its numbers, the least significant byte first, so that none loses a digit and
infinities survive: weights and all that is like them as float64, layer by layer the kernel (fan_in, units) row by row
and then the biases, which is the order of the measurement "weights".
"""

from typing import Annotated, Any, Self

import msgspec
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from playground.data.tables import Table, TableSource, choose
from playground.errors import InvalidValueError
from playground.sentences import say
from playground.training.config import ExperimentConfig

Floats = NDArray[np.float64]

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
_Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,39}$")]
_Half = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


class Chance(msgspec.Struct, frozen=True):
    """The state of a random generator, NumPy's PCG64.

    Attributes:
        state: The 128 bits, in decimal digits: as a number they are too long for JSON in a browser.
        increment: Likewise.
        halves: 1 if half of a 64-bit number is still to be used, else 0.
        half: That half.
    """

    state: _Digits
    increment: _Digits
    halves: Annotated[int, msgspec.Meta(ge=0, le=1)]
    half: _Half

    @classmethod
    def of(cls, rng: Generator) -> Self:
        """Return the state of `rng`."""
        said = rng.bit_generator.state
        return cls(str(said["state"]["state"]), str(said["state"]["inc"]), said["has_uint32"], said["uinteger"])

    def put(self, rng: Generator) -> None:
        """Put `rng` into this state.

        Raises:
            InvalidValueError: If no generator can be in it: the increment is odd.
        """
        state, increment = int(self.state), int(self.increment)
        if max(state, increment) >= 2**128 or not increment % 2:
            raise unfit("shuffle")
        rng.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": state, "inc": increment},
            "has_uint32": self.halves,
            "uinteger": self.half,
        }


class Moment(msgspec.Struct, frozen=True):
    """A network after some training.

    Attributes:
        weights: float64.
        slots: What the optimizer remembers of each weight: one array like the weights behind another.
        iterations: Updates that were made; the rest of the optimizer's memory is as in OptimizerState.
        product: See there.
        begun: See there.
        epoch: Passes over the training set so far.
        step: Updates so far.
    """

    weights: bytes
    slots: bytes
    iterations: Count
    product: Annotated[float, msgspec.Meta(ge=0, le=1)]
    begun: Count
    epoch: Count
    step: Count


class InEpoch(msgspec.Struct, frozen=True):
    """Where in an epoch a trainer is; see playground.nn.loops.Place.

    Attributes:
        order: int32, or None.
        start: How many samples had been trained before the last update.
        seen: How many have been trained now.
        gradient: float64.
    """

    order: bytes | None
    start: Count
    seen: Count
    gradient: bytes


class Checkpoint(msgspec.Struct, frozen=True):
    """All that decides how a trainer goes on, but for the table, if it has one.

    Attributes:
        config: ExperimentConfig.to_json().
        now: The network.
        sound: The one to come back to if training runs away, or None if that is the same.
        usual_loss: By which it is known that training runs away.
        edited: Whether weights were edited since they were drawn.
        frozen: uint8, 1 for each weight that is not trained; empty if all are.
        shuffle: What the order of the samples is drawn from.
        dropout: What each dropout layer draws from.
        place: Where in the epoch it is, or None if there is nothing to learn from.
    """

    config: dict[str, Any]
    now: Moment
    sound: Moment | None
    usual_loss: Annotated[float, msgspec.Meta(ge=1)]
    edited: bool
    frozen: bytes
    shuffle: Chance
    dropout: list[Chance]
    place: InEpoch | None

    def experiment(self, table: Table | None) -> ExperimentConfig:
        """Return the config.

        Args:
            table: The table that it is about, or None.

        Raises:
            InvalidValueError: If it is not valid, or about another table than this.
        """
        chosen = self.config.get("table")
        if chosen is None:
            return ExperimentConfig.from_json(self.config)
        return ExperimentConfig.from_json({**self.config, "table": _source(chosen, table)})


def _source(chosen: object, table: Table | None) -> TableSource:
    """Return how a table is used, as `choose` finds it anew."""
    try:
        source = msgspec.convert(chosen, TableSource)
    except msgspec.ValidationError:
        raise unfit("table") from None
    if table is None or not _is_of(source, table):
        raise InvalidValueError(
            say("This is about the table {name}, which is not here; choose its file first.", name=source.name[:80]),
            "table",
        )
    return source


def _is_of(source: TableSource, table: Table) -> bool:
    """Whether this is how this table is used, rather than one of the same name."""
    try:
        return choose(table, source) == source
    except InvalidValueError:
        return False


def packed(values: NDArray[Any], dtype: str = "<f8") -> bytes:
    """Return an array's numbers as bytes."""
    return values.astype(dtype).tobytes()


def unpacked(data: bytes, count: int, field: str, dtype: str = "<f8", *, infinite: bool = False) -> NDArray[Any]:
    """Return the array that `packed` gave.

    Args:
        data: The bytes.
        count: How many numbers must be in them.
        field: What to blame if they are not.
        dtype: As for `packed`.
        infinite: Whether numbers may be infinite.

    Raises:
        InvalidValueError: If there are more or fewer, or one is not finite.
    """
    if len(data) != count * np.dtype(dtype).itemsize:
        raise unfit(field)
    values = np.frombuffer(data, dtype)
    if np.isnan(values).any() or (np.isinf(values).any() and not infinite):
        raise unfit(field)
    return values.astype(np.dtype(dtype).newbyteorder("="))


def unfit(field: str) -> InvalidValueError:
    """Return what is raised where something in a checkpoint does not fit the rest of it."""
    return InvalidValueError(
        say("The saved state does not fit together: no training of this network leads to it."), field
    )
