"""The curve of a run: loss and accuracy over the epochs, in bounded memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.protocol import HISTORY_COLUMNS
from playground.training.measurements import as_float32

MAX_ROWS = 2_000


class History:
    """Rows of HISTORY_COLUMNS at the epochs that are multiples of `stride`.

    When there are too many rows, the stride doubles and every second row goes. So which epochs are kept depends on
    nothing but the number of epochs, and a million of them cost no more memory than two thousand.

    Attributes:
        stride: Epochs between two rows.
    """

    def __init__(self) -> None:
        self.stride = 1
        self._rows = np.empty((MAX_ROWS + 1, len(HISTORY_COLUMNS)), np.float32)
        self._count = 0
        self._sent = 0

    def __len__(self) -> int:
        return self._count

    def wants(self, epoch: int) -> bool:
        """Whether the row of `epoch` belongs into the history and is not yet there."""
        return epoch % self.stride == 0 and (self._count == 0 or epoch > self._rows[self._count - 1, 0])

    def add(self, epoch: int, values: Sequence[float]) -> bool:
        """Add the row of `epoch`; return whether older rows were thinned out, so that all must be sent anew."""
        self._rows[self._count] = as_float32((epoch, *values))
        self._count += 1
        if self._count <= MAX_ROWS:
            return False
        kept = self._rows[: self._count : 2].copy()
        self._rows[: len(kept)], self._count = kept, len(kept)
        self.stride *= 2
        self._sent = self._count
        return True

    def replace_last(self, epoch: int, values: Sequence[float]) -> None:
        """Put other values in place of the newest row if it is that of `epoch`: an edit, not an epoch, made them."""
        if self._count and self._rows[self._count - 1, 0] == epoch:
            self._rows[self._count - 1] = as_float32((epoch, *values))

    def cut(self, epoch: int) -> None:
        """Forget the rows after `epoch`."""
        self._count = int(np.searchsorted(self._rows[: self._count, 0], epoch, side="right"))
        self._sent = min(self._sent, self._count)

    def new_rows(self) -> bytes:
        """Return the rows that were added since the last call."""
        rows = self._rows[self._sent : self._count].tobytes()
        self._sent = self._count
        return rows

    def all_rows(self) -> bytes:
        """Return every row."""
        return self._rows[: self._count].tobytes()

    @property
    def rows(self) -> NDArray[np.float32]:
        """A copy of every row, (rows, columns)."""
        return self._rows[: self._count].copy()

    def restore(self, rows: NDArray[np.float32], stride: int) -> None:
        """Put the rows of another history (rows, columns) with this stride, `MAX_ROWS` at most, in place of all."""
        self.stride, self._count, self._sent = stride, len(rows), len(rows)
        self._rows[: len(rows)] = rows

    def clear(self) -> None:
        """Forget every row."""
        self.stride, self._count, self._sent = 1, 0, 0
