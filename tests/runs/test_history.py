import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.protocol import HISTORY_COLUMNS
from playground.runs.history import MAX_ROWS, History

REST = (0,) * (len(HISTORY_COLUMNS) - 2)  # what stands behind epoch and training loss


def rows(data):
    return np.frombuffer(data, np.float32).reshape(-1, len(HISTORY_COLUMNS))


def record(epochs):
    history = History()
    for epoch in range(epochs + 1):
        if history.wants(epoch):
            history.add(epoch, (epoch / 2, *REST))
    return history


@given(st.integers(0, 12_000))
def test_the_kept_epochs_depend_only_on_how_many_there_were(epochs):
    history = record(epochs)
    kept = rows(history.all_rows())[:, 0]
    assert len(kept) <= MAX_ROWS
    np.testing.assert_array_equal(kept, np.arange(0, epochs + 1, history.stride))


def test_memory_is_bounded_at_a_million_epochs():
    history = History()
    epoch = 0
    while epoch <= 1_000_000:
        if history.wants(epoch):
            history.add(epoch, (0, *REST))
        epoch += history.stride
    assert len(history) <= MAX_ROWS
    assert len(history.all_rows()) <= MAX_ROWS * 4 * len(HISTORY_COLUMNS)


def test_new_rows_are_given_once():
    history = record(9)
    assert len(rows(history.new_rows())) == 10
    assert history.new_rows() == b""
    history.add(10, (1, 2, 3, 4, 5, 6))
    assert rows(history.new_rows()).tolist() == [[10, 1, 2, 3, 4, 5, 6]]
    assert len(rows(history.all_rows())) == 11


def test_thinning_says_that_all_rows_must_be_sent_anew():
    history = record(MAX_ROWS - 1)
    history.new_rows()
    assert history.add(MAX_ROWS, (0, *REST))
    assert history.stride == 2
    assert history.new_rows() == b""


def test_an_edit_replaces_the_newest_row_and_adds_none():
    history = record(3)
    history.replace_last(3, (9, *REST))
    history.replace_last(2, (7, *REST))
    assert rows(history.all_rows())[:, 1].tolist() == [0, 0.5, 1, 9]


@given(st.integers(0, 5_000), st.integers(0, 5_000))
def test_a_history_put_back_goes_on_as_before(epochs, more):
    history, other = record(epochs), record(17)
    other.restore(history.rows, history.stride)
    assert other.new_rows() == b""
    for epoch in range(epochs + 1, epochs + more + 1):
        for each in (history, other):
            if each.wants(epoch):
                each.add(epoch, (epoch / 2, *REST))
    assert other.all_rows() == history.all_rows()
    assert other.stride == history.stride
