"""Links: an experiment as readable text, "dataset=iris&hidden=8,4", as it stands behind the "#" of an address.

What equals its default is left out. A link is read from anybody, so it may hold anything.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from playground.errors import InvalidValueError
from playground.registry import Parameter, shown
from playground.sentences import say
from playground.training import tf_links
from playground.training.config import ExperimentConfig
from playground.training.link_notes import LinkNote, summed_up
from playground.training.setting_kinds import Effect, Given, Number, Options, OwnPoints, Setting
from playground.training.settings import BY_NAME, MAX_WEIGHT, OPTIONS_OF, OTHER_DATA, SETTINGS

LINKED_POINTS = 200
"""Points placed by hand that a link holds; more make it too long to send."""

LINKED_WEIGHTS = 1_500
"""Weights and biases that a link holds; more make it too long to send."""

MAX_EPOCH = 100_000_000
"""The latest epoch that a link tells."""

_WEIGHTS, _EPOCH = "weights", "epoch"
_EPOCHS = Number(parameter=Parameter("epoch", say("Epoch"), 0, 0, MAX_EPOCH, integer=True), effect=Effect.NOTHING)

# An option's value as it stands in a link; its component checks it.
_FREE = Number(parameter=Parameter("option", say("Option"), 0, -1e9, 1e9), effect=Effect.NOTHING)


class Trained(NamedTuple):
    """What a network has learned.

    Attributes:
        weights: In the order of the measurement "weights": layer by layer the kernel row by row, then the biases.
        epoch: Passes over the training set that led to them.
    """

    weights: tuple[float, ...]
    epoch: int


class Link(NamedTuple):
    """What a link says.

    Attributes:
        config: The experiment; what could not be used has its default.
        trained: What the network has learned already, or None if it begins with its first weights.
        page: What a link of another page says of the page itself, as keys of ours: "show_test=true&hide=play,step".
        notes: What was understood, but cannot be the same here.
        unclear: What could not be used, and what is accepted.
    """

    config: ExperimentConfig
    trained: Trained | None = None
    page: str = ""
    notes: tuple[LinkNote, ...] = ()
    unclear: tuple[LinkNote, ...] = ()


def write(config: ExperimentConfig, trained: Trained | None = None) -> str:
    """Return the settings that differ from their defaults as "name=value&…", readable and in a fixed order.

    Args:
        config: The experiment.
        trained: What its network has learned, if that is to be in the link, too.

    Raises:
        InvalidValueError: If a link cannot hold what was learned.
    """
    default = ExperimentConfig()
    pairs: list[tuple[str, str]] = []
    for setting in SETTINGS:
        value = getattr(config, setting.name)
        if value == getattr(default, setting.name) or not _is_linked(config, setting):
            continue
        if isinstance(setting, Options):
            pairs += [(setting.key(name), repr(number)) for name, number in value.items()]
        else:
            pairs.append((setting.name, setting.write(value)))
    if trained:
        pairs += _written(config, trained)
    return "&".join(f"{name}={quote(text, safe=',.-*/()^; ')}" for name, text in pairs).replace(" ", "+")


def _written(config: ExperimentConfig, trained: Trained) -> list[tuple[str, str]]:
    """Return the keys that hold what was learned."""
    if config.table:
        raise InvalidValueError(lacks(config), "table")
    if len(trained.weights) > LINKED_WEIGHTS:
        text = say(
            "A link holds up to {most} weights, and this network has {weights}. Save the run as a file instead.",
            most=LINKED_WEIGHTS,
            weights=len(trained.weights),
        )
        raise InvalidValueError(text, _WEIGHTS)
    _check_range(trained.weights)
    coded = urlsafe_b64encode(struct.pack(f"<{len(trained.weights)}d", *trained.weights))
    return [(_WEIGHTS, coded.decode().rstrip("=")), (_EPOCH, str(trained.epoch))]


def _is_linked(config: ExperimentConfig, setting: Setting) -> bool:
    """Whether a link holds this setting."""
    name = setting.of if isinstance(setting, Options) else setting.name
    if config.table and name in OTHER_DATA:  # what is said of the table's columns makes no sense without them
        return False
    if isinstance(setting, OwnPoints):
        return len(config.own_points) <= LINKED_POINTS
    return not isinstance(setting, Given)


def lacks(config: ExperimentConfig) -> str:
    """Return what the link of a config cannot hold, in a sentence, or ""."""
    if config.table:
        return say(
            "A link cannot hold the table {table}: whoever opens it brings the file again.", table=config.table.name
        )
    if len(config.own_points) > LINKED_POINTS:
        return say(
            "A link holds up to {most} points placed by hand; these {points} are left out.",
            most=LINKED_POINTS,
            points=len(config.own_points),
        )
    return ""


def read(link: str) -> Link:
    """Return what a link says: one of ours, or of TensorFlow Playground's.

    A link may hold anything: each key that is unknown or whose value is not accepted is reported and falls back to
    its default.

    Args:
        link: With or without the "#" in front.
    """
    link = link.lstrip("#?")
    if tf_links.is_theirs(link):
        given, page, notes, unclear = tf_links.translate(link)
        config = _as_far_as_valid(given, unclear)
        return Link(config, None, page, tuple(notes), summed_up(unclear))
    given, learned, unclear = _pairs(link)
    config = _as_far_as_valid(given, unclear)
    trained = _trained(config, learned, unclear)
    return Link(config, trained, unclear=summed_up(unclear))


def _pairs(link: str) -> tuple[dict[str, Any], dict[str, str], list[LinkNote]]:
    """Return the settings that a link of ours gives, the texts of what was learned, and what could not be used."""
    unclear: list[LinkNote] = []
    given: dict[str, Any] = {}
    learned: dict[str, str] = {}
    for key, text in parse_qsl(link, keep_blank_values=True, errors="replace"):
        of, _, option = key.partition(".")
        try:
            if option and of in OPTIONS_OF:
                given.setdefault(OPTIONS_OF[of].name, {})[option] = _FREE.read(text)
            elif key in BY_NAME:
                given[key] = BY_NAME[key].read(text)
            elif key in (_WEIGHTS, _EPOCH):
                learned[key] = text
            else:
                unclear.append(LinkNote(key, say("The link has an unknown key {key}.", key=shown(key))))
        except InvalidValueError as error:
            unclear.append(LinkNote(key, error.sentence))
    for of, setting in OPTIONS_OF.items():
        if setting.name in given:
            chosen = given.get(of, getattr(ExperimentConfig, of))
            given[setting.name] = _fitting_options(setting, chosen, given[setting.name], unclear)
    return given, learned, unclear


def _trained(config: ExperimentConfig, learned: Mapping[str, str], unclear: list[LinkNote]) -> Trained | None:
    """Return what a link's network has learned, if that fits the config; else say why not."""
    if not learned:
        return None
    try:
        epoch = _EPOCHS.read(learned.get(_EPOCH, "0"))
        if _WEIGHTS not in learned:
            raise InvalidValueError(say("The link tells an epoch, but no weights."), _EPOCH)
        return Trained(_weights(config, learned[_WEIGHTS]), epoch)
    except InvalidValueError as error:
        unclear.append(LinkNote(error.field, error.sentence))
        return None


def _weights(config: ExperimentConfig, text: str) -> tuple[float, ...]:
    try:
        coded = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        weights = struct.unpack(f"<{len(coded) // 8}d", coded)
    except (ValueError, struct.error):
        raise InvalidValueError(say("The weights in the link are damaged."), _WEIGHTS) from None
    if len(weights) != config.parameters:
        text = say(
            "The link has {given} weights, where its network has {needed}.",
            given=len(weights),
            needed=config.parameters,
        )
        raise InvalidValueError(text, _WEIGHTS)
    _check_range(weights)
    return weights


def _check_range(weights: Iterable[float]) -> None:
    """Make sure that weights are as a link may hold them."""
    if not all(abs(weight) <= MAX_WEIGHT for weight in weights):  # NaN is not
        raise InvalidValueError(
            say("The weights in the link must be numbers from -{most} to {most}.", most=int(MAX_WEIGHT)), _WEIGHTS
        )


def _fitting_options(
    setting: Options, chosen: str | None, given: Mapping[str, float], unclear: list[LinkNote]
) -> dict[str, float]:
    """Return the options that the chosen component accepts; the others are reported."""
    fitting: dict[str, float] = {}
    for name, number in given.items():
        try:
            setting.check_for(chosen, {name: number})
            fitting[name] = number
        except InvalidValueError as error:
            unclear.append(LinkNote(error.field, error.sentence))
    return fitting


def _as_far_as_valid(given: dict[str, Any], unclear: list[LinkNote]) -> ExperimentConfig:
    """Return the config of the given fields, less those that do not fit together, which are reported."""
    while True:
        try:
            return ExperimentConfig(**given)
        except InvalidValueError as error:
            unclear.append(LinkNote(error.field, error.sentence))
            of, _, option = error.field.partition(".")
            if option and of in OPTIONS_OF:
                del given[OPTIONS_OF[of].name][option]
            else:
                del given[error.field if error.field in given else next(iter(given))]
