import contextlib
import hashlib
import json
import warnings
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import protocol
from playground.data.table_reader import read as read_table
from playground.data.tables import choose, guess
from playground.errors import InvalidValueError
from playground.runs import saved
from playground.runs.history import MAX_ROWS
from playground.runs.run import Run
from playground.training import MEASUREMENTS, ExperimentConfig
from tests.told import in_english

NOW = datetime(2026, 3, 4, 15, 6, 7, tzinfo=UTC)
COLUMNS = len(protocol.HISTORY_COLUMNS)
SMALL = {"samples": 60, "hidden": (3,), "optimizer": "adam", "learning_rate": 0.01}


def csv(rows=40, width=3):
    head = ",".join([*(f"x{n}" for n in range(width - 1)), "kind"])
    return "\n".join(
        [head, *(",".join([str((n * 7 + c) % 11) for c in range(width - 1)]) + f",{n % 2}" for n in range(rows))]
    )


TABLE = read_table(csv().encode(), "own.csv")


class Scene:
    """A run, and what it says."""

    def __init__(self, **config):
        self.updates = []
        self.now = 0.0
        self.run = Run(ExperimentConfig(**{**SMALL, **config}), self.clock, self._note)

    def clock(self):
        self.now += 1e-5
        return self.now

    def _note(self, update):
        self.updates.append(in_english(msgspec.msgpack.decode(update, type=protocol.Update)))

    def train(self, epochs=1, batches=0):
        for unit in ["epoch"] * epochs + ["batch"] * batches:
            self.run.handle(protocol.Step(unit))
        while self.run.due() is not None:
            self.run.work(0.004)
        return self

    def change(self, **changes):
        self.run.handle(protocol.Change(changes))

    def use_table(self, table):
        self.run.take_table(table)
        choice = guess(table)
        fields = (choice.target, list(choice.inputs), list(choice.kinds), choice.missing, choice.scaling)
        self.run.handle(protocol.UseTable(*fields))

    def saved(self):
        return self.run.save(NOW)

    @property
    def snapshot(self):
        return in_english(msgspec.msgpack.decode(self.run.snapshot(), type=protocol.Update))

    @property
    def history(self):
        return np.frombuffer(self.snapshot.history, np.float32).reshape(-1, COLUMNS)

    @property
    def told(self):
        """Everything that the page knows, but for how often it changed."""
        update = self.snapshot
        state = msgspec.structs.replace(update.state, last_batch=[], undoable=False)
        experiment = msgspec.structs.replace(update.experiment, revision=0)
        return repr(msgspec.structs.replace(update, state=state, experiment=experiment))

    def pictures(self):
        self.run.watch(frozenset(MEASUREMENTS.names), 30)
        frame = msgspec.msgpack.decode(self.run.take_picture()[1], type=protocol.Frame)
        return frame.parts, frame.payload


def opened(document, **config):
    """Return another run after it has become that of a document, and the notes."""
    scene = Scene(**{"dataset": "iris", "hidden": (2,), **config})
    return scene, in_english(scene.run.restore(document))


def signed(document):
    """Return a document with the checksum that belongs to it, by what the docs say of it."""

    def plain(value):
        match value:
            case bool() | str() | None:
                return value
            case int() | float():
                return float(value) + 0.0
            case list():
                return [plain(item) for item in value]
        return {name: plain(value[name]) for name in sorted(value)}

    parts = {name: plain(part) for name, part in document.items() if name not in ("checksum", "name", "picture")}
    body = msgspec.json.encode(parts, order="sorted")
    return json.dumps({**document, "checksum": hashlib.sha256(body).hexdigest()}).encode()


def rewritten(scene, change):
    """Return the document of a run after a change by somebody who knows about checksums."""
    document = json.loads(scene.saved())
    change(document)
    return signed(document)


# ------------------------------------------------------------------------------ there and back


def test_a_run_that_is_opened_is_the_run_that_was_saved():
    first = Scene().train(epochs=3, batches=2)
    first.change(learning_rate=0.02)
    first.run.handle(protocol.Edit(layer=1, row=0, unit=1, value=0.5))
    first.run.handle(protocol.Freeze(layer=1, row=0, unit=1, frozen=True))
    other, notes = opened(first.saved())
    assert notes == []
    assert other.told == first.told
    assert other.pictures() == first.pictures()
    assert not other.run.playing


def test_both_train_on_to_the_same_losses():
    first = Scene(dropout=(0.2,)).train(epochs=2, batches=1)
    other, _ = opened(first.saved())
    for scene in (first, other):
        scene.train(epochs=4)
    assert other.told == first.told
    assert other.history.tobytes() == first.history.tobytes()


def test_what_was_saved_is_saved_the_same_again():
    document = Scene().train(epochs=3, batches=2).saved()
    assert opened(document)[0].saved() == document


def test_everybody_who_watches_is_told_everything_once():
    scene = Scene(dataset="iris")
    scene.run.handle(protocol.Play())
    document = Scene().train(2).saved()
    revision = scene.updates[-1]
    del scene.updates[:]
    scene.run.restore(document)
    (update,) = scene.updates
    assert None not in (update.experiment, update.data, update.history, update.marks)
    assert (update.state.epoch, update.state.playing) == (2, False)
    assert update.experiment.revision > 1
    assert revision.state.playing


def test_a_run_at_rest_in_the_middle_of_playing_is_saved_too():
    scene = Scene()
    scene.run.handle(protocol.Play())
    scene.now += 1
    scene.run.work(0.01)
    other, _ = opened(scene.saved())
    assert other.snapshot.state.epoch == scene.snapshot.state.epoch


def test_marks_are_those_of_the_run():
    first = Scene().train()
    first.change(learning_rate=0.05)
    other, _ = opened(first.saved())
    assert [mark.text for mark in other.snapshot.marks] == [mark.text for mark in first.snapshot.marks]
    assert len(other.snapshot.marks) == 1
    other.now += 10
    other.change(learning_rate=0.1)
    assert len(other.snapshot.marks) == 2


def test_points_of_the_run_before_cannot_come_back_by_undo():
    scene = Scene()
    scene.run.handle(protocol.AddPoints([(0.1, 0.2, 1)]))
    scene.run.restore(Scene().saved())
    assert not scene.snapshot.state.undoable


def test_own_points_come_along():
    first = Scene(own_points=((0.123456, 0.7, 1), (0.5, 0.25, 0)), erased=(3, 5)).train()
    assert opened(first.saved())[0].told == first.told


def test_the_document_says_what_it_is():
    document = json.loads(Scene().train(3).saved())
    assert (document["format"], document["version"]) == ("neural-playground/run", 1)
    assert document["saved"] == "2026-03-04T15:06:07+00:00"
    assert document["checkpoint"]["config"]["hidden"] == [3]
    assert in_english(document["data_label"]) == "Moons"
    assert document["history"]["columns"] == list(protocol.HISTORY_COLUMNS)
    assert [row[0] for row in document["history"]["rows"]] == [0, 1, 2, 3]
    assert document["history"]["rows"][0][5] is None  # classes have no mean error
    assert (document["table"], document["parameters"]) == (None, 13)
    assert "optimizer=adam" in document["link"]


def test_numbers_of_the_history_lose_nothing():
    scene = Scene(dataset="plane").train(5)
    rows = json.loads(scene.saved())["history"]["rows"]
    assert np.array_equal(np.array(rows, np.float32), scene.history)
    assert max(len(repr(number)) for row in rows for number in row) < 16


def test_the_last_epoch_is_in_the_document_and_the_curve_goes_on_as_before():
    first = Scene(samples=10, hidden=(), batch_size=10)
    first.train(MAX_ROWS + 4)
    assert first.history[-1, 0] == MAX_ROWS + 4
    first.train(1)
    document = first.saved()
    rows = json.loads(document)["history"]["rows"]
    assert len(rows) <= MAX_ROWS
    assert (rows[0][0], rows[-1][0]) == (0, MAX_ROWS + 5)
    other, _ = opened(document)
    for scene in (first, other):
        scene.train(9)
    assert other.history.tobytes() == first.history.tobytes()


def test_a_page_may_add_its_name_and_picture_and_write_the_numbers_in_its_way():
    first = Scene(learning_rate=1.0).train()
    document = json.loads(first.saved())
    assert b'"learning_rate":1.0' in first.saved()

    def whole(value):  # as JavaScript writes them
        match value:
            case float() if value == int(value):
                return int(value)
            case list():
                return [whole(item) for item in value]
            case dict():
                return {name: whole(item) for name, item in reversed(value.items())}
        return value

    text = json.dumps({"name": "mine", "picture": "data:…", **whole(document)}, indent=2, ensure_ascii=False)
    assert '"learning_rate": 1,' in text
    assert opened(text.encode())[0].told == first.told


def test_extremes_can_be_shown():
    first = Scene(hidden=(8, 8)).train()
    first.run._trainer.model.parameters[:] = np.resize(
        [1e300, -1e300, 1e-300, 0.0], len(first.run._trainer.model.parameters)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        other, _ = opened(first.saved())
        other.pictures()
        other.train()


# ------------------------------------------------------------------------------------- tables


def test_a_table_comes_along():
    first = Scene()
    first.use_table(TABLE)
    first.train(2)
    other, notes = opened(first.saved())
    assert notes == []
    assert other.told == first.told
    assert in_english(json.loads(first.saved())["data_label"]) == "own.csv"


def test_a_table_too_large_stays_behind_and_the_document_says_so(monkeypatch):
    monkeypatch.setattr(saved, "MAX_TABLE_BYTES", 1000)
    first = Scene()
    first.use_table(TABLE)
    first.train(2)
    document = first.saved()
    assert json.loads(document)["table"] is None
    assert "own.csv" in in_english(json.loads(document)["lacks"])
    with pytest.raises(InvalidValueError, match=r"own\.csv.*choose its file"):
        opened(document)

    with_file = Scene()
    with_file.run.take_table(TABLE)
    with_file.run.restore(document)
    assert with_file.told == first.told
    with_file.run.restore(Scene().saved())
    with_file.run.restore(document)
    assert with_file.told == first.told


def test_the_largest_run_fits():
    table = read_table(csv(rows=1500, width=100).encode(), "wide.csv")
    scene = Scene(
        hidden=(64,) * 8, optimizer="rmsprop", optimizer_options={"momentum": 0.9, "centered": 1}, batch_size=500
    )
    source = choose(table, guess(table))
    scene.run.take_table(table)
    scene.use_table(table)
    assert len(source.columns) > 90
    scene.train(1, batches=1)
    document = scene.saved()
    assert 1_000_000 < len(document) <= saved.MAX_BYTES
    assert opened(document)[0].told == scene.told


# --------------------------------------------------------------------------- what is refused


def refused(document, before=None):
    """Return the sentence with which a document is refused, after which nothing has changed."""
    scene = before or Scene(dataset="iris").train()
    told, told_before = scene.told, len(scene.updates)
    with pytest.raises(InvalidValueError) as error:
        scene.run.restore(document)
    assert scene.told == told
    assert len(scene.updates) == told_before
    assert str(error.value).endswith(".")
    return str(error.value)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"format": "csv"}',
        b'{"format": ["neural-playground/run"]}',
        b"length,width\n1,2\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe{\x00}\x00",
        b"PK\x03\x04",
        b"{" * 50_000,
        b"[" * 200_000,
        b"[[],[],[]," * 100_000 + b"[]]",
    ],
)
def test_what_is_no_run_is_refused(document):
    assert "is not a run" in refused(document)


@pytest.mark.parametrize("bomb", [b"[" * 50_000, b'{"a":' * 50_000, b"[" * 200_000, b"[[]" + b",[]" * 100_000 + b"]"])
@pytest.mark.parametrize("name", ["format", "version", "checkpoint", "marks", "link", "picture"])
def test_bombs_inside_a_run_are_refused(name, bomb):
    document = Scene().saved()
    assert "damaged" in refused(document[:-1] + f',"{name}":'.encode() + bomb + b"}")


def test_a_run_of_a_newer_version_is_refused():
    def newer(document):
        document["version"] = 2
        document["checkpoint"] = "something else altogether"

    assert "newer version" in refused(rewritten(Scene(), newer))


@pytest.mark.parametrize("version", [0, -1, 1.5, "1", None, True, []])
def test_versions_that_there_never_were_are_refused(version):
    assert "damaged" in refused(rewritten(Scene(), lambda document: document.update(version=version)))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_half_a_document_is_refused(share):
    document = Scene().train().saved()
    assert "damaged" in refused(document[: int(share * len(document))])


def test_any_part_that_was_changed_is_noticed():
    document = json.loads(Scene().train().saved())
    for name, value in document.items():
        if name in ("format", "version", "checksum"):
            continue
        other = {str: "x", int: 7, type(None): "eA==", list: ["x", {}], dict: {}}[type(value)]
        assert "damaged" in refused(json.dumps({**document, name: other}).encode())
    config = {**document["checkpoint"]["config"], "learning_rate": 0.5}
    document["checkpoint"]["config"] = config
    assert "damaged" in refused(json.dumps(document).encode())


def put(path, value):
    """Return a change of what stands at a path in a document."""

    def change(document):
        *outer, last = path
        place = document
        for name in outer:
            place = place[name]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["checkpoint"], None),
        (["checkpoint", "now", "epoch"], "3"),
        (["checkpoint", "now", "epoch"], 1e6 + 0.5),
        (["checkpoint", "now", "epoch"], 10**30),
        (["checkpoint", "now", "weights"], "AAAA"),
        (["checkpoint", "now", "weights"], "???"),
        (["checkpoint", "config"], []),
        (["checkpoint", "config", "hidden"], [10**6]),
        (["checkpoint", "config", "hidden"], [[[[[[[[[3]]]]]]]]]),
        (["checkpoint", "config", "samples"], "60"),
        (["checkpoint", "config", "samples"], 10**18),
        (["checkpoint", "config", "dataset"], {"moons": 1}),
        (["checkpoint", "config", "optimizer_options"], {"beta_1": 7}),
        (["checkpoint", "config", "formulas"], ["(" * 1000]),
        (["checkpoint", "config", "table"], {"name": "x"}),
        (["checkpoint", "config", "features"], ["x" * 100_000]),
        (["history", "rows"], [[0] * 7] * 2),
        (["history", "rows"], [[-1] + [0] * 6]),
        (["history", "rows"], [[0.5] + [0] * 6]),
        (["history", "rows"], [[10**6] + [0] * 6]),
        (["history", "rows"], [[None] + [0] * 6]),
        (["history", "rows"], [[0]]),
        (["history", "rows"], [["0"] * 7]),
        (["history", "columns"], []),
        (["history", "stride"], 0),
        (["marks"], [{"epoch": 1, "text": ["x", {}]}] * 201),
        (["marks"], [{"epoch": 1, "text": "x"}]),
        (["marks"], [{"epoch": 1, "text": ["x" * 1000, {}]}]),
        (["marks"], [{"epoch": 1, "text": ["{x}", {"x": "y" * 1000}]}]),
        (["marks"], [{"epoch": 1, "text": ["{x}", {"x": [1, 2]}]}]),
        (["marks"], [{"epoch": 1, "text": ["{x}", {"x": None}]}]),
        (["marks"], [{"epoch": 1, "text": ["x", {str(n): n for n in range(1000)}]}]),
    ],
)
def test_what_does_not_fit_is_refused_even_with_the_right_checksum(path, value):
    sentence = refused(rewritten(Scene().train(), put(path, value)))
    assert len(sentence) < 500


def test_a_mark_within_a_mark_within_a_mark_ends_somewhere():
    nested = "end"
    for _ in range(10):
        nested = ["{x}", {"x": nested}]
    assert "damaged" in refused(rewritten(Scene().train(), put(["marks"], [{"epoch": 1, "text": nested}])))


def test_more_rows_than_a_history_has_are_refused():
    rows = [[epoch] + [0.5] * 6 for epoch in range(MAX_ROWS + 2)]

    def change(document):
        document["history"]["rows"] = rows
        document["checkpoint"]["now"]["epoch"] = 10**6

    assert "damaged" in refused(rewritten(Scene(), change))


@pytest.mark.parametrize(
    "raw", [b"1e999", b"-1e999", b"NaN", b"Infinity", b"1" + b"0" * 5000, b"[" * 5000, b'"\\ud800"']
)
@pytest.mark.parametrize("name", [b'"usual_loss":', b'"learning_rate":', b'"noise":', b'"version":'])
def test_numbers_that_are_none_are_refused(name, raw):
    document = Scene().saved()
    start = document.index(name) + len(name)
    end = min(document.index(mark, start) for mark in (b",", b"}"))
    assert "damaged" in refused(document[:start] + raw + document[end:])


@pytest.mark.parametrize("name", [b'"hidden":', b'"samples":', b'"usual_loss":', b'"rows":'])
@pytest.mark.parametrize("digits", [300, 310, 4000])
def test_endless_whole_numbers_are_refused(name, digits):
    document = Scene().saved()
    start = document.index(name) + len(name)
    assert "damaged" in refused(document[:start] + b"1" * digits + b',"another":' + document[start:])


def test_of_a_name_that_comes_twice_the_last_one_counts():
    document = Scene().train(2).saved()
    twice = document[:-1] + b',"problem":"regression"}'
    assert "damaged" in refused(twice)
    again = document[:1] + b'"problem":"regression",' + document[1:]
    assert opened(again)[0].snapshot.state.epoch == 2


def test_a_damaged_table_is_refused():
    scene = Scene()
    scene.use_table(TABLE)
    for table in ("", "AAAA", "3f////8="):
        refused(rewritten(scene, put(["table"], table)))


def test_a_table_that_does_not_hold_together_is_refused():
    scene = Scene()
    scene.use_table(TABLE)
    kind = msgspec.structs.replace(TABLE.columns[-1], codes=np.full(TABLE.rows, 99, np.int32).tobytes())
    table = msgspec.structs.replace(TABLE, columns=[*TABLE.columns[:-1], kind])
    encoded = msgspec.to_builtins(msgspec.msgpack.encode(table))
    assert "table in the saved run" in refused(rewritten(scene, put(["table"], encoded)))


def test_the_table_of_a_run_that_is_opened_must_be_its_own():
    scene = Scene()
    scene.use_table(TABLE)
    other = msgspec.msgpack.encode(read_table(csv(width=4).encode(), "own.csv"))
    refused(rewritten(scene, put(["table"], msgspec.to_builtins(other))))


@given(st.data())
def test_whatever_is_put_where_into_a_document_a_sentence_or_a_run_comes_of_it(data):
    document = json.loads(DOCUMENT)
    place, path = document, []
    while isinstance(place, (dict, list)) and place and (not path or data.draw(st.booleans())):
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        path.append(data.draw(st.sampled_from(keys)))
        place = place[path[-1]]
    value = data.draw(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=5,
        )
    )
    put(path, value)(document)
    scene = Scene(dataset="iris", samples=20)
    try:
        scene.run.restore(signed(document))
    except InvalidValueError:
        return
    scene.pictures()
    scene.train(1)


@given(st.binary(max_size=200), st.integers(0, 10**6))
def test_whatever_bytes_are_put_into_a_document_a_sentence_or_a_run_comes_of_it(noise, place):
    place %= len(DOCUMENT)
    scene = Scene(dataset="iris", samples=20)
    with contextlib.suppress(InvalidValueError):
        scene.run.restore(DOCUMENT[:place] + noise + DOCUMENT[place + len(noise) :])


DOCUMENT = Scene(samples=20, dropout=(0.2,)).train(2).saved()


# ----------------------------------------------------------------------------- other versions


def test_settings_that_are_unknown_here_are_left_out_with_a_note():
    first = Scene().train(2)
    document = rewritten(first, put(["checkpoint", "config", "quantum"], [1, 2]))
    other, notes = opened(document)
    assert [note.message for note in notes] == ["This version has no setting 'quantum'; the run goes on without it."]
    assert other.told == first.told


def test_settings_that_are_missing_have_their_defaults():
    first = Scene().train(2)
    document = rewritten(first, lambda document: document["checkpoint"]["config"].pop("stop_patience"))
    other, notes = opened(document)
    assert notes == []
    assert other.told == first.told


def test_curves_that_are_unknown_here_are_left_out_and_those_that_are_missing_stay_empty():
    def change(document):
        history = document["history"]
        history["columns"] = [*history["columns"][:5], "training_beauty"]
        history["rows"] = [[*row[:5], 1.0] for row in history["rows"]]

    first = Scene(dataset="plane").train(2)
    other, _ = opened(rewritten(first, change))
    assert np.array_equal(other.history[:, :5], first.history[:, :5])
    assert np.isnan(other.history[:, 5:]).all()
