"""The kinds of setting that an experiment has: how each is checked, written into a link, and described.

Raw values come from a browser's message, a link or a file; `check` returns the clean value or raises
InvalidValueError with a sentence. `read` does the same for the text of a link, and `write` is its inverse.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, NamedTuple

from playground.errors import InvalidValueError, UnknownNameError
from playground.registry import Parameter, Registry, shown
from playground.sentences import Sentence, as_sentence, say


class Effect(Enum):
    """What a change of a setting does to the running network."""

    OTHER_DATA = "other data, for which a network is begun anew"
    FIRST_WEIGHTS = "the first weights are drawn anew and epochs count from 0"
    DATA = "other points, in the same inputs and outputs as far as possible"
    PICTURE = "only the picture is another"
    NETWORK = "the network is built anew, and keeps of its weights what can be kept"
    COMPILE = "the weights stay, and are trained otherwise"
    RATES = "numbers that each update looks up"
    BATCHES = "the samples are dealt out otherwise"
    NOTHING = "nothing about the network"

    @property
    def starts_over(self) -> bool:
        """Whether what was learned is lost."""
        return self in (Effect.OTHER_DATA, Effect.FIRST_WEIGHTS)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One field of an experiment.

    Label, help and `automatic` are kept as Sentences, so that they can be said in another language.

    Attributes:
        name: Identifier in Python, JSON and the link.
        label: Name shown to people; also the accessible name of its field.
        help: What it does, in a sentence.
        formula: What it does, in Unicode mathematics without words, or "".
        effect: What a change of it does to the running network.
        group: Where on the page it belongs: "data", "picture", "network", "training", "stop" or "chance"; "" for
            what has no field of its own.
        automatic: Label of None where that is a choice, or "".
        kind: Which control suits it.
    """

    name: str = ""
    label: str = ""
    help: str = ""
    formula: str = ""
    effect: Effect
    group: str = ""
    automatic: str = ""
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        for name in ("label", "help", "automatic"):
            object.__setattr__(self, name, as_sentence(getattr(self, name)))

    def check(self, value: Any) -> Any:
        """Return the clean value, or raise InvalidValueError."""
        return None if value is None and self.automatic else self._checked(value)

    def read(self, text: str) -> Any:
        """Return the value that `text` stands for in a link, or raise InvalidValueError."""
        return self.check(None if text == "auto" and self.automatic else self._read(text))

    def write(self, value: Any) -> str:
        """Return `value` as text for a link."""
        return "auto" if value is None else self._written(value)

    def _checked(self, value: Any) -> Any:
        raise NotImplementedError

    def _read(self, text: str) -> Any:
        return text

    def _written(self, value: Any) -> str:
        return str(value)

    def _refusal(self, accepted: Sentence, value: object) -> InvalidValueError:
        text = say(
            "{setting} must be {accepted}, got {value}.", setting=self.label, accepted=accepted, value=shown(value)
        )
        return InvalidValueError(text, self.name)

    def _check_length(self, count: int, most: int) -> None:
        if count > most:
            text = say("{setting}: at most {most}, got {count}.", setting=self.label, most=most, count=count)
            raise InvalidValueError(text, self.name)


@dataclass(frozen=True, kw_only=True)
class Number(Setting):
    """A number in a range."""

    kind = "number"
    parameter: Parameter

    def __post_init__(self) -> None:
        for name in ("name", "label", "help", "formula"):
            object.__setattr__(self, name, getattr(self.parameter, name))
        super().__post_init__()

    def _checked(self, value: Any) -> float:
        return self.parameter.check(value)

    def _read(self, text: str) -> Any:
        return _number(text)

    def _written(self, value: float) -> str:
        return repr(value)


@dataclass(frozen=True, kw_only=True)
class Choice(Setting):
    """One name of a registry."""

    kind = "choice"
    registry: Registry[Any]

    def _checked(self, value: Any) -> str:
        return self.registry.get(value, self.name).name


@dataclass(frozen=True, kw_only=True)
class Switch(Setting):
    """On or off."""

    kind = "switch"

    def _checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._refusal(say("true or false"), value)
        return value

    def _read(self, text: str) -> Any:
        return {"true": True, "false": False}.get(text.lower(), text)

    def _written(self, value: bool) -> str:
        return str(value).lower()


@dataclass(frozen=True, kw_only=True)
class Names(Setting):
    """A selection from a registry, kept in the registry's order."""

    kind = "names"
    registry: Registry[Any]

    def _checked(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)):
            raise self._refusal(say("a list of names"), value)
        chosen = {self.registry.get(name, self.name).name for name in value}
        return tuple(name for name in self.registry.names if name in chosen)

    def _read(self, text: str) -> Any:
        return [name for name in text.split(",") if name]

    def _written(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


@dataclass(frozen=True, kw_only=True)
class NameList(Setting):
    """A name of a registry, or "" for none, for each of several things in their order; "" at the end is left out.

    Attributes:
        longest: Most names accepted.
    """

    kind = "name list"
    registry: Registry[Any]
    longest: int

    def _checked(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or len(value) > self.longest:
            raise self._refusal(say("a list of at most {most} names", most=self.longest), value)
        names = [self.registry.get(name, self.name).name if name else "" for name in value]
        while names and not names[-1]:
            names.pop()
        return tuple(names)

    def _read(self, text: str) -> Any:
        return text.split(",")

    def _written(self, value: tuple[str, ...]) -> str:
        return ",".join(value)


@dataclass(frozen=True, kw_only=True)
class Numbers(Setting):
    """A list of numbers, each in the range of `item`, of limited length.

    Attributes:
        minimum_length: Fewest numbers accepted.
        maximum_length: Most numbers accepted.
        too_long: Sentence for a list that is too long or too short.
        trimmed: Whether defaults at the end are left out.
    """

    kind = "numbers"
    item: Parameter
    minimum_length: int
    maximum_length: int
    too_long: str
    trimmed: bool = False

    def _checked(self, value: Any) -> tuple[float, ...]:
        if not isinstance(value, (list, tuple)):
            raise self._refusal(say("a list of numbers"), value)
        if not self.minimum_length <= len(value) <= self.maximum_length:
            raise InvalidValueError(self.too_long, self.name)
        try:
            numbers = [self.item.check(item) for item in value]
        except InvalidValueError as error:
            raise InvalidValueError(error.sentence, self.name) from error
        while self.trimmed and numbers and numbers[-1] == self.item.default:
            numbers.pop()
        return tuple(numbers)

    def _read(self, text: str) -> Any:
        return [_number(item) for item in text.split(",")] if text else []

    def _written(self, value: tuple[float, ...]) -> str:
        return ",".join(map(repr, value))


@dataclass(frozen=True, kw_only=True)
class Text(Setting):
    """A short text, or none.

    Attributes:
        longest: Most characters accepted.
    """

    kind = "text"
    longest: int

    def check(self, value: Any) -> str | None:
        """Return the text, None for the empty one, or raise InvalidValueError."""
        if value is not None and (not isinstance(value, str) or len(value) > self.longest):
            raise self._refusal(say("a text of at most {most} characters", most=self.longest), value)
        return value or None

    def read(self, text: str) -> str | None:
        """Return the text of a link as it is: no word stands for none."""
        return self.check(text)


@dataclass(frozen=True, kw_only=True)
class Texts(Setting):
    """A list of short texts, each checked by `item`.

    Attributes:
        item: Returns the clean text, or raises InvalidValueError.
        longest: Most texts accepted.
    """

    kind = "texts"
    item: Callable[[str], str]
    longest: int

    def _checked(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
            raise self._refusal(say("a list of texts"), value)
        self._check_length(len(value), self.longest)
        try:
            return tuple(dict.fromkeys(self.item(text) for text in value))
        except InvalidValueError as error:
            raise InvalidValueError(error.sentence, self.name) from error

    def _read(self, text: str) -> Any:
        return [part for part in text.split(";") if part]

    def _written(self, value: tuple[str, ...]) -> str:
        return ";".join(value)


class OwnPoint(NamedTuple):
    """A point placed by hand that has been checked."""

    x: float
    y: float
    target: float


@dataclass(frozen=True, kw_only=True)
class OwnPoints(Setting):
    """Points placed by hand: x, y and target of each, to six digits, or to a thousandth where that is finer.

    Attributes:
        longest: Most points accepted.
        farthest: Greatest magnitude of a number.
    """

    kind = "points"
    longest: int
    farthest: float = 1e30

    def _checked(self, value: Any) -> tuple[OwnPoint, ...]:
        if not isinstance(value, (list, tuple)):
            raise self._refusal(say("a list of points"), value)
        self._check_length(len(value), self.longest)
        return tuple(self._point(point) for point in value)

    def _point(self, point: Any) -> OwnPoint:
        if isinstance(point, OwnPoint):
            return point
        if not isinstance(point, (list, tuple)) or len(point) != 3 or not all(map(self._is_number, point)):
            accepted = say(
                "points of three numbers from -{limit} to {limit}: x, y and class or value", limit=self.farthest
            )
            raise self._refusal(accepted, point)
        return OwnPoint(*map(_rounded, point))

    def _is_number(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return -self.farthest <= value <= self.farthest  # NaN is not

    def _read(self, text: str) -> Any:
        numbers = [_number(item) for item in text.split(",")] if text else []
        return [tuple(numbers[at : at + 3]) for at in range(0, len(numbers), 3)]

    def _written(self, value: tuple[tuple[float, float, float], ...]) -> str:
        return ",".join(repr(number).removesuffix(".0") for point in value for number in point)


@dataclass(frozen=True, kw_only=True)
class Given(Setting):
    """Something that only a file can give, so that no link holds it; `check` is its own."""

    kind = "given"
    item: Callable[[Any], Any]

    def _checked(self, value: Any) -> Any:
        return self.item(value)

    def _read(self, text: str) -> Any:
        raise InvalidValueError(say("{setting}: a link cannot hold it.", setting=self.label), self.name)


@dataclass(frozen=True, kw_only=True)
class Options(Setting):
    """Values for the parameters of the component that another setting has chosen.

    A link writes each option as a key of its own: `optimizer.momentum=0.9`. Options at their default are left out.

    Attributes:
        of: Name of the setting that chooses the component.
        elsewhere: Parameters that are settings of their own, so not options here.
    """

    kind = "options"
    registry: Registry[Any]
    of: str
    elsewhere: tuple[str, ...] = ()
    help: str = field(default="The numbers that the chosen one accepts.")

    def parameters(self, chosen: str | None) -> dict[str, Parameter]:
        """Return the parameters of the component called `chosen` that are options here, by name."""
        if chosen is None:
            return {}
        return {p.name: p for p in self.registry[chosen].parameters if p.name not in self.elsewhere}

    def _checked(self, value: Any) -> dict[str, float]:
        if not isinstance(value, Mapping):
            text = say("{setting} must map names to numbers, got {value}.", setting=self.label, value=shown(value))
            raise InvalidValueError(text, self.name)
        return dict(value)

    def check_for(self, chosen: str | None, value: Mapping[str, Any]) -> dict[str, float]:
        """Return the options of the component called `chosen`, checked; those at their default are left out."""
        known = self.parameters(chosen)
        for name in value:
            if name not in known:
                owner = say("option of {name}", name=chosen or say("nothing"))
                raise UnknownNameError(owner, name, known, self.key(name))
        try:
            checked = {name: known[name].check(number, chosen or "") for name, number in value.items()}
        except InvalidValueError as error:
            raise InvalidValueError(error.sentence, self.key(error.field)) from error
        return {name: number for name, number in checked.items() if number != known[name].default}

    def key(self, option: str) -> str:
        """Return the key of an option in a link."""
        return f"{self.of}.{option}"

    def _read(self, text: str) -> Any:
        text = say("{setting}: each option is a key of its own, {key}.", setting=self.label, key=self.key("…"))
        raise InvalidValueError(text, self.name)


def _rounded(number: float) -> float:
    return float(f"{number:.6g}") if abs(number) < 1000 else round(float(number), 3)


def _number(text: str) -> Any:
    """Return the number that a text is, or the text, for the check to refuse."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
