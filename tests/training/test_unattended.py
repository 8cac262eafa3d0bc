"""Training from the command line: the same numbers as the page's, told and kept."""

import csv
import io
import json
from dataclasses import replace

import pytest

from playground.cli import main
from playground.data.table_reader import read
from playground.data.tables import MAX_BYTES, TableChoice, choose, guess
from playground.errors import InvalidValueError
from playground.training import SETTINGS, ExperimentConfig, Trainer, links, unattended
from playground.training.setting_kinds import Options

FRUIT = "mass,colour,price,ripe\n" + "\n".join(
    f"{100 + 7 * (n % 11)},{['red', 'green', 'blue'][n % 3]},{3 * n - 20},{'yes' if n % 5 < 2 else 'no'}"
    for n in range(40)
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def train(words):
    return main(["train", *words.split()])


def of_the_page(config, epochs, table=None):
    trainer, losses = Trainer(config, table), []
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
    words = (
        "train --dataset moons --hidden 4,2 --epochs 2 --optimizer.momentum 0.9 --weights-seed 5 --history table.csv"
    )
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
        ("--optimizer.momentum fast", "--optimizer.momentum must be a number, got 'fast'."),
        ("--schedule.decay-steps 3", "Unknown option of nothing 'decay_steps'"),
        ("--optimizer.beta-1 0.5", "Unknown option of sgd 'beta_1'"),
        ("--epochs 0", "--epochs must be a whole number from 1 to "),
        ("missing.json", "missing.json cannot be read: No such file or directory."),
        ("text.json", "text.json is no JSON"),
        ("list.json", "list.json must hold the settings of an experiment"),
        ("other.json", "There is no setting called 'colour'."),
        ("--epochs 1 --history no/where.json", "no/where.json cannot be written: No such file or directory."),
        ("--loss hinge", "Hinge does not suit Moons with Sigmoid at the output; choose one of: "),
        ("--dataset blank", "There is nothing to learn from yet: place at least two points"),
        ("--formulas log(x1)", "log(x1) is not a number from"),
        ("--target ripe", "--target and --inputs are columns of a table; give its file with --table."),
        ("--table missing.csv", "missing.csv cannot be read: No such file or directory."),
        ("--table text.json", "The table has one column"),
        ("--table fruit.csv --target taste", "Unknown column 'taste'; choose one of: mass, colour, price, ripe."),
        ("--table fruit.csv --inputs mass,taste", "Unknown column 'taste'; choose one of: mass, colour, price, ripe."),
        ("--table fruit.csv --inputs ripe", "'ripe' is what is to be predicted, so it cannot be an input too."),
        ("--table big.csv", f"The file has more than {MAX_BYTES:,} bytes, which is the most that is accepted."),
        ("of-a-table.json", "The experiment in of-a-table.json is about a table; give its file with --table."),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(folder, capsys, words, sentence):
    (folder / "text.json").write_text("moons")
    (folder / "list.json").write_text("[1]")
    (folder / "other.json").write_text('{"colour": "red"}')
    (folder / "of-a-table.json").write_text('{"table": {"name": "fruit.csv"}}')
    (folder / "fruit.csv").write_text(FRUIT)
    with (folder / "big.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
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
    history, stop = unattended.train(ExperimentConfig(samples=20), 12, out, clock)
    assert (len(history), stop) == (12, None)
    assert "\r3/12 ━━━━━                9 s left" in out.getvalue()
    lines = [line for line in out.getvalue().replace("\r", "\n").split("\n") if "%" in line]
    assert [int(line.replace("\x1b[K", "").split()[0]) for line in lines] == [1, 2, 5, 10, 12]


def test_ctrl_c_keeps_what_there_is(monkeypatch):
    def interrupted(config, count, table):
        yield from list(epochs(config, 3, table))
        raise KeyboardInterrupt

    epochs = unattended.epochs
    monkeypatch.setattr(unattended, "epochs", interrupted)
    history, stop = unattended.train(ExperimentConfig(), 100, io.StringIO())
    assert (len(history), *stop) == (3, "interrupt", "Stopped.")


def test_a_history_that_cannot_be_written_says_so(folder):
    with pytest.raises(InvalidValueError, match="cannot be written"):
        unattended.save(folder, ExperimentConfig(), [])


# ---------------------------------------------------------------------- every setting

WORDS = {
    "dataset": "xor",
    "samples": "60",
    "noise": "0.2",
    "train_share": "0.6",
    "balance": "0.8",
    "label_flips": "0.1",
    "outliers": "0.1",
    "own_points": "-1,2,0,0.5,-0.25,1",
    "erased": "1,2",
    "projection": "columns",
    "axes": "auto",
    "slice_sample": "3",
    "features": "x1,sin_x2",
    "columns": "auto",
    "formulas": "-x1 + x2;sin(3*x1)",
    "hidden": "3,2",
    "activation": "relu",
    "layer_activations": ",tanh",
    "dropout": "0,0.25",
    "output_activation": "tanh",
    "initializer": "random_normal",
    "bias": "-0.5",
    "loss": "huber",
    "optimizer": "rmsprop",
    "learning_rate": "0.01",
    "schedule": "exponential",
    "batch_size": "5",
    "shuffle": "false",
    "regularization": "l2",
    "regularization_rate": "0.001",
    "penalty_in_loss": "false",
    "stop_epoch": "50",
    "stop_loss": "0.001",
    "stop_patience": "auto",
    "tf_seed": "0.66230",
    "data_seed": "2",
    "split_seed": "3",
    "weights_seed": "4",
    "shuffle_seed": "5",
}
OPTIONS = {
    "initializer.stddev": "0.5",
    "loss.delta": "0.3",
    "optimizer.rho": "0.8",
    "schedule.decay_steps": "10",
}


def option(name, text):
    return f"--{name.replace('_', '-')}={text}"


def test_every_setting_is_an_option_written_as_in_a_link():
    assert set(WORDS) == {s.name for s in SETTINGS if not isinstance(s, Options)} - {"table"}
    said = WORDS | OPTIONS
    assert main(["train", "--epochs", "1", *(option(name, text) for name, text in said.items())]) == 0
    with open("history.json") as file:
        config = ExperimentConfig.from_json(json.load(file)["config"])
    link = "&".join(f"{name}={text.replace('+', '%2B')}" for name, text in said.items())
    assert links.read(link) == links.Link(config)
    assert config.own_points == ((-1.0, 2.0, 0.0), (0.5, -0.25, 1.0))
    assert config.schedule_options == {"decay_steps": 10}


def test_an_option_of_a_component_is_added_to_those_of_the_file(folder):
    (folder / "config.json").write_text('{"optimizer": "adam", "optimizer_options": {"beta_1": 0.8}}')
    train("config.json --optimizer.beta-2 0.9 --epochs 1 --history one.json")
    train("config.json --optimizer sgd --optimizer.momentum 0.9 --epochs 1 --history two.json")
    assert config_in("one.json").optimizer_options == {"beta_1": 0.8, "beta_2": 0.9}
    assert config_in("two.json").optimizer_options == {"momentum": 0.9}


def config_in(name):
    with open(name) as file:
        return ExperimentConfig.from_json(json.load(file)["config"])


# --------------------------------------------------------------------------- stopping


@pytest.mark.parametrize(
    ("words", "sentence", "epochs"),
    [
        ("--stop-epoch 7", "Stopped at epoch 7, as set. 7 epochs are in history.json.", 7),
        ("--stop-epoch 150", "Stopped at epoch 150, as set. 150 epochs are in history.json.", 150),
        ("--stop-epoch 150 --epochs 3", "3 epochs are in history.json.", 3),
        ("--stop-loss 0.5", "is at most 0.5, as set.", None),
        ("--stop-patience 4 --learning-rate 0.000001", "the test loss has not fallen for 4 epochs.", 5),
    ],
)
def test_a_condition_ends_the_training_with_its_sentence(capsys, words, sentence, epochs):
    assert main(["train", "--samples", "60", *words.split()]) == 0
    assert sentence in capsys.readouterr().out.splitlines()[-1]
    with open("history.json") as file:
        losses = json.load(file)["history"]["test_loss"]
    if epochs is not None:
        assert len(losses) == epochs
    else:
        assert losses[-1] <= 0.5 < min(losses[:-1])


def test_the_epoch_at_which_training_stops_is_told(capsys):
    train("--samples 20 --stop-epoch 7")
    told = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:-1]]
    assert told == ["1", "2", "5", "7"]


# --------------------------------------------------------------------- a table, a file


def test_a_table_of_ones_own_is_learned_from(folder):
    (folder / "fruit.csv").write_text(FRUIT)
    assert train("--table fruit.csv --target price --inputs mass,colour --hidden 3 --epochs 4") == 0
    table = read(FRUIT.encode(), "fruit.csv")
    inputs = choose(table, replace(guess(table, 2), inputs=(0, 1))).columns
    with open("history.json") as file:
        saved = json.load(file)
    assert saved["config"]["table"]["target_name"] == "price"
    assert saved["config"]["table"]["columns"] == list(inputs)
    assert len(inputs) == 4
    assert saved["history"]["test_error"][-1] > 0


def test_a_table_gives_the_losses_of_the_page(folder):
    (folder / "fruit.csv").write_text(FRUIT)
    assert train("--table fruit.csv --hidden 3 --epochs 2") == 0
    table = read(FRUIT.encode(), "fruit.csv")
    config = ExperimentConfig(table=choose(table, guess(table)), hidden=(3,))
    assert config.spec.target == "ripe"
    with open("history.json") as file:
        saved = json.load(file)["history"]
    assert saved["training_loss"] == [losses.training_loss for losses in of_the_page(config, 2, table)]


def test_the_history_of_a_table_is_a_config_for_it(folder):
    (folder / "fruit.csv").write_text(FRUIT)
    train("--table fruit.csv --hidden 5 --epochs 1")
    assert train("history.json --table fruit.csv --epochs 1 --history again.json") == 0
    with open("again.json") as file:
        assert json.load(file)["config"]["hidden"] == [5]


CHOICE = TableChoice(2, (0, 1), ("number", "category", "number", "category"), "drop", "minmax")


@pytest.fixture
def of_fruit(folder):
    """The config of an experiment about the table, which a page has saved."""
    (folder / "fruit.csv").write_text(FRUIT)
    config = ExperimentConfig(table=choose(read(FRUIT.encode(), "fruit.csv"), CHOICE), hidden=(3,))
    (folder / "config.json").write_text(json.dumps(config.to_json()))
    return config


def saved_in(name):
    with open(name) as file:
        return json.load(file)


def test_an_experiment_about_a_table_is_the_same_run_again(of_fruit):
    assert train("config.json --table fruit.csv --epochs 3 --history first.json") == 0
    assert train("first.json --table fruit.csv --epochs 3 --history second.json") == 0
    table = read(FRUIT.encode(), "fruit.csv")
    expected = [losses.training_loss for losses in of_the_page(of_fruit, 3, table)]
    assert saved_in("first.json")["history"]["training_loss"] == expected
    assert saved_in("first.json") == saved_in("second.json")


def test_options_change_of_a_saved_choice_what_they_say_only(of_fruit):
    train("config.json --table fruit.csv --inputs ripe --epochs 1 --history inputs.json")
    train("config.json --table fruit.csv --target mass --epochs 1 --history target.json")
    inputs, target = saved_in("inputs.json")["config"]["table"], saved_in("target.json")["config"]["table"]
    assert (inputs["target_name"], inputs["inputs"], inputs["scaling"]) == ("price", [3], "minmax")
    assert (target["target_name"], target["inputs"], target["missing"]) == ("mass", [1], "drop")


@pytest.mark.parametrize(
    "other", [FRUIT.replace("mass", "weight"), FRUIT.replace("price", "cost"), FRUIT.replace("\n", ",1\n")]
)
def test_a_saved_experiment_refuses_another_table(folder, of_fruit, capsys, other):
    (folder / "other.csv").write_text(other)
    assert train("config.json --table other.csv") == 2
    assert "predicts 'price' of the table fruit.csv; the columns of other.csv are others." in capsys.readouterr().err


def test_what_a_file_says_of_its_table_must_make_sense(folder, capsys):
    (folder / "fruit.csv").write_text(FRUIT)
    (folder / "config.json").write_text('{"table": {"target": "price"}}')
    assert train("config.json --table fruit.csv") == 2
    assert "does not say how its table is used" in capsys.readouterr().err


def test_a_table_and_a_data_set_are_not_learned_from_together(folder, capsys):
    (folder / "fruit.csv").write_text(FRUIT)
    assert train("--table fruit.csv --dataset iris") == 2
    assert "give --table or --dataset, not both" in capsys.readouterr().err


def test_of_a_regression_the_explained_share_is_told_as_such(capsys):
    train("--dataset plane --samples 40 --epochs 2")
    heading, *rows, _ = capsys.readouterr().out.splitlines()
    assert heading.count("R²") == 2
    losses = of_the_page(ExperimentConfig(dataset="plane", samples=40), 2)
    assert [row.split()[3:] for row in rows] == [
        [f"{epoch.training_accuracy:.3f}", f"{epoch.test_accuracy:.3f}"] for epoch in losses
    ]
    train("--samples 20 --epochs 1")
    assert "R²" not in (told := capsys.readouterr().out)
    assert told.count("%") == 2


def test_a_history_is_json_that_any_program_reads():
    train("--samples 20 --epochs 2")

    def refuse(constant):
        raise ValueError(constant)

    with open("history.json") as file:
        history = json.load(file, parse_constant=refuse)["history"]
    assert history["test_error"] == [None, None]
