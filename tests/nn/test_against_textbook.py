"""The tape against the textbook network of the benchmark, which shares no code with it."""

import numpy as np
import pytest

from bench.engine import CASES, opponents


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tape_and_textbook_train_to_the_same_weights(case):
    tape, book = opponents(case)
    rng = np.random.default_rng(0)
    for order in [rng.permutation(case.samples) for _ in range(3)]:
        tape.run(order)
        book.run(order)
    pairs = zip(book.network.kernels, book.network.biases, strict=True)
    textbook = [array for pair in pairs for array in pair]
    for ours, theirs in zip(tape.network.get_weights(), textbook, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
