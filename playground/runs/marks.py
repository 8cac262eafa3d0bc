"""What was changed while a run was under way, as its chart marks it."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from playground.protocol import MAX_MARKS, Mark, told
from playground.sentences import say
from playground.training.setting_kinds import Choice, Number, Numbers, Setting, Switch

# Settings whose change says nothing of the curve.
_UNMARKED = frozenset({"projection", "axes", "slice_sample", "stop_epoch", "stop_loss", "stop_patience"})
_GESTURE_S = 1.0  # changes of the same thing that come faster are one, as of a slider or a stroke


class _Note(NamedTuple):
    """A mark, and of what: changes of the same that follow each other are one mark.

    Attributes:
        mark: As it is told.
        about: What was changed.
        was: Its value before, as it is told, or "".
        time: When it was last changed.
    """

    mark: Mark
    about: object
    was: str
    time: float


class Marks:
    """The marks of a run, at most MAX_MARKS: the newest."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        """
        Args:
            marks: Those that there are already, as of a saved run; nothing that comes is one with them.
        """
        self._notes = [_Note(mark, about=None, was="", time=-math.inf) for mark in marks]

    def told(self) -> list[Mark]:
        """Return the marks in the order in which they were made."""
        return [note.mark for note in self._notes]

    def setting(self, setting: Setting, old: Any, new: Any, epoch: int, time: float) -> None:
        """Remember that a setting had one value and has another now, if the curves may show it; see `add`."""
        if setting.name not in _UNMARKED:
            self.add(setting.name, setting.label, _shown(setting, old), _shown(setting, new), epoch, time)

    def weight(self, layer: int, row: int | None, unit: int, old: float, new: float, epoch: int, time: float) -> None:
        """Remember that a weight, or with `row` None a bias, was edited; see `add`."""
        if row is None:
            label = say("a bias of layer {layer}", layer=layer)
        else:
            label = say("a weight of layer {layer}", layer=layer)
        self.add((layer, row, unit), label, _number(old, 3), _number(new, 3), epoch, time)

    def add(self, about: object, label: str, was: str, now: str, epoch: float, time: float) -> None:
        """Remember that something was changed at this epoch, or within one gesture shortly before.

        Args:
            about: What was changed.
            label: What it is called.
            was: Its value before as it is told, or "".
            now: Its value now as it is told, or "".
            epoch: The present one.
            time: Of the run's clock, seconds.
        """
        epoch, place = float(epoch), len(self._notes)
        for number, note in enumerate(self._notes):
            if note.about == about and (note.mark.epoch == epoch or time - note.time < _GESTURE_S):
                place, epoch, was = number, note.mark.epoch, note.was
        text = say("{setting} {before} → {now}", setting=label, before=was, now=now) if was and now else label
        back = was and was == now
        self._notes[place : place + 1] = [] if back else [_Note(Mark(epoch, told(text)), about, was, time)]
        del self._notes[:-MAX_MARKS]


def _shown(setting: Setting, value: Any) -> str:
    """Return a setting's value as a chart's mark tells it, or "" if it is too long to tell."""
    if value is None:
        return setting.automatic
    match setting:
        case Choice(registry=registry):
            return registry[value].label
        case Switch():
            return say("on") if value else say("off")
        case Number():
            return _number(value, 6)
        case Numbers():
            return "-".join(f"{number:g}" for number in value) or say("none")
    return ""


def _number(value: float, digits: int) -> str:
    """Return a number as text, to so many digits if it is not a whole one."""
    return say("{number}", number=value if isinstance(value, int) else float(f"{value:.{digits}g}"))
