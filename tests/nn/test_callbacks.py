import csv
import io

import numpy as np
import pytest

from playground.errors import DivergedError, InvalidValueError, UnknownNameError
from playground.nn import SGD, Callback, Dense, Input, Sequential
from playground.nn.callbacks import (
    CSVLogger,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ProgbarLogger,
    ReduceLROnPlateau,
)

X = np.random.default_rng(0).normal(size=(24, 2))
Y = (X[:, 0] > 0).astype(float)


def model_with(rate=0.1):
    model = Sequential([Input((2,)), Dense(1, "sigmoid")])
    model.build(np.random.default_rng(0))
    model.compile(SGD(rate), "binary_crossentropy", metrics=["accuracy"])
    return model


class Script(Callback):
    """Says what was measured, instead of what was."""

    def __init__(self, values, name="val_loss"):
        self.values, self.name = values, name

    def on_epoch_end(self, epoch, logs=None):
        logs[self.name] = self.values[epoch]


def fit(model, *callbacks, epochs=10, **options):
    return model.fit(X, Y, epochs=epochs, verbose=0, callbacks=list(callbacks), seed=0, **options)


class Noting(Callback):
    def __init__(self):
        self.calls = []

    def on_train_begin(self, logs=None):
        self.calls.append("train")

    def on_train_end(self, logs=None):
        self.calls.append(f"end {sorted(logs)}")

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(f"epoch {epoch}")

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(f"epoch {epoch} end {sorted(logs)}")

    def on_train_batch_begin(self, batch, logs=None):
        self.calls.append(f"batch {batch}")

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append(f"batch {batch} end {sorted(logs)}")


def test_callbacks_are_called_in_order_and_told_what_was_measured():
    noting = Noting()
    model = model_with()
    model.fit(X, Y, batch_size=12, epochs=2, initial_epoch=1, verbose=0, callbacks=noting, validation_data=(X, Y))
    train, both = "['accuracy', 'loss']", "['accuracy', 'loss', 'val_accuracy', 'val_loss']"
    assert noting.calls == [
        "train",
        "epoch 1",
        *["batch 0", f"batch 0 end {train}", "batch 1", f"batch 1 end {train}"],
        f"epoch 1 end {both}",
        f"end {both}",
    ]
    assert noting.model is model
    assert noting.params == {"epochs": 2, "steps": 2, "verbose": 0}


def test_watching_batches_changes_no_numbers():
    watched, alone = model_with(), model_with()
    assert fit(watched, Noting()).history == fit(alone).history
    assert watched.parameters.tolist() == alone.parameters.tolist()


def test_a_callback_may_be_made_of_functions():
    seen = []
    fit(model_with(), LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch)), epochs=3)
    assert seen == [0, 1, 2]
    with pytest.raises(UnknownNameError, match="Unknown hook 'on_epoch'"):
        LambdaCallback(on_epoch=print)


@pytest.mark.parametrize(
    ("options", "values", "epochs"),
    [
        ({}, [5, 4, 4, 3, 3], 3),
        ({"patience": 2}, [5, 4, 4, 3, 3, 3, 2], 6),
        ({"min_delta": 1}, [5, 3.5, 3, 1], 3),
        ({"mode": "max"}, [5, 6, 5, 7], 3),
        ({"baseline": 3, "patience": 2}, [5, 4, 2], 2),
        ({"start_from_epoch": 2}, [5, 6, 7, 6, 6], 5),
    ],
)
def test_training_stops_when_it_gets_no_better(options, values, epochs):
    stopping = EarlyStopping(**options)
    history = fit(model_with(), Script(values), stopping, epochs=len(values))
    assert history.epoch == list(range(epochs))


def test_an_accuracy_is_better_when_it_is_greater():
    history = fit(model_with(), Script([1, 2, 1, 3], "val_accuracy"), EarlyStopping("val_accuracy"), epochs=4)
    assert history.epoch == [0, 1, 2]


def test_the_best_weights_come_back():
    model, weights = model_with(), []
    keeping = LambdaCallback(on_epoch_end=lambda epoch, logs: weights.append(model.parameters.copy()))
    stopping = EarlyStopping(patience=3, restore_best_weights=True)
    fit(model, Script([5, 4, 6, 7, 8, 9]), keeping, stopping, epochs=6)
    assert len(weights) == 5
    assert model.parameters.tolist() == weights[1].tolist()
    assert stopping.best_epoch == 1
    assert stopping.stopped_epoch == 4


def test_what_is_not_measured_cannot_be_watched():
    with pytest.raises(UnknownNameError, match="Unknown metric to monitor 'val_loss'; choose one of: loss, accuracy"):
        fit(model_with(), EarlyStopping())
    with pytest.raises(InvalidValueError, match="mode must be auto, min or max, got 'least'"):
        EarlyStopping(mode="least")


def test_the_learning_rate_falls_on_a_plateau():
    model, rates = model_with(rate=0.8), []
    noting = LambdaCallback(on_epoch_end=lambda epoch, logs: rates.append(model.optimizer.learning_rate))
    plateau = ReduceLROnPlateau(factor=0.5, patience=2, min_lr=0.3)
    fit(model, Script([5, 5, 5, 5, 5, 5, 5, 5]), plateau, noting, epochs=8)
    assert rates == [0.8, 0.8, 0.4, 0.4, 0.3, 0.3, 0.3, 0.3]
    with pytest.raises(InvalidValueError, match="factor must be a number from 0 to below 1, got 2"):
        ReduceLROnPlateau(factor=2)


@pytest.mark.parametrize("schedule", [lambda epoch, rate: rate / 2, lambda epoch: 0.8 / 2 ** (epoch + 1)])
def test_a_schedule_sets_the_rate_of_each_epoch(schedule):
    model, rates = model_with(rate=0.8), []
    noting = LambdaCallback(on_epoch_end=lambda epoch, logs: rates.append(model.optimizer.learning_rate))
    fit(model, LearningRateScheduler(schedule), noting, epochs=3)
    assert rates == [0.4, 0.2, 0.1]


def test_a_table_of_the_epochs_is_written(tmp_path):
    path = tmp_path / "log.csv"
    history = fit(model_with(), CSVLogger(path), epochs=2).history
    fit(model_with(), CSVLogger(path, append=True), epochs=1)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "0"]
    assert [float(row["loss"]) for row in rows[:2]] == history["loss"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_shows_how_far_it_is_and_the_time_remaining():
    terminal, now = Terminal(), [0.0]

    def clock():
        now[0] += 1
        return now[0]

    bar = ProgbarLogger(1, clock, terminal)
    bar.set_params({"epochs": 3, "steps": 40})
    bar.on_epoch_begin(0)
    bar.progress(10, {"loss": 0.5})
    bar.on_epoch_end(0, {"loss": 0.25, "accuracy": 0.0001})
    lines = terminal.getvalue().replace("\r", "\n").split("\n")
    assert lines[0] == "Epoch 1/3"
    assert lines[2] == "10/40 ━━━━━                3s left - loss: 0.5000"
    assert lines[3].endswith("- loss: 0.2500 - accuracy: 1.0000e-04")


@pytest.mark.parametrize(("verbose", "lines"), [(0, 0), (1, 4), (2, 4), ("auto", 4)])
def test_fit_prints_as_much_as_asked(capsys, verbose, lines):
    model_with().fit(X, Y, epochs=2, verbose=verbose)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == lines
    assert all("loss: " in line for line in printed[1::2])


def test_divergence_ends_the_training_and_the_callbacks_are_told(tmp_path):
    model = Sequential([Input((2,)), Dense(1)])
    model.compile(SGD(10), "mse")
    noting = Noting()
    with pytest.raises(DivergedError):
        model.fit(X * 1e3, Y, epochs=100, verbose=0, callbacks=[noting])
    assert noting.calls[-1].startswith("end")
    assert np.isfinite(model.parameters).all()
