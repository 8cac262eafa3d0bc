"""What activations, losses, optimizers, regularizers and initializers have in common: settings, and names."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

import numpy as np

from playground.errors import InvalidValueError
from playground.registry import Entry, Registry, shown

C = TypeVar("C", bound="Component")


class Setting:
    """An attribute that holds a declared parameter: a number, checked whenever it is set.

    A tape reads a live setting at every step, as the 0-d array `component.cell(name)`; it is recorded
    anew after a change of any other, which is what a component's `revision` counts.
    """

    def __init__(self, live: bool = False) -> None:
        self.live = live

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, component: "Component", owner: type | None = None) -> float:
        value: float = component.cell(self.name).item()
        return value

    def __set__(self, component: "Component", value: float) -> None:
        component.cell(self.name)[...] = component.entry.options({self.name: plain(value)})[self.name]
        component.revision += not self.live


class Component:
    """Something that a person chooses by its name, with its settings.

    Attributes:
        entry: How it is registered: its name, label, help and parameters.
        revision: Grows when a setting changes that is not read live.
    """

    registry: ClassVar[Registry[Any]]

    def __init__(self, **settings: float) -> None:
        """
        Args:
            **settings: A value for each declared parameter, or its default where none is given.

        Raises:
            InvalidValueError: If a name is unknown or a value is out of range.
        """
        self.entry = self.declared()
        self.revision = 0
        options = self.entry.options({name: plain(value) for name, value in settings.items()})
        self._cells = {name: np.array(value, float) for name, value in options.items()}

    @classmethod
    def declared(cls) -> Entry[Any]:
        """Return the entry of this class or of the nearest that it derives from, else one made up from its name."""
        by_class = {entry.value: entry for entry in cls.registry}
        for base in cls.__mro__:
            if base in by_class:
                return by_class[base]
        return Entry(cls.__name__.lower(), cls, cls.__name__, "", (), "", {})

    def cell(self, name: str) -> np.ndarray[tuple[()], np.dtype[np.float64]]:
        """Return the 0-d array that holds the setting `name`."""
        return self._cells[name]

    @property
    def settings(self) -> Mapping[str, float]:
        """The present value of every declared parameter."""
        return {name: cell.item() for name, cell in self._cells.items()}

    def to_config(self) -> dict[str, Any]:
        """Return name and settings as plain JSON values."""
        return {"name": self.entry.name, **self.settings}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the component that `to_config` described.

        Raises:
            InvalidValueError: If a setting is unknown or out of range.
        """
        return cls(**{name: value for name, value in config.items() if name != "name"})

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value:g}" for name, value in self.settings.items())
        return f"{type(self).__name__}({given})"


def plain(value: Any) -> Any:
    """Return a NumPy scalar as the Python number that it stands for, and anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def resolve(kind: type[C], identifier: object, field: str = "") -> C:
    """Return the component that `identifier` means.

    Args:
        kind: Kind of component.
        identifier: One of this kind itself, its class, the name of one (or an abbreviation: the entry's
            trait `aliases`; or the name of its class), or what `to_config` gave.
        field: The setting to blame.

    Raises:
        UnknownNameError: If no component has this name.
        InvalidValueError: If it is neither a name nor a component of this kind.
    """
    if isinstance(identifier, kind):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, kind):
        return identifier()
    if isinstance(identifier, Mapping) and isinstance(identifier.get("name"), str):
        entry = kind.registry.get(identifier["name"], field)
        component: C = entry.value.from_config(identifier)
        return component
    if not isinstance(identifier, str):
        names = ", ".join(kind.registry.names)
        raise InvalidValueError(
            f"The {kind.registry.kind} must be one of {names}, or an object of that kind, got {shown(identifier)}.",
            field,
        )
    by_other_names = {
        other: entry.name
        for entry in kind.registry
        for other in (entry.value.__name__, entry.name.upper(), *entry.traits.get("aliases", ()))
    }
    component = kind.registry.get(by_other_names.get(identifier, identifier), field).value()
    return component
