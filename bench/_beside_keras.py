"""Our fit and Keras's in turns: `python -m bench._beside_keras NUMBER` prints times of an epoch of that case in µs.

KERAS_BACKEND names the backend.
"""

import json
import sys
import time

from bench import _cases, _rivals

EPOCHS, ROUNDS = 10, 7


def main() -> None:
    case = _cases.CASES[int(sys.argv[1])]
    x, y = _cases.data(case)
    theirs = _rivals.keras(case, x, y)
    ours = _cases.compiled(case)

    def fit(epochs: int) -> None:
        ours.fit(x, y, batch_size=case.batch_size, epochs=epochs, verbose=0)

    times: dict[str, list[float]] = {"ours": [], "keras": []}
    for name, call in [("keras", theirs), ("ours", fit)] * (ROUNDS + 1):
        start = time.perf_counter()
        call(EPOCHS)
        times[name].append((time.perf_counter() - start) / EPOCHS * 1e6)
    print(json.dumps({name: taken[1:] for name, taken in times.items()}))


if __name__ == "__main__":
    main()
