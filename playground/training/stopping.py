"""When training stops by itself: at an epoch, at a loss, or where nothing gets better."""

import math
from typing import NamedTuple

from playground.sentences import say
from playground.training.config import ExperimentConfig

LEAST_GAIN = 1e-3
"""The share of itself by which the test loss must fall to count as better."""


class Stop(NamedTuple):
    """Why training stops.

    Attributes:
        by: "epoch", "loss" or "plateau".
        why: In a sentence.
    """

    by: str
    why: str


class StopRule:
    """Looks at each epoch's test loss, and says when a config's conditions are met."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was reached so far does not count."""
        self._best, self._best_epoch = math.inf, 0

    def look(self, config: ExperimentConfig, epoch: int, test_loss: float) -> Stop | None:
        """Return why training stops after this epoch, or None.

        Args:
            config: Its `stop_epoch`, `stop_loss` and `stop_patience` hold.
            epoch: How many there were.
            test_loss: After it.
        """
        if not test_loss >= self._best * (1 - LEAST_GAIN):  # without test samples it is NaN, and nothing a plateau
            self._best, self._best_epoch = test_loss, epoch
        if epoch == config.stop_epoch:
            return Stop("epoch", say("Stopped at epoch {epoch}, as set.", epoch=epoch))
        if config.stop_loss is not None and test_loss <= config.stop_loss:
            return Stop(
                "loss",
                say(
                    "Stopped at epoch {epoch}: the test loss, {loss}, is at most {least}, as set.",
                    epoch=epoch,
                    loss=float(f"{test_loss:.4g}"),
                    least=config.stop_loss,
                ),
            )
        if config.stop_patience is not None and epoch - self._best_epoch >= config.stop_patience:
            return Stop(
                "plateau",
                say(
                    "Stopped at epoch {epoch}: the test loss has not fallen for {patience} epochs.",
                    epoch=epoch,
                    patience=config.stop_patience,
                ),
            )
        return None
