"""Training from the command line: the same numbers as the page's, told and kept."""

import csv
import io
import json

import pytest

from playground.cli import main
from playground.errors import InvalidValueError
from playground.training import ExperimentConfig, Trainer, unattended


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def of_the_page(config, epochs):
    trainer, losses = Trainer(config), []
    for _ in range(epochs):
        while not (trainer.train(7) and trainer.between_epochs):  # the page stops now and then
            trainer.picture()
        losses.append(trainer.losses())
    return losses


def test_a_config_trains_to_the_same_losses_as_on_the_page(capsys):
    config = ExperimentConfig(dataset="circles", hidden=(3,), optimizer="adam", learning_rate=0.03, noise=0.1)
    with open("config.json", "w") as file:
        json.dump(config.to_json(), file)
    assert main(["train", "config.json", "--epochs", "3"]) == 0
    with open("history.json") as file:
        saved = json.load(file)
    expected = of_the_page(config, 3)
    assert saved["history"]["epoch"] == [1, 2, 3]
    assert saved["history"]["training_loss"] == [losses.training_loss for losses in expected]
    assert saved["history"]["test_accuracy"] == [losses.test_accuracy for losses in expected]
    assert ExperimentConfig.from_json(saved["config"]) == config
    assert f"{expected[1].training_loss:.6f}" in capsys.readouterr().out


def test_an_experiment_may_be_described_by_options():
    words = "train --dataset moons --hidden 4,2 --epochs 2 --momentum 0.9 --weights-seed 5 --history table.csv"
    assert main(words.split()) == 0
    config = ExperimentConfig(hidden=(4, 2), optimizer_options={"momentum": 0.9}, weights_seed=5)
    with open("table.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["test_loss"]) for row in rows] == [losses.test_loss for losses in of_the_page(config, 2)]


def test_options_change_a_files_config_and_a_history_is_a_config_too():
    main(["train", "--dataset", "xor", "--epochs", "1"])
    main(["train", "history.json", "--hidden", "3", "--epochs", "1", "--history", "again.json"])
    with open("again.json") as file:
        config = json.load(file)["config"]
    assert (config["dataset"], config["hidden"]) == ("xor", [3])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--dataset moon", "Unknown data set 'moon'; choose one of: moons"),
        ("--hidden 4,b", "Neurons in a hidden layer must be a whole number from 1 to 64, got 'b'."),
        ("--momentum fast", "--momentum must be a number, got 'fast'."),
        ("--beta-1 0.5", "Unknown option of sgd 'beta_1'"),
        ("--epochs 0", "--epochs must be a whole number from 1 to "),
        ("missing.json", "missing.json cannot be read: No such file or directory."),
        ("text.json", "text.json is no JSON"),
        ("list.json", "list.json must hold the settings of an experiment"),
        ("other.json", "There is no setting called 'colour'."),
        ("--epochs 1 --history no/where.json", "no/where.json cannot be written: No such file or directory."),
        ("--loss hinge", "Unknown loss 'hinge'; choose one of: "),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(folder, capsys, words, sentence):
    (folder / "text.json").write_text("moons")
    (folder / "list.json").write_text("[1]")
    (folder / "other.json").write_text('{"colour": "red"}')
    assert main(["train", *words.split()]) == 2
    assert sentence in capsys.readouterr().err


def test_divergence_is_told_and_what_there_is_is_kept(capsys):
    words = "train --dataset plane --learning-rate 10 --hidden 8 --activation linear --epochs 200"
    assert main(words.split()) == 1
    assert "Try a smaller learning rate." in capsys.readouterr().out
    with open("history.json") as file:
        assert "epoch" in json.load(file)["history"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_bar_with_the_time_remaining():
    now = [0.0]

    def clock():
        now[0] += 1
        return now[0]

    out = Terminal()
    history, problem = unattended.train(ExperimentConfig(samples=20), 12, out, clock)
    assert (len(history), problem) == (12, "")
    assert "\r3/12 ━━━━━                9 s left" in out.getvalue()
    lines = [line for line in out.getvalue().replace("\r", "\n").split("\n") if "%" in line]
    assert [int(line.replace("\x1b[K", "").split()[0]) for line in lines] == [1, 2, 5, 10, 12]


def test_ctrl_c_keeps_what_there_is(monkeypatch):
    def interrupted(config, count):
        yield from list(epochs(config, 3))
        raise KeyboardInterrupt

    epochs = unattended.epochs
    monkeypatch.setattr(unattended, "epochs", interrupted)
    history, problem = unattended.train(ExperimentConfig(), 100, io.StringIO())
    assert (len(history), problem) == (3, "Stopped.")


def test_a_history_that_cannot_be_written_says_so(folder):
    with pytest.raises(InvalidValueError, match="cannot be written"):
        unattended.save(folder, ExperimentConfig(), [])
