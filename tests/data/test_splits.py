import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.data import split


@given(samples=st.integers(2, 300), share=st.floats(0.1, 0.9), seed=st.integers(0, 99))
def test_a_split_holds_every_sample_exactly_once(samples, share, seed):
    train, test = split(samples, share, seed)
    assert sorted([*train, *test]) == list(range(samples))
    assert len(train) >= 1
    assert len(test) >= 1
    assert abs(len(train) - samples * share) <= 1


def test_the_seed_decides_who_is_where():
    assert np.array_equal(split(50, 0.5, 4).train, split(50, 0.5, 4).train)
    assert not np.array_equal(split(50, 0.5, 4).train, split(50, 0.5, 5).train)
