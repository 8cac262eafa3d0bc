"""Registries, and the parameters that their entries declare.

Whatever a person can choose (an activation, a data set, an optimizer, …) is registered once, beside its
code, with all that menus, validation, URLs, documentation and contract tests need to know of it:

    ACTIVATIONS: Registry[type[Activation]] = Registry("activation")

    @ACTIVATIONS.register("relu", label="ReLU", help="…")
    class Relu(Activation): ...
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from playground.errors import InvalidValueError, UnknownNameError
from playground.sentences import as_sentence, say

T = TypeVar("T")


@dataclass(frozen=True)
class Parameter:
    """One number that a person may set: its name, range and meaning.

    Label, unit and help are kept as Sentences, so that they can be said in another language.

    Attributes:
        name: Identifier, as in Python, JSON and the URL.
        label: Name shown to people; also the accessible name of its field.
        default: Value where none is given.
        minimum: Least value accepted.
        maximum: Greatest value accepted.
        step: Grain of the control that edits it; any value in the range is accepted, except
            that a whole-number parameter (`integer`) accepts whole numbers only.
        integer: Whether only whole numbers are accepted.
        switch: Whether it is on (1) or off (0), and True and False are accepted too.
        unit: Unit shown behind the value, or ""; "%" shows a fraction as a percentage.
        choices: Values that the control offers, or () for a plain number field.
        help: One sentence that says what it does.
        symbol: What stands for it in formulas, or "".
        formula: What it does, as Entry.formula.
    """

    name: str
    label: str
    default: float
    minimum: float
    maximum: float
    step: float = 1
    integer: bool = False
    switch: bool = False
    unit: str = ""
    choices: tuple[float, ...] = ()
    help: str = ""
    symbol: str = ""
    formula: str = ""

    def __post_init__(self) -> None:
        for name in ("label", "unit", "help"):
            object.__setattr__(self, name, as_sentence(getattr(self, name)))

    def check(self, value: object, owner: str = "") -> float:
        """Return `value` as an int or a float in this parameter's range.

        Args:
            value: What came; a text is refused, and so is a bool unless this is a switch.
            owner: What the parameter belongs to, for the message: "adam".

        Raises:
            InvalidValueError: If it is not a finite number in the range.
        """
        if self.switch and isinstance(value, bool):
            return int(value)
        valid = isinstance(value, (int, float)) and not isinstance(value, bool)
        if (
            not valid
            or not self.minimum <= value <= self.maximum  # type: ignore[operator]  # NaN is in no range
            or (self.integer and value != int(value))  # type: ignore[call-overload]
        ):
            names = {
                "who": f"{owner}: {self.name}" if owner else self.label,
                "minimum": self.minimum,
                "maximum": self.maximum,
                "value": shown(value),
            }
            if self.integer:
                text = say("{who} must be a whole number from {minimum} to {maximum}, got {value}.", **names)
            else:
                text = say("{who} must be a number from {minimum} to {maximum}, got {value}.", **names)
            raise InvalidValueError(text, self.name)
        return int(value) if self.integer else float(value)  # type: ignore[call-overload, arg-type]


def shown(value: object, limit: int = 60) -> str:
    """Return `value` as it is quoted in an error message: its repr, cut to `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True)
class Entry(Generic[T]):
    """A registered component and what it declares of itself.

    Label and help are kept as Sentences, so that they can be said in another language.

    Attributes:
        name: Identifier, as in Python, JSON and the URL.
        value: The component: a class or a function.
        label: Name shown to people.
        help: A sentence or two that say what it is, and when to choose it.
        parameters: The numbers that it accepts, as keyword arguments of the same names.
        source: Where the formula or the data come from.
        traits: Facts of this kind of component that others need (documented by its registry).
        formula: What it computes, in Unicode mathematics without words, on a few lines; or "".
    """

    name: str
    value: T
    label: str
    help: str
    parameters: tuple[Parameter, ...]
    source: str
    traits: Mapping[str, Any]
    formula: str = ""

    def __post_init__(self) -> None:
        for name in ("label", "help"):
            object.__setattr__(self, name, as_sentence(getattr(self, name)))

    def options(self, given: Mapping[str, object]) -> dict[str, float]:
        """Return a value for each parameter: the given one, checked, or its default.

        Raises:
            InvalidValueError: If a name is unknown or a value is out of range.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise UnknownNameError(say("option of {name}", name=self.name), name, known, name)
        return {
            name: parameter.check(given.get(name, parameter.default), self.name) for name, parameter in known.items()
        }


class Registry(Generic[T]):
    """The components of one kind, by name, in the order in which menus show them."""

    def __init__(self, kind: str) -> None:
        """
        Args:
            kind: What the components are, in the singular, for error messages: "activation".
        """
        self.kind = kind
        self._entries: dict[str, Entry[T]] = {}

    def register(
        self,
        name: str,
        *,
        label: str,
        help: str,
        parameters: tuple[Parameter, ...] = (),
        source: str = "",
        formula: str = "",
        **traits: Any,
    ) -> Callable[[T], T]:
        """Return a decorator that adds a component under `name` and gives it back unchanged."""

        def add(value: T) -> T:
            if name in self._entries:
                raise ValueError(f"The {self.kind} {name!r} is registered twice.")
            self._entries[name] = Entry(name, value, label, help, parameters, source, traits, formula)
            return value

        return add

    def subset(self, keep: Callable[[Entry[T]], bool]) -> "Registry[T]":
        """Return a registry of the entries for which `keep` is true, in the same order."""
        chosen: Registry[T] = Registry(self.kind)
        chosen._entries = {entry.name: entry for entry in self if keep(entry)}
        return chosen

    def __getitem__(self, name: str) -> Entry[T]:
        """Return the entry called `name`.

        Raises:
            UnknownNameError: If there is none; the message lists those that exist.
        """
        return self.get(name)

    def get(self, name: object, field: str = "") -> Entry[T]:
        """Return the entry called `name`; `field` is the setting to blame if there is none."""
        entry = self._entries.get(name) if isinstance(name, str) else None
        if entry is None:
            raise UnknownNameError(as_sentence(self.kind), name, self._entries, field)
        return entry

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self._entries.values())

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def names(self) -> tuple[str, ...]:
        """Every registered name, in menu order."""
        return tuple(self._entries)
