"""All that a person can choose, as one description from which the page builds its menus and fields."""

from functools import cache
from typing import Any

import msgspec
import numpy as np

from playground.data import DATASETS, FEATURES, load
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS
from playground.registry import Entry, Parameter, Registry
from playground.training import GRID, MEASUREMENTS, SETTINGS, START_OVER, ExperimentConfig
from playground.training.settings import Choice, Names, Number, Numbers, Options, Setting

_REGISTRIES: tuple[Registry[Any], ...] = (
    DATASETS,
    FEATURES,
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    MEASUREMENTS,
)
_THUMBNAIL_POINTS = 150

PACES = (1.0, 5.0, 10.0, 30.0, 60.0, 100.0, 300.0, 1000.0)
"""Epochs a second that the page offers, beside as fast as possible."""

DEFAULT_PACE = 30.0
"""Epochs a second of a new run: slow enough to watch two moons being parted."""


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
    unit: str
    choices: list[float]


class Thumbnail(msgspec.Struct):
    """A data set in small: positions from 0 to 1 (rightwards, downwards), and class number or value."""

    x: list[float]
    y: list[float]
    target: list[float]


class EntryDescription(msgspec.Struct, omit_defaults=True):
    """A registered component, as menus show it.

    `problem`, `classes`, `columns`, `fixed` and `thumbnail` are set for data sets, `problems` for losses.
    """

    name: str
    label: str
    help: str
    source: str
    parameters: list[ParameterDescription]
    problem: str = ""
    problems: list[str] = []
    classes: list[str] = []
    columns: list[str] = []
    axes: list[int] = []
    fixed: bool = False
    thumbnail: Thumbnail | None = None


class SettingDescription(msgspec.Struct, omit_defaults=True):
    """One field of an experiment.

    Attributes:
        kind: "number", "choice", "switch", "names", "numbers" or "options".
        default: Value where none is given.
        starts_over: Whether changing it draws new first weights and counts epochs from 0.
        number: Range of the number, or of each number of a list.
        registry: Kind of component that is chosen from.
        options: Names that a choice offers.
        automatic: Label of the choice of none, or "".
        of: For "options": the setting that chooses the component.
        elsewhere: For "options": parameters that are settings of their own.
        longest: Most items of a list.
    """

    name: str
    label: str
    help: str
    kind: str
    default: Any
    starts_over: bool = False
    number: ParameterDescription | None = None
    registry: str = ""
    options: list[str] = []
    automatic: str = ""
    of: str = ""
    elsewhere: list[str] = []
    longest: int = 0


class Catalogue(msgspec.Struct):
    """Everything that can be chosen; `registries` is keyed by the kind of component, `paces` are epochs a second."""

    settings: list[SettingDescription]
    registries: dict[str, list[EntryDescription]]
    paces: list[float]
    grid: int


@cache
def catalogue() -> Catalogue:
    """Return the description of every registry and setting."""
    return Catalogue(
        settings=[_setting(setting) for setting in SETTINGS],
        registries={registry.kind: [_entry(registry, entry) for entry in registry] for registry in _REGISTRIES},
        paces=list(PACES),
        grid=GRID,
    )


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
        unit=parameter.unit,
        choices=list(parameter.choices),
    )


def _entry(registry: Registry[Any], entry: Entry[Any]) -> EntryDescription:
    traits = entry.traits
    return EntryDescription(
        name=entry.name,
        label=entry.label,
        help=entry.help,
        source=entry.source,
        parameters=[_parameter(parameter) for parameter in entry.parameters],
        problem=traits.get("problem", ""),
        problems=list(traits.get("problems", ())),
        classes=list(traits.get("classes", ())),
        columns=list(traits.get("columns", ())),
        axes=list(traits.get("axes", ())),
        fixed=traits.get("fixed", False),
        thumbnail=_thumbnail(entry.name) if registry is DATASETS else None,
    )


def _thumbnail(name: str) -> Thumbnail:
    config = ExperimentConfig(dataset=name)
    data = load(name, _THUMBNAIL_POINTS, config.noise / 2, config.data_seed)
    (left, right), (low, high) = data.domain
    x = (data.X[:, data.axes[0]] - left) / (right - left)
    y = 1.0 - (data.X[:, data.axes[1]] - low) / (high - low)  # screens count downwards
    return Thumbnail(*(np.round(values, 3).tolist() for values in (x, y, data.y)))


def _setting(setting: Setting) -> SettingDescription:
    description = SettingDescription(
        name=setting.name,
        label=setting.label,
        help=setting.help,
        kind=setting.kind,
        default=getattr(ExperimentConfig(), setting.name),
        starts_over=setting.name in START_OVER,
    )
    match setting:
        case Number(parameter=parameter):
            description.number = _parameter(parameter)
        case Numbers(item=item, maximum_length=longest):
            description.number, description.longest = _parameter(item), longest
        case Choice(registry=registry, automatic=automatic):
            description.registry, description.automatic = registry.kind, automatic
            description.options = list(registry.names)
        case Names(registry=registry):
            description.registry, description.options = registry.kind, list(registry.names)
        case Options(registry=registry, of=of, elsewhere=elsewhere):
            description.registry, description.of, description.elsewhere = registry.kind, of, list(elsewhere)
    return description
