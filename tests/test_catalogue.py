from dataclasses import replace

import msgspec
import pytest

from playground.catalogue import catalogue, help_book
from playground.data import DATASETS
from playground.errors import InvalidValueError
from playground.training import SETTINGS, ExperimentConfig


def test_every_setting_is_described_with_its_default():
    described = {setting.name: setting for setting in catalogue().settings}
    assert set(described) == {setting.name for setting in SETTINGS}
    assert described["hidden"].default == (4, 2)
    assert described["dataset"].starts_over
    assert not described["learning_rate"].starts_over


def test_every_choice_of_a_setting_is_described():
    registries = catalogue().registries
    for setting in catalogue().settings:
        known = {entry.name for entry in registries.get(setting.registry, [])}
        assert set(setting.options) <= known, setting.name


ONE_OF_EACH_PROBLEM = [ExperimentConfig(dataset=name) for name in ("moons", "iris", "plane")]


@pytest.mark.parametrize("setting", [s for s in catalogue().settings if s.kind == "choice"], ids=lambda s: s.name)
def test_every_choice_of_a_menu_is_accepted_somewhere(setting):
    for option in setting.options:
        configs = ONE_OF_EACH_PROBLEM
        if setting.name == "loss":
            outputs = [None, "linear", "step"]
            configs = [replace(ExperimentConfig(), output_activation=output) for output in outputs] + configs
        assert any(accepts(config, setting.name, option) for config in configs), option


def accepts(config, name, option):
    try:
        return getattr(config.changed({name: option}), name) == option
    except InvalidValueError:
        return False


@pytest.mark.parametrize("kind", list(catalogue().registries))
def test_every_entry_says_what_it_is(kind):
    for entry in catalogue().registries[kind]:
        explanation = help_book().explanations[f"{kind}/{entry.name}"]
        assert entry.label == explanation.label
        assert explanation.text.endswith("."), f"{entry.name}: a sentence of help"
        assert entry.help in ("", explanation.text)


def test_every_data_set_has_a_picture_of_its_own_points():
    for entry in catalogue().registries["data set"]:
        picture = entry.thumbnail
        assert len(picture.x) == len(picture.y) == len(picture.target) == (0 if entry.name == "blank" else 100)
        inside = [0 <= x <= 64 and 0 <= y <= 64 for x, y in zip(picture.x, picture.y, strict=True)]
        assert sum(inside) >= 0.95 * len(inside)
        if entry.classes and picture.target:
            assert set(picture.target) == set(range(len(entry.classes)))
    assert len(catalogue().registries["data set"]) == len(DATASETS)


def test_the_description_is_plain_json():
    decoded = msgspec.json.decode(msgspec.json.encode(catalogue(), enc_hook=str))
    assert decoded["registries"]["activation"][0]["label"]
