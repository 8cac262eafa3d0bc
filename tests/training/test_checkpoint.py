import copy

import msgspec
import numpy as np
import pytest

from playground.data.table_reader import read
from playground.data.tables import choose, guess
from playground.errors import InvalidValueError
from playground.nn import OPTIMIZERS, SCHEDULES
from playground.training import ExperimentConfig, Trainer
from playground.training.checkpoint import Checkpoint

TABLE = read("\n".join(["a,b,kind", *(f"{n % 7},{n % 5},{n % 2}" for n in range(40))]).encode(), "own.csv")
OTHER_TABLE = read("\n".join(["a,b,kind", *(f"{n % 9},{n % 5},{n % 2}" for n in range(40))]).encode(), "own.csv")
SMALL = {"samples": 60, "hidden": (5, 3), "learning_rate": 0.03}


def through_json(checkpoint):
    return msgspec.json.decode(msgspec.json.encode(checkpoint), type=Checkpoint)


def again(trainer, **changes):
    """Return a trainer that goes on from the checkpoint of another, written and read."""
    checkpoint = msgspec.structs.replace(through_json(trainer.checkpoint()), **changes)
    return Trainer.restored(checkpoint, trainer.table)


def everything(trainer):
    """Return all numbers that training changes."""
    state = trainer.model.state
    return [
        trainer.model.parameters.tobytes(),
        state.slots.tobytes(),
        (state.iterations, state.product, state.begun),
        (trainer.epoch, trainer.step, trainer.samples_seen, trainer.last_batch, trainer.edited),
        repr((trainer.losses(), trainer.learning_rate)),
        [gradient.tobytes() for gradient in trainer.gradients()],
        [frozen.tobytes() for frozen in trainer.frozen],
    ]


def check_goes_on_alike(trainer):
    """Check that the other one is the same now, after less than an epoch, and after some."""
    other = again(trainer)
    assert everything(other) == everything(trainer)
    for steps in (1, 2, 100, 3, 100, 100):
        for each in (trainer, other):
            each.train(steps)
        assert everything(other) == everything(trainer)
    for each in (trainer, other):
        each.train_sample()
        each.train_epoch()
        each.checked_losses()
    assert everything(other) == everything(trainer)


def train_with_checks(trainer, epochs):
    for _ in range(epochs):
        trainer.train_epoch()
        trainer.checked_losses()


@pytest.mark.parametrize("steps", [0, 1, 4])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.names)
def test_every_optimizer_goes_on_to_the_last_bit(optimizer, steps):
    trainer = Trainer(ExperimentConfig(**SMALL, optimizer=optimizer, batch_size=7))
    trainer.train_epoch()
    trainer.train_epoch()
    trainer.checked_losses()
    if steps:
        trainer.train(steps)
    check_goes_on_alike(trainer)


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("sgd", {"momentum": 0.9}),
        ("sgd", {"momentum": 0.9, "nesterov": 1}),
        ("rmsprop", {"momentum": 0.5, "centered": 1}),
        ("adagrad", {"initial_accumulator_value": 0.7}),
    ],
)
def test_what_an_optimizer_remembers_goes_along(optimizer, options):
    trainer = Trainer(ExperimentConfig(**SMALL, optimizer=optimizer, optimizer_options=options))
    trainer.train_epoch()
    trainer.train(1)
    check_goes_on_alike(trainer)


@pytest.mark.parametrize("schedule", [name for name in SCHEDULES.names if name != "constant"])
def test_a_schedule_goes_on_where_it_was(schedule):
    trainer = Trainer(ExperimentConfig(**SMALL, schedule=schedule, schedule_options={"decay_steps": 5}))
    trainer.train_epoch()
    trainer.train(2)
    check_goes_on_alike(trainer)


CASES = {
    "untrained": {},
    "dropout": {"dropout": (0.3, 0.5)},
    "no shuffle": {"shuffle": False},
    "no hidden layers": {"hidden": ()},
    "regularized": {"regularization": "l1", "regularization_rate": 0.003},
    "several classes": {"dataset": "iris"},
    "regression": {"dataset": "plane"},
    "curve": {"dataset": "sine"},
    "own points": {"own_points": ((0.123456, 0.5, 1), (0.25, -0.3, 0)), "erased": (3, 4)},
    "formulas": {"formulas": ("x1*x2", "sin(x1)")},
    "points of TensorFlow Playground": {"dataset": "circle", "tf_seed": "0.5", "initializer": "tf_playground"},
    "spoiled": {"label_flips": 0.2, "outliers": 0.1, "balance": 0.5},
    "nothing to learn from": {"dataset": "blank"},
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("epochs", [0, 2])
def test_every_kind_of_experiment_goes_on_to_the_last_bit(case, epochs):
    trainer = Trainer(ExperimentConfig(**{**SMALL, **CASES[case]}))
    if case == "nothing to learn from":
        assert everything(again(trainer)) == everything(trainer)
        with pytest.raises(InvalidValueError, match="nothing to learn"):
            again(trainer).check_trainable()
        return
    for _ in range(epochs):
        trainer.train_epoch()
    check_goes_on_alike(trainer)


def test_single_samples_go_along():
    trainer = Trainer(ExperimentConfig(**SMALL, batch_size=7, dropout=(0.2,)))
    trainer.train(1)
    for _ in range(3):
        trainer.train_sample()
    assert again(trainer).last_batch == trainer.last_batch
    check_goes_on_alike(trainer)


def test_what_is_frozen_and_edited_stays_so():
    trainer = Trainer(ExperimentConfig(**SMALL, optimizer="adam"))
    trainer.freeze(1, None, None, True)
    trainer.freeze(2, 0, 1, True)
    trainer.edit(2, 0, 1, 0.75)
    trainer.train_epoch()
    other = again(trainer)
    assert other.edited
    check_goes_on_alike(trainer)
    assert other.model.get_weights()[2][0, 1] == 0.75


def test_a_trainer_that_was_changed_on_the_way_goes_on_to_the_last_bit():
    trainer = Trainer(ExperimentConfig(**SMALL))
    trainer.train_epoch()
    for changes in (
        {"hidden": [5, 4, 2]},
        {"optimizer": "adam"},
        {"batch_size": 9},
        {"noise": 0.3},
        {"dropout": [0.1]},
    ):
        trainer.change(trainer.config.changed(changes))
        trainer.train(3)
    assert trainer.model.state.begun > 0
    check_goes_on_alike(trainer)


def test_a_table_goes_beside_it():
    config = ExperimentConfig(**SMALL, table=choose(TABLE, guess(TABLE)))
    trainer = Trainer(config, TABLE)
    trainer.train(2)
    check_goes_on_alike(trainer)


@pytest.mark.parametrize(
    "table",
    [None, OTHER_TABLE, read(b"a,b,kind\n" + b"1,x,y\n" * 40, "own.csv"), read(b"a,b\n" + b"1,2\n" * 40, "own.csv")],
    ids=["none", "another", "of other kinds", "of fewer columns"],
)
def test_another_table_is_refused(table):
    small = read("\n".join(["a,b,kind", *(f"{n % 7},{n % 5},{n % 2 + n % 3}" for n in range(40))]).encode(), "own.csv")
    trainer = Trainer(ExperimentConfig(**SMALL, table=choose(small, guess(small))), small)
    with pytest.raises(InvalidValueError, match=r"about the table own\.csv, which is not here"):
        Trainer.restored(trainer.checkpoint(), table)


def test_a_run_that_runs_away_comes_back_to_the_same_weights():
    trainer = Trainer(ExperimentConfig(dataset="plane", hidden=(), samples=60, learning_rate=0.01))
    trainer.train_epoch()
    trainer.checked_losses()
    trainer.train(1)
    trainer.change(trainer.config.changed({"learning_rate": 10}))
    other = again(trainer)
    for each in (trainer, other):
        with pytest.raises(ArithmeticError, match="grew without bound"):
            train_with_checks(each, epochs=100)
    assert everything(other) == everything(trainer)
    assert other.epoch == 1


def test_what_is_usual_after_an_edit_is_usual_for_the_other_one_too():
    trainer = Trainer(ExperimentConfig(dataset="plane", hidden=(), samples=60))
    trainer.edit(1, None, 0, 1000.0)
    trainer.train_epoch()
    other = again(trainer)
    assert through_json(other.checkpoint()) == through_json(trainer.checkpoint())
    assert other.checkpoint().usual_loss > 1000


def test_reset_goes_back_to_the_first_weights_of_the_config():
    trainer = Trainer(ExperimentConfig(**SMALL))
    first = trainer.model.parameters.tobytes()
    trainer.train_epoch()
    other = again(trainer)
    other.reset()
    assert other.model.parameters.tobytes() == first
    assert (other.epoch, other.step) == (0, 0)


def test_a_checkpoint_shares_nothing_with_its_trainer():
    trainer = Trainer(ExperimentConfig(**SMALL, dropout=(0.2,)))
    trainer.train(3)
    checkpoint = trainer.checkpoint()
    before = copy.deepcopy(checkpoint)
    other = Trainer.restored(checkpoint)
    trainer.train_epoch()
    other.train_epoch()
    assert checkpoint == before


def test_infinities_that_an_optimizer_remembers_survive():
    trainer = Trainer(ExperimentConfig(**SMALL, optimizer="adagrad"))
    trainer.train(2)
    trainer.model.state.slots[0, 0] = np.inf
    check_goes_on_alike(trainer)


def test_weights_stand_in_the_order_in_which_they_are_told():
    trainer = Trainer(ExperimentConfig(**SMALL))
    trainer.train(2)
    told = np.concatenate([array.ravel() for array in trainer.model.get_weights()])
    assert np.array_equal(np.frombuffer(trainer.checkpoint().now.weights), told)


# --------------------------------------------------------------------------- what is refused


def damaged(part, **changes):
    return lambda checkpoint: {part: msgspec.structs.replace(getattr(checkpoint, part), **changes)}


def odd(part, name, index, value, dtype=np.float64):
    def change(checkpoint):
        values = np.frombuffer(getattr(getattr(checkpoint, part), name), dtype).copy()
        values[index] = value
        return {part: msgspec.structs.replace(getattr(checkpoint, part), **{name: values.tobytes()})}

    return change


REFUSED = {
    "no weights": damaged("now", weights=b""),
    "a weight too few": lambda c: damaged("now", weights=c.now.weights[8:])(c),
    "half a weight": lambda c: damaged("now", weights=c.now.weights[:-4])(c),
    "a weight that is none": odd("now", "weights", 3, np.nan),
    "an infinite weight": odd("now", "weights", 3, -np.inf),
    "no memory": damaged("now", slots=b""),
    "a memory that is none": odd("now", "slots", 3, np.nan),
    "begun later than now": damaged("now", begun=10**6),
    "another moment's weights": lambda c: {"sound": msgspec.structs.replace(c.now, weights=b"12345678")},
    "frozen weights too few": lambda c: {"frozen": b"\1"},
    "a sample twice": odd("place", "order", 0, 1, np.int32),
    "a sample that is not there": odd("place", "order", 0, -1, np.int32),
    "an order too short": lambda c: damaged("place", order=c.place.order[4:])(c),
    "more samples than there are": damaged("place", seen=10**6),
    "trained before it began": damaged("place", start=10**6),
    "an odd gradient": odd("place", "gradient", 0, np.inf),
    "no place": lambda c: {"place": None},
    "an even increment": damaged("shuffle", increment="2"),
    "a state too large": damaged("shuffle", state="9" * 39),
    "no dropout": lambda c: {"dropout": []},
    "another network": lambda c: {"config": {**c.config, "hidden": [5, 4]}},
    "a config that is none": lambda c: {"config": {**c.config, "hidden": "many"}},
    "a table that is none": lambda c: {"config": {**c.config, "table": [1]}},
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_trainer_gives_is_refused_with_a_sentence(case):
    trainer = Trainer(ExperimentConfig(**SMALL, optimizer="adam", dropout=(0.2,)))
    trainer.train(2)
    with pytest.raises(InvalidValueError) as refused:
        again(trainer, **REFUSED[case](trainer.checkpoint()))
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("now", "epoch"), -1),
        (("now", "step"), 2**60),
        (("now", "product"), 1.5),
        (("usual_loss",), 0.5),
        (("usual_loss",), "1"),
        (("edited",), 1),
        (("shuffle", "state"), "-5"),
        (("shuffle", "state"), "1" * 5000),
        (("shuffle", "half"), 2**32),
        (("now", "weights"), "not base64"),
    ],
)
def test_values_out_of_range_are_not_even_read(path, value):
    plain = msgspec.json.decode(msgspec.json.encode(Trainer(ExperimentConfig(**SMALL)).checkpoint()))
    *outer, last = path
    place = plain
    for name in outer:
        place = place[name]
    place[last] = value
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(plain), type=Checkpoint)
