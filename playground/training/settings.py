"""The kinds of setting that an experiment has: how each is checked, written into a link, and described.

Raw values come from a browser's message, a link or a file; `check` returns the clean value or raises
InvalidValueError with a sentence. `read` does the same for the text of a link, and `write` is its inverse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from playground.errors import InvalidValueError, UnknownNameError
from playground.registry import Parameter, Registry, shown


class Setting(Protocol):
    """One field of an experiment; `kind` tells the page which control suits it."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def help(self) -> str: ...

    @property
    def kind(self) -> str: ...

    def check(self, value: Any) -> Any:
        """Return the clean value, or raise InvalidValueError."""
        ...

    def read(self, text: str) -> Any:
        """Return the value that `text` stands for in a link, or raise InvalidValueError."""
        ...

    def write(self, value: Any) -> str:
        """Return `value` as text for a link."""
        ...


@dataclass(frozen=True)
class Number:
    """A number in a range."""

    parameter: Parameter
    kind: str = "number"

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def label(self) -> str:
        return self.parameter.label

    @property
    def help(self) -> str:
        return self.parameter.help

    def check(self, value: Any) -> float:
        return self.parameter.check(value)

    def read(self, text: str) -> float:
        try:
            value: Any = float(text)
        except ValueError:
            value = text
        return self.check(value)

    def write(self, value: float) -> str:
        return repr(value)


@dataclass(frozen=True)
class Choice:
    """One name of a registry; where `automatic` has a label, None is a choice of that name."""

    name: str
    label: str
    registry: Registry[Any]
    help: str = ""
    automatic: str = ""
    kind: str = "choice"

    def check(self, value: Any) -> str | None:
        if value is None and self.automatic:
            return None
        return self.registry.get(value, self.name).name

    def read(self, text: str) -> str | None:
        return self.check(None if text == "auto" else text)

    def write(self, value: str | None) -> str:
        return value or "auto"


@dataclass(frozen=True)
class Switch:
    """On or off."""

    name: str
    label: str
    help: str = ""
    kind: str = "switch"

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise InvalidValueError(f"{self.label} must be true or false, got {shown(value)}.", self.name)
        return value

    def read(self, text: str) -> bool:
        return self.check({"true": True, "false": False}.get(text.lower(), text))

    def write(self, value: bool) -> str:
        return str(value).lower()


@dataclass(frozen=True)
class Names:
    """A selection from a registry, kept in the registry's order."""

    name: str
    label: str
    registry: Registry[Any]
    help: str = ""
    kind: str = "names"

    def check(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)):
            raise InvalidValueError(f"{self.label} must be a list of names, got {shown(value)}.", self.name)
        chosen = {self.registry.get(name, self.name).name for name in value}
        return tuple(name for name in self.registry.names if name in chosen)

    def read(self, text: str) -> tuple[str, ...]:
        return self.check([name for name in text.split(",") if name])

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


@dataclass(frozen=True)
class Numbers:
    """A list of whole numbers, each in the range of `item`, of limited length.

    Attributes:
        minimum_length: Fewest numbers accepted.
        maximum_length: Most numbers accepted.
        too_long: Sentence for a list that is too long.
        automatic: Whether None is accepted, for "as the data set says".
    """

    name: str
    label: str
    item: Parameter
    minimum_length: int
    maximum_length: int
    too_long: str
    help: str = ""
    automatic: bool = False
    kind: str = "numbers"

    def check(self, value: Any) -> tuple[int, ...] | None:
        if value is None and self.automatic:
            return None
        if not isinstance(value, (list, tuple)):
            raise InvalidValueError(f"{self.label} must be a list of whole numbers, got {shown(value)}.", self.name)
        if not self.minimum_length <= len(value) <= self.maximum_length:
            raise InvalidValueError(self.too_long, self.name)
        try:
            return tuple(int(self.item.check(item)) for item in value)
        except InvalidValueError as error:
            raise InvalidValueError(str(error), self.name) from error

    def read(self, text: str) -> tuple[int, ...] | None:
        if text == "auto":
            return self.check(None)
        items: list[Any] = []
        for item in text.split(",") if text else []:
            try:
                items.append(int(item))
            except ValueError:
                items.append(item)
        return self.check(items)

    def write(self, value: tuple[int, ...] | None) -> str:
        return "auto" if value is None else ",".join(map(str, value))


@dataclass(frozen=True)
class Options:
    """Values for the parameters of the component that another setting has chosen.

    A link writes each option as a key of its own: `momentum=0.9`. Options at their default are left out.

    Attributes:
        of: Name of the setting that chooses the component.
        elsewhere: Parameters that are settings of their own, so not options here.
    """

    name: str
    label: str
    registry: Registry[Any]
    of: str
    elsewhere: tuple[str, ...] = ()
    help: str = ""
    kind: str = "options"

    def parameters(self, chosen: str) -> dict[str, Parameter]:
        """Return the parameters of the component called `chosen` that are options here, by name."""
        return {p.name: p for p in self.registry[chosen].parameters if p.name not in self.elsewhere}

    def check(self, value: Any, chosen: str | None = None) -> dict[str, float]:
        """Return the clean options; with `chosen`, also check that they are that component's."""
        if not isinstance(value, Mapping):
            raise InvalidValueError(f"{self.label} must map names to numbers, got {shown(value)}.", self.name)
        if chosen is None:
            return dict(value)
        known = self.parameters(chosen)
        for name in value:
            if name not in known:
                raise UnknownNameError(f"option of {chosen}", name, known or ["(it has none)"], str(name))
        checked = {name: known[name].check(number, chosen) for name, number in value.items()}
        return {name: number for name, number in checked.items() if number != known[name].default}

    def read(self, text: str) -> dict[str, float]:
        raise InvalidValueError(f"{self.label}: each option is a key of its own, such as momentum=0.9.", self.name)

    def write(self, value: Mapping[str, float]) -> str:
        raise InvalidValueError(f"{self.label}: each option is a key of its own.", self.name)
