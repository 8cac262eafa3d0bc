"""Records whole fits by Keras for tests/nn/test_against_keras.py: `python tests/nn/references/record_keras.py`.

Needs the dependency group `bench`. Keras computes in float64, but keeps learning rates and means in float32, so what it
gives agrees to about seven digits.
"""

import json
import os
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

FIT = {
    "batch_size": 16,
    "epochs": 4,
    "shuffle": False,
    "verbose": 0,
    "validation_split": 0.2,
    "class_weight": {0: 1.0, 1: 2.0},
}
OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"learning_rate": 0.1, "clipnorm": 0.05}),
    ("SGD", {"learning_rate": 0.1, "global_clipnorm": 0.05}),
    ("Adagrad", {"learning_rate": 0.1}),
    ("RMSprop", {"learning_rate": 0.01, "momentum": 0.3, "centered": True}),
    ("Adam", {}),
    ("AdamW", {"weight_decay": 0.1}),
    ("Nadam", {}),
]


def main() -> None:
    keras.config.set_floatx("float64")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3)).round(3)
    y = (x[:, 0] > 0).astype(float)
    runs = []
    for name, options in OPTIMIZERS:
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(5, activation="gelu", kernel_regularizer=keras.regularizers.L1L2(0.001, 0.002)),
                keras.layers.BatchNormalization(),
                keras.layers.Dense(4, activation="selu"),
                keras.layers.Dense(1, activation="sigmoid"),
            ]
        )
        first = [array.tolist() for array in model.get_weights()]
        model.compile(getattr(keras.optimizers, name)(**options), "binary_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, **FIT).history
        last = [array.tolist() for array in model.get_weights()]
        runs.append({"optimizer": name, "options": options, "first": first, "last": last, "history": history})
    recorded = {"made_by": f"Keras {keras.__version__}", "x": x.tolist(), "y": y.tolist(), "runs": runs}
    Path(__file__).with_name("keras.json").write_text(json.dumps(recorded) + "\n")


if __name__ == "__main__":
    main()
