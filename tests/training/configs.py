"""Configs to test with: any valid one, and one of a table."""

from hypothesis import strategies as st

from playground.data.table_reader import read
from playground.data.tables import choose, guess
from playground.errors import InvalidValueError
from playground.training import MAX_HIDDEN_LAYERS, MAX_UNITS, SETTINGS, ExperimentConfig
from playground.training.setting_kinds import (
    Choice,
    Given,
    NameList,
    Names,
    Number,
    Numbers,
    Options,
    OwnPoints,
    Switch,
    Text,
    Texts,
)

TABLE = read("\n".join(["a,b,kind", *(f"{n % 7},{n % 5},{n % 2}" for n in range(40))]).encode(), "own.csv")

SOURCE = choose(TABLE, guess(TABLE))


def values_of(setting):
    """Return a strategy for the values that a setting accepts."""
    none = [st.none()] if setting.automatic else []
    match setting:
        case Number(parameter=p) if p.integer:
            return st.one_of(*none, st.integers(int(p.minimum), int(p.maximum)))
        case Number(parameter=p):
            return st.one_of(*none, st.floats(p.minimum, p.maximum))
        case Choice(registry=registry):
            return st.one_of(*none, st.sampled_from(registry.names))
        case Switch():
            return st.booleans()
        case Names(registry=registry):
            return st.lists(st.sampled_from(registry.names), unique=True)
        case NameList(registry=registry, longest=longest):
            return st.lists(st.sampled_from(["", *registry.names]), max_size=longest)
        case Numbers(name="hidden"):
            return st.lists(st.integers(1, MAX_UNITS), max_size=MAX_HIDDEN_LAYERS)
        case Numbers(name="axes"):
            return st.sampled_from([None, [0, 1], [3, 1]])
        case Numbers(name="columns"):
            return st.sampled_from([None, [0], [2, 1]])
        case Numbers(name="erased"):
            return st.lists(st.integers(0, 20), max_size=5)
        case Numbers(name="dropout"):
            return st.lists(st.floats(0, 0.9), max_size=MAX_HIDDEN_LAYERS)
        case OwnPoints():
            places = st.floats(-10, 10)
            return st.lists(st.tuples(places, places, st.sampled_from([0.0, 1.0])), max_size=5)
        case Text(longest=longest):
            return st.one_of(*none, st.text(min_size=1, max_size=longest))
        case Texts():
            return st.lists(st.sampled_from(["x1^2", "sin(3 * x1)", "-x1 + 0.5", "max(x1, 1e-3)"]), max_size=3)
        case Options() | Given():
            return st.just({} if isinstance(setting, Options) else None)


def is_valid(fields):
    try:
        ExperimentConfig(**fields)
    except InvalidValueError:
        return False
    return True


CONFIGS = (
    st.fixed_dictionaries({}, optional={setting.name: values_of(setting) for setting in SETTINGS})
    .filter(is_valid)
    .map(lambda fields: ExperimentConfig(**fields))
)

OPTIONS = [
    (setting, entry.name, parameter)
    for setting in SETTINGS
    if isinstance(setting, Options)
    for entry in setting.registry
    if entry.name in next(other for other in SETTINGS if other.name == setting.of).registry
    for parameter in setting.parameters(entry.name).values()
]
"""Each parameter of each component that can be chosen: the setting that holds it, the component, and it."""
