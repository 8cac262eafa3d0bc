"""All that a person can choose, as one description from which the page builds its menus and fields."""

from functools import cache
from typing import Any, Literal

import msgspec
import numpy as np

from playground.data import DATASETS, FEATURES, FUNCTIONS
from playground.data.projections import PROJECTIONS
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from playground.registry import Entry, Parameter, Registry
from playground.training import GRID, MEASUREMENTS, SETTINGS, ExperimentConfig
from playground.training.experiment_data import ExperimentData
from playground.training.settings import Choice, NameList, Names, Number, Numbers, Options, Setting

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
_THUMBNAIL_POINTS = 100

DEFAULT_PACE = 30.0
"""Epochs a second of a new run: slow enough to watch two moons being parted."""


class PaceDescription(msgspec.Struct):
    """A speed that the page offers: updates or epochs a second, or null for as fast as possible."""

    per_second: float | None
    unit: Literal["step", "epoch"]
    label: str


PACES = [
    *(PaceDescription(pace, "step", f"{pace:g} update{'s' if pace > 1 else ''}/s") for pace in (1.0, 5.0, 20.0)),
    *(
        PaceDescription(pace, "epoch", f"{pace:,.0f} epoch{'s' if pace > 1 else ''}/s")
        for pace in (1.0, 5.0, 10.0, 30.0, 60.0, 100.0, 300.0, 1000.0)
    ),
    PaceDescription(None, "epoch", "As fast as possible"),
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
    """A data set in small: positions from 0 to 1 (rightwards, downwards), and class number or value.

    Attributes:
        value_range: Values at the two ends of the colour scale.
    """

    x: list[float]
    y: list[float]
    target: list[float]
    value_range: list[float]


class EntryDescription(msgspec.Struct, omit_defaults=True):
    """A registered component, as menus show it.

    `problem`, `classes`, `columns`, `fixed` and `thumbnail` are set for data sets.
    """

    name: str
    label: str
    help: str
    source: str
    parameters: list[ParameterDescription]
    problem: str = ""
    classes: list[str] = []
    columns: list[str] = []
    fixed: bool = False
    thumbnail: Thumbnail | None = None


class SettingDescription(msgspec.Struct, omit_defaults=True):
    """One field of an experiment.

    Attributes:
        kind: "number", "choice", "switch", "names", "name list", "numbers", "texts", "points", "given" or "options".
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
    return EntryDescription(
        name=entry.name,
        label=entry.label,
        help=entry.help,
        source=entry.source,
        parameters=[_parameter(parameter) for parameter in entry.parameters],
        problem=traits.get("problem", ""),
        classes=list(traits.get("classes", ())),
        columns=list(traits.get("columns", ())),
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
    x, y, target = (np.round(values[few], 2).tolist() for values in (x, y, data.y))
    return Thumbnail(x, y, target, list(data.value_range))


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
