"""Every exception that the playground raises on purpose.

    PlaygroundError
    ├── InvalidValueError    a value outside what is accepted      (also a ValueError)
    │   └── UnknownNameError a name that no registry entry has
    ├── ShapeError           an array whose shape does not fit     (also a ValueError)
    ├── NotBuiltError        a model used before its shapes are known
    ├── DivergedError        a parameter is no longer finite       (also an ArithmeticError)
    ├── ProtocolError        a message that cannot be understood
    ├── RunNotFoundError     no run has this token
    └── CapacityError        the server holds as many runs or tables as it may

Each message is a sentence that names what is accepted and what came, fit to be shown to a learner.
"""

from collections.abc import Iterable

from playground.sentences import say


class PlaygroundError(Exception):
    """Base of every error that the playground raises on purpose."""

    @property
    def sentence(self) -> str:
        """The message as it was given: a Sentence, if it can be said in another language."""
        return self.args[0] if self.args else ""


class InvalidValueError(PlaygroundError, ValueError):
    """A value is outside what is accepted.

    Attributes:
        field: Name of the setting that the value was meant for, or "" where there is none.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnknownNameError(InvalidValueError):
    """A name is not among those that are known."""

    def __init__(self, kind: str, name: object, known: Iterable[str], field: str = "") -> None:
        """
        Args:
            kind: What was looked for, in the singular.
            name: What came.
            known: The names that there are.
            field: As for InvalidValueError.
        """
        choices = ", ".join(known) or say("(it has none)")
        text = say("Unknown {kind} {name}; choose one of: {choices}.", kind=kind, name=f"{name!r:.60}", choices=choices)
        super().__init__(text, field)


class ShapeError(PlaygroundError, ValueError):
    """An array's shape does not fit where it is used."""


class NotBuiltError(PlaygroundError):
    """A model was used before the shape of its input was known."""


class DivergedError(PlaygroundError, ArithmeticError):
    """A parameter is no longer finite; the model is back at its last finite weights.

    Attributes:
        step: Number of updates after which the damage was seen.
    """

    def __init__(self, message: str, step: int) -> None:
        super().__init__(message)
        self.step = step


class ProtocolError(PlaygroundError):
    """A message from a browser cannot be understood."""


class RunNotFoundError(PlaygroundError):
    """No run has this token; it has expired, or the server was restarted."""


class CapacityError(PlaygroundError):
    """The server already holds as many runs, or tables, as it may."""
