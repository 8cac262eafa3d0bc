"""Contracts that every registered component keeps, whatever it is."""

import inspect
import json

import numpy as np
import pytest

from playground.errors import InvalidValueError, UnknownNameError
from playground.nn import ACTIVATIONS, INITIALIZERS, LOSSES, METRICS, OPTIMIZERS, REGULARIZERS, SCHEDULES, activations
from playground.nn.components import resolve
from playground.nn.tape import Tape

REGISTRIES = [ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, REGULARIZERS, INITIALIZERS, METRICS]
ENTRIES = [entry for registry in REGISTRIES for entry in registry]
SETTINGS = [(entry, parameter) for entry in ENTRIES for parameter in entry.parameters]

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
each_setting = pytest.mark.parametrize(
    ("entry", "parameter"), SETTINGS, ids=[f"{entry.name}-{parameter.name}" for entry, parameter in SETTINGS]
)


@each_entry
def test_an_entry_says_what_it_is_and_where_it_comes_from(entry):
    assert entry.label
    assert entry.help.endswith(".")
    assert entry.source
    assert inspect.getdoc(entry.value)
    assert entry.value.__doc__ != entry.value.__mro__[1].__doc__


@each_entry
def test_an_entry_can_be_made_without_arguments_and_knows_its_entry(entry):
    assert entry.value().entry is entry


@each_entry
def test_the_signature_repeats_the_declared_defaults(entry):
    signature = inspect.signature(entry.value.__init__).parameters
    declared = {parameter.name: parameter.default for parameter in entry.parameters}
    named = {name: p.default for name, p in signature.items() if p.kind is p.POSITIONAL_OR_KEYWORD and name != "self"}
    assert named == declared
    assert dict(entry.value().settings) == declared


@each_entry
def test_an_entry_comes_back_from_its_config(entry):
    component = entry.value()
    for parameter in entry.parameters:
        setattr(component, parameter.name, parameter.maximum)
    config = json.loads(json.dumps(component.to_config()))
    again = resolve(next(base for base in entry.value.__mro__ if "registry" in vars(base)), config)
    assert type(again) is entry.value
    assert again.settings == component.settings


def test_every_regularizer_at_a_rate_costs_so_much():
    regularizers = {entry.name: entry.value.at(0.25) for entry in REGULARIZERS}
    costs = {name: regularizer.penalty(np.array([[2.0, -5.0]])) for name, regularizer in regularizers.items()}
    assert costs == {"l1": 0.25 * 7, "l2": 0.25 * 29, "l1_l2": 0.25 * (7 + 29)}
    assert {regularizer.rate for regularizer in regularizers.values()} == {0.25}


@each_setting
def test_a_setting_refuses_what_is_out_of_range_and_keeps_its_value(entry, parameter):
    component = entry.value()
    kind = "a whole number" if parameter.integer else "a number"
    sentence = f"^{entry.name}: {parameter.name} must be {kind} from .*, got "
    wrongs = (parameter.minimum - 1, parameter.maximum + 1, float("nan"), float("inf"), "1", None)
    for wrong in wrongs if parameter.switch else (*wrongs, True):
        with pytest.raises(InvalidValueError, match=sentence):
            entry.value(**{parameter.name: wrong})
        with pytest.raises(InvalidValueError, match=sentence):
            setattr(component, parameter.name, wrong)
        assert getattr(component, parameter.name) == parameter.default


@each_setting
def test_a_setting_accepts_its_bounds_and_what_its_control_offers(entry, parameter):
    component = entry.value()
    for value in (parameter.minimum, parameter.maximum, *parameter.choices):
        setattr(component, parameter.name, value)
        assert getattr(component, parameter.name) == value


def test_a_setting_accepts_numpy_numbers():
    sgd = OPTIMIZERS["sgd"].value(np.float32(0.5))
    sgd.learning_rate = np.int64(1)
    assert sgd.learning_rate == 1.0


def test_the_sentence_of_a_refusal_names_who_what_is_accepted_and_what_came():
    with pytest.raises(InvalidValueError) as caught:
        OPTIMIZERS["sgd"].value(momentum=1.5)
    assert str(caught.value) == "sgd: momentum must be a number from 0 to 1, got 1.5."
    assert caught.value.field == "momentum"


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="Unknown activation 'rleu'; choose one of: tanh, relu, sigmoid"):
        activations.get("rleu")


def test_what_is_neither_a_name_nor_a_component_is_refused():
    with pytest.raises(InvalidValueError, match=r"The activation must be one of tanh, relu, .*, got 3"):
        activations.get(3)


@pytest.mark.parametrize("entry", list(ACTIVATIONS), ids=lambda entry: entry.name)
def test_an_activation_declares_the_range_of_its_outputs_and_whether_hidden_layers_have_it(entry):
    low, high = entry.traits["range"]
    z = np.linspace(-40, 40, 81).reshape(3, 27)
    a = apply(entry.value(), z)
    assert low is None or (a >= low).all()
    assert high is None or (a <= high).all()
    assert low is not None or a.min() < -1
    assert high is not None or a.max() > 1
    assert isinstance(entry.traits["hidden"], bool)


@pytest.mark.parametrize("entry", list(LOSSES), ids=lambda entry: entry.name)
def test_a_loss_declares_its_problems_and_output_activations(entry):
    assert set(entry.traits["problems"]) <= {"binary", "multiclass", "regression"}
    assert all(name in ACTIVATIONS for name in entry.traits["outputs"])


def apply(activation, z):
    """Return the activation's outputs for z (units, samples)."""
    tape, a = Tape(), z.copy()
    activation.forward(tape, z.copy() if activation.keeps_z else a, a)
    tape.run()
    return a
