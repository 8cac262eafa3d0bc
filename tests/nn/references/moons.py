"""Records the losses that the NumPy tutorial's network prints: `python tests/nn/references/moons.py`.

The network is the tutorial's own code, for hidden layers of every size that it tries.
"""

import json
from pathlib import Path

import numpy as np
import sklearn.datasets

SIZES = (1, 2, 3, 4, 5, 20, 50)


def main() -> None:
    np.random.seed(0)  # noqa: NPY002
    X, y = sklearn.datasets.make_moons(200, noise=0.20)
    printed = {size: losses(X, y, size) for size in SIZES}
    nudged = {size: losses(X, y, size, nudge=2**-52) for size in SIZES}
    moved = {size: max(abs(a - b) for a, b in zip(printed[size], nudged[size], strict=True)) for size in SIZES}
    recorded = {"x": X.tolist(), "y": y.tolist(), "losses": printed, "moved_by_the_last_bit": moved}
    Path(__file__).with_name("moons.json").write_text(json.dumps(recorded) + "\n")


def losses(X: np.ndarray, y: np.ndarray, nn_hdim: int, num_passes: int = 20000, nudge: float = 0) -> list[float]:
    """Return what build_model(nn_hdim, print_loss=True) prints: the loss after every 1000th pass.

    With a nudge the first weight is that share larger, which shows whether the training is chaotic.
    """
    num_examples = len(X)
    epsilon, reg_lambda = 0.01, 0.01
    np.random.seed(0)  # noqa: NPY002
    W1 = np.random.randn(2, nn_hdim) / np.sqrt(2)  # noqa: NPY002
    W1[0, 0] *= 1 + nudge
    b1 = np.zeros((1, nn_hdim))
    W2 = np.random.randn(nn_hdim, 2) / np.sqrt(nn_hdim)  # noqa: NPY002
    b2 = np.zeros((1, 2))
    printed = []
    for i in range(num_passes):
        a1 = np.tanh(X.dot(W1) + b1)
        exp_scores = np.exp(a1.dot(W2) + b2)
        delta3 = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        delta3[range(num_examples), y] -= 1
        dW2 = a1.T.dot(delta3)
        db2 = np.sum(delta3, axis=0, keepdims=True)
        delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
        dW1 = np.dot(X.T, delta2)
        db1 = np.sum(delta2, axis=0)
        dW2 += reg_lambda * W2
        dW1 += reg_lambda * W1
        W1 += -epsilon * dW1
        b1 += -epsilon * db1
        W2 += -epsilon * dW2
        b2 += -epsilon * db2
        if i % 1000 == 0:
            exp_scores = np.exp(np.tanh(X.dot(W1) + b1).dot(W2) + b2)
            probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
            data_loss = np.sum(-np.log(probs[range(num_examples), y]))
            data_loss += reg_lambda / 2 * (np.sum(np.square(W1)) + np.sum(np.square(W2)))
            printed.append(float(1.0 / num_examples * data_loss))
    return printed


if __name__ == "__main__":
    main()
