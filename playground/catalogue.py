"""All that a person can choose, as one description from which the page builds its menus and fields.

What is read only when somebody asks for help is apart, in `help_book`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

import msgspec
import numpy as np

from playground.data import DATASETS, FEATURES, FUNCTIONS, describe
from playground.data.projections import PROJECTIONS
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from playground.registry import Entry, Parameter, Registry
from playground.sentences import say, say_n
from playground.training import GRID, MEASUREMENTS, SETTINGS, ExperimentConfig
from playground.training.experiment_data import ExperimentData
from playground.training.setting_kinds import Choice, NameList, Names, Number, Numbers, Options, Setting
from playground.training.terms import SYMBOLS, TERMS

_REGISTRIES: tuple[Registry[Any], ...] = (
    DATASETS,
    FEATURES,
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    MEASUREMENTS,
    SCHEDULES,
    PROJECTIONS,
    FUNCTIONS,
)
_HELPFUL = (DATASETS, FEATURES, FUNCTIONS, MEASUREMENTS)
"""Registries whose help shows at once, as a title."""

_THUMBNAIL_POINTS = 100
_THUMBNAIL_SIDE = 64

DEFAULT_PACE = 30.0
"""Epochs a second of a new run: slow enough to watch two moons being parted."""


class PaceDescription(msgspec.Struct):
    """A speed that the page offers: updates or epochs a second, or null for as fast as possible."""

    per_second: float | None
    unit: Literal["step", "epoch"]
    label: str


PACES = [
    *(PaceDescription(pace, "step", say_n("{n} update/s", "{n} updates/s", pace)) for pace in (1, 5, 20)),
    *(
        PaceDescription(pace, "epoch", say_n("{n} epoch/s", "{n} epochs/s", pace))
        for pace in (1, 5, 10, 30, 60, 100, 300, 1000)
    ),
    PaceDescription(None, "epoch", say("As fast as possible")),
]
"""The speeds that the page offers."""


class ParameterDescription(msgspec.Struct):
    """A number's field: its range, grain and meaning."""

    name: str
    label: str
    help: str
    default: float
    minimum: float
    maximum: float
    step: float
    integer: bool
    switch: bool
    unit: str
    choices: list[float]


class Thumbnail(msgspec.Struct):
    """A data set in small, in whole numbers and in order, because every visitor loads it.

    Attributes:
        x: Sixty-fourths of the width, rightwards.
        y: Sixty-fourths of the height, downwards.
        target: Class number; or value in tenths of the colour scale, whose ends are -10 and 10.
    """

    x: list[int]
    y: list[int]
    target: list[int]


class EntryDescription(msgspec.Struct, omit_defaults=True):
    """A registered component, as menus show it; `help` is empty where only the help book has it.

    `problem`, `classes`, `fixed` and `thumbnail` are set for data sets.
    """

    name: str
    label: str
    help: str
    parameters: list[ParameterDescription]
    problem: str = ""
    classes: list[str] = []
    fixed: bool = False
    thumbnail: Thumbnail | None = None


class SettingDescription(msgspec.Struct, omit_defaults=True):
    """One field of an experiment.

    Attributes:
        kind: "number", "choice", "switch", "names", "name list", "numbers", "text", "texts", "points", "given" or
            "options".
        group: Where on the page its field belongs: "data", "picture", "network", "training", "stop" or "chance"; "" if
            it has none, as what is edited where it shows.
        default: Value where none is given.
        starts_over: Whether changing it draws new first weights and counts epochs from 0.
        number: Range of the number, or of each number of a list.
        registry: Kind of component that is chosen from.
        options: Names that a choice offers.
        automatic: Label of the choice of none, or "".
        of: For "options": the setting that chooses the component.
        elsewhere: For "options": parameters that are settings of their own.
    """

    name: str
    label: str
    help: str
    kind: str
    default: Any
    group: str = ""
    starts_over: bool = False
    number: ParameterDescription | None = None
    registry: str = ""
    options: list[str] = []
    automatic: str = ""
    of: str = ""
    elsewhere: list[str] = []


class Explanation(msgspec.Struct, omit_defaults=True):
    """What there is to know of a term, a setting or a choice.

    Attributes:
        formula: In Unicode mathematics, a line or several.
        symbols: What stands in the formula, each with its meaning.
        source: Where the formula or the data come from.
        see: Keys of what is worth reading next.
    """

    label: str
    text: str
    formula: str = ""
    symbols: list[tuple[str, str]] = []
    source: str = ""
    see: list[str] = []


class HelpBook(msgspec.Struct):
    """Every explanation: of terms and settings by their names, of choices by kind and name, as "activation/tanh"."""

    explanations: dict[str, Explanation]


class Catalogue(msgspec.Struct):
    """Everything that can be chosen; `registries` is keyed by the kind of component."""

    settings: list[SettingDescription]
    registries: dict[str, list[EntryDescription]]
    paces: list[PaceDescription]
    grid: int


@cache
def catalogue() -> Catalogue:
    """Return the description of every registry and setting."""
    return Catalogue(
        settings=[_setting(setting) for setting in SETTINGS],
        registries={registry.kind: [_entry(registry, entry) for entry in registry] for registry in _REGISTRIES},
        paces=PACES,
        grid=GRID,
    )


@cache
def help_book() -> HelpBook:
    """Return all that the page explains when it is asked."""
    explanations = {term.name: _term(term) for term in TERMS}
    explanations |= {setting.name: _explained(setting) for setting in SETTINGS if not isinstance(setting, Options)}
    for registry in _REGISTRIES:
        choosing = [
            setting.name
            for setting in SETTINGS
            if isinstance(setting, Choice | Names) and setting.registry.kind == registry.kind
        ]
        for entry in registry:
            explanations[_key(registry, entry)] = _explained_entry(entry, choosing)
    return HelpBook(explanations)


def _term(term: Entry[None]) -> Explanation:
    symbols = _symbols(term.formula, term.traits["symbols"])
    return Explanation(term.label, term.help, term.formula, symbols, see=list(term.traits["see"]))


def _explained(setting: Setting) -> Explanation:
    if isinstance(setting, Choice | Names):
        see = [_key(setting.registry, entry) for entry in setting.registry]
    else:
        see = [term.name for term in TERMS if setting.name in term.traits["see"]]
    return Explanation(setting.label, setting.help, setting.formula, _symbols(setting.formula, {}), see=see)


def _explained_entry(entry: Entry[Any], choosing: list[str]) -> Explanation:
    own = {parameter.symbol: parameter.label for parameter in entry.parameters if parameter.symbol}
    return Explanation(entry.label, entry.help, entry.formula, _symbols(entry.formula, own), entry.source, choosing[:1])


def _key(registry: Registry[Any], entry: Entry[Any]) -> str:
    return f"{registry.kind}/{entry.name}"


def _symbols(formula: str, own: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the symbols of a formula mean, in their order; `own` ones mean something else than elsewhere."""
    known = {symbol: meaning for symbol, meaning in _known_symbols() if symbol}
    known.update(own)
    alternatives = "|".join(
        rf"(?<![A-Za-z]){symbol}(?![A-Za-z0-9])" if symbol.isalpha() else re.escape(symbol)
        for symbol in sorted(known, key=len, reverse=True)
    )
    found = re.findall(alternatives, formula)
    return [(symbol, known[symbol]) for symbol in dict.fromkeys(found)]


def _known_symbols() -> Iterator[tuple[str, str]]:
    yield from SYMBOLS.items()
    for term in TERMS:
        yield term.traits["symbol"], term.label
    for setting in SETTINGS:
        match setting:
            case Number(parameter=parameter) | Numbers(item=parameter):
                yield parameter.symbol, parameter.label


def _parameter(parameter: Parameter) -> ParameterDescription:
    return ParameterDescription(
        name=parameter.name,
        label=parameter.label,
        help=parameter.help,
        default=parameter.default,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        step=parameter.step,
        integer=parameter.integer,
        switch=parameter.switch,
        unit=parameter.unit,
        choices=list(parameter.choices),
    )


def _entry(registry: Registry[Any], entry: Entry[Any]) -> EntryDescription:
    traits = entry.traits
    spec = describe(entry.name) if registry is DATASETS else None
    return EntryDescription(
        name=entry.name,
        label=entry.label,
        help=entry.help if registry in _HELPFUL else "",
        parameters=[_parameter(parameter) for parameter in entry.parameters],
        problem=traits.get("problem", ""),
        classes=list(spec.classes) if spec else [],
        fixed=traits.get("fixed", False),
        thumbnail=_thumbnail(entry.name) if registry is DATASETS else None,
    )


def _thumbnail(name: str) -> Thumbnail:
    config = ExperimentConfig()
    data = ExperimentData(config.changed({"dataset": name, "samples": _THUMBNAIL_POINTS, "noise": config.noise / 2}))
    (left, right), (low, high) = data.domain
    x = (data.places[:, 0] - left) / (right - left)
    y = 1.0 - (data.places[:, 1] - low) / (high - low)  # screens count downwards
    few = np.linspace(0, len(x) - 1, min(len(x), _THUMBNAIL_POINTS)).astype(np.intp)  # of large tables, throughout
    target = data.y
    if data.spec.regression:
        least, greatest = data.value_range
        target = 10.0 * (2.0 * (target - least) / (greatest - least) - 1.0)
    columns = np.round([target, _THUMBNAIL_SIDE * x, _THUMBNAIL_SIDE * y]).astype(int)[:, few]
    target, x, y = columns[:, np.lexsort(columns[::-1])].tolist()
    return Thumbnail(x, y, target)


def _setting(setting: Setting) -> SettingDescription:
    description = SettingDescription(
        name=setting.name,
        label=setting.label,
        help=setting.help,
        kind=setting.kind,
        default=getattr(ExperimentConfig(), setting.name),
        group=setting.group,
        starts_over=setting.effect.starts_over,
        automatic=setting.automatic,
    )
    match setting:
        case Number(parameter=parameter):
            description.number = _parameter(parameter)
        case Numbers(item=item):
            description.number = _parameter(item)
        case Choice(registry=registry) | Names(registry=registry) | NameList(registry=registry):
            description.registry, description.options = registry.kind, list(registry.names)
        case Options(registry=registry, of=of, elsewhere=elsewhere):
            description.registry, description.of, description.elsewhere = registry.kind, of, list(elsewhere)
    return description
