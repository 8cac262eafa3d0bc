"""Models described, written and read; files from anywhere."""

import contextlib
import copy
import io
import json
import pickle
import random
import zipfile

import numpy as np
import pytest

from playground.errors import InvalidValueError, PlaygroundError
from playground.nn import SGD, Adam, Dense, Model, Sequential, load_model, models
from playground.nn.saving import read, write
from playground.nn.schedules import CosineDecay
from tests.nn.test_layers import NETWORKS, X, data_for

Y = (X[:, 0] > 0).astype(float)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_model_comes_back_from_its_config_and_from_its_file(network, tmp_path):
    model = network()
    x, y = data_for(model)
    model.compile(Adam(CosineDecay(0.1, 20), clipnorm=1), "mean_squared_error", metrics=["mae"])
    model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    again = models.from_config(json.loads(json.dumps(model.to_config())))
    assert type(again) is type(model)
    assert again.to_config() == model.to_config()
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(np.hstack(again.predict(x)), np.hstack(model.predict(x)))

    model.save(tmp_path / "model.npz")
    loaded = load_model(tmp_path / "model.npz")
    assert loaded.to_config() == model.to_config()
    for ours, theirs in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert loaded.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9), Adam(CosineDecay(0.1, 20)), "nadam", "adagrad"])
def test_a_loaded_model_goes_on_where_the_saved_one_stopped(optimizer, tmp_path):
    model = Sequential([Dense(4, "tanh", input_dim=3, kernel_regularizer="l2"), Dense(1, "sigmoid")])
    model.compile(optimizer, "binary_crossentropy")
    model.fit(X, Y, epochs=3, batch_size=5, shuffle=False, verbose=0)
    model.save(tmp_path / "model.npz")
    loaded = Model.load(tmp_path / "model.npz")
    for each in (model, loaded):
        each.fit(X, Y, epochs=3, batch_size=5, shuffle=False, verbose=0)
    assert loaded.parameters.tolist() == model.parameters.tolist()


class Evil:
    def __reduce__(self):
        return print, ("code was run",)


def pickled():
    array = np.empty(1, object)
    array[0] = Evil()
    file = io.BytesIO()
    np.savez(file, config=array)
    return file.getvalue()


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def config(description):
    return npy(np.frombuffer(json.dumps(description).encode(), np.uint8))


def saved():
    model = Sequential([Dense(2, input_dim=3)])
    return {"model": model.to_config(), "compiled": None}


HUGE = npy(np.zeros(1)).replace(b"(1,)", b"(9**9,)")
FILES = {
    "nothing": b"",
    "text": b"hello",
    "a pickle": pickle.dumps(Evil()),
    "a pickle inside": pickled(),
    "an object array": zipped({"config.npy": pickle.dumps(Evil())}),
    "no config": zipped({"weight_0.npy": npy(np.zeros(3))}),
    "other names": zipped({"config.npy": config(saved()), "../evil.npy": b""}),
    "a bomb": zipped({"config.npy": b"0" * 50_000_000}),
    "a header that lies": zipped({"config.npy": config(saved()), "weight_0.npy": HUGE}),
    "no JSON": zipped({"config.npy": npy(np.frombuffer(b"{", np.uint8))}),
    "deep JSON": zipped({"config.npy": npy(np.frombuffer(b"[" * 100_000, np.uint8))}),
    "a list": zipped({"config.npy": config([])}),
    "no model": zipped({"config.npy": config({})}),
    "an unknown kind": zipped({"config.npy": config({"model": {"class_name": "os.system"}})}),
    "an unknown layer": zipped(
        {"config.npy": config({"model": {"class_name": "Sequential", "layers": [{"class_name": "X", "config": {}}]}})}
    ),
    "a layer's option": zipped(
        {
            "config.npy": config(
                {"model": {"class_name": "Sequential", "layers": [{"class_name": "Dense", "config": {"unit": 1}}]}}
            )
        }
    ),
    "no weights": zipped({"config.npy": config(saved())}),
    "weights that do not fit": zipped(
        {"config.npy": config(saved()), "weight_0.npy": npy(np.zeros((3, 3))), "weight_1.npy": npy(np.zeros(2))}
    ),
    "not finite": zipped(
        {"config.npy": config(saved()), "weight_0.npy": npy(np.full((3, 2), np.nan)), "weight_1.npy": npy(np.zeros(2))}
    ),
    "a model larger than the file": zipped(
        {"config.npy": config({"model": Sequential([Dense(65_000, input_dim=65_000)]).to_config(), "compiled": None})}
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_holds_no_model_is_refused_and_runs_nothing(name, tmp_path, capsys):
    path = tmp_path / "model.npz"
    path.write_bytes(FILES[name])
    with pytest.raises(PlaygroundError):
        load_model(path)
    assert capsys.readouterr().out == ""


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidValueError, match=r"missing\.npz cannot be read"):
        load_model(tmp_path / "missing.npz")


def test_what_the_optimizer_remembers_must_fit(tmp_path):
    model = Sequential([Dense(2, input_dim=3)])
    model.compile("adam", "mse")
    path = tmp_path / "model.npz"
    model.save(path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    description = json.loads(arrays.pop("config").tobytes())
    arrays["optimizer"] = arrays["optimizer"][:1]
    write(path, description, arrays)
    with pytest.raises(InvalidValueError, match="does not fit the model"):
        load_model(path)


JUNK = [None, -1, 0, 2.5, 10**30, "x", "", [], {}, [1], True, float("nan"), "relu", {"name": "relu"}, ["a", "b"]]


def places(description, path=()):
    """Yield the path to everything inside a description."""
    items = description.items() if isinstance(description, dict) else enumerate(description)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.filterwarnings("ignore::FutureWarning")  # some junk is an obsolete spelling
def test_a_description_with_something_else_anywhere_is_read_or_refused(network, tmp_path):
    model, chance, path = network(), random.Random(0), tmp_path / "model.npz"
    model.compile(Adam(CosineDecay()), "mse", metrics=["mae"])
    model.save(path)
    description, arrays = read(path)
    for _ in range(60):
        changed = copy.deepcopy(description)
        *way, last = chance.choice(list(places(changed)))
        inside = changed
        for key in way:
            inside = inside[key]
        if chance.random() < 0.2:
            del inside[last]
        else:
            inside[last] = chance.choice(JUNK)
        write(path, changed, arrays)
        with contextlib.suppress(PlaygroundError):
            load_model(path)
