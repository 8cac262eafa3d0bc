"""Models in files: one .npz with the weights and, as JSON, what makes the model. Reading one runs no code."""

import json
import math
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from playground.errors import InvalidValueError
from playground.nn.tape import Array

_CONFIG = "config"
_NAME = re.compile(r"(config|optimizer|weight_\d{1,4})\.npy")
_LARGEST_CONFIG = 4_000_000  # bytes
_LARGEST = 1_000_000_000  # bytes, of all that is in a file


def write(path: Path, description: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write a description and arrays into one file."""
    text = np.frombuffer(json.dumps(description).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{_CONFIG: text, **arrays})


def read(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the description and the arrays that `write` wrote.

    Nothing is unpacked before its size is known, and no pickle is ever read.

    Raises:
        InvalidValueError: If the file cannot be read, or is not such a file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            large = [info for info in infos if info.file_size > _LARGEST_CONFIG and info.filename == f"{_CONFIG}.npy"]
            if large or sum(info.file_size for info in infos) > _LARGEST:
                raise InvalidValueError(f"{path} is larger unpacked than a model may be.", "path")
            if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)) or f"{_CONFIG}.npy" not in names:
                raise InvalidValueError(f"{path} holds no model that `save` wrote.", "path")
            arrays = {info.filename.removesuffix(".npy"): _array(archive, info) for info in infos}
        description = json.loads(arrays.pop(_CONFIG).astype(np.uint8).tobytes().decode())
    except OSError as error:
        raise InvalidValueError(f"{path} cannot be read: {error.strerror or error}.", "path") from error
    except (ValueError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, RecursionError) as error:
        if isinstance(error, InvalidValueError):
            raise
        raise InvalidValueError(f"{path} holds no model that `save` wrote.", "path") from error
    if not isinstance(description, dict):
        raise InvalidValueError(f"{path} holds no model that `save` wrote.", "path")
    return description, arrays


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    """Return an array of numbers, after making sure that it is as large as its header says."""
    with archive.open(info) as file:
        version = np.lib.format.read_magic(file)
        reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
        if reader is None:
            raise ValueError("unknown version")
        shape, _, dtype = reader(file)
        if dtype.kind not in "fu" or math.prod(shape) * dtype.itemsize > info.file_size:
            raise ValueError("not an array of numbers")
    with archive.open(info) as file:
        array: Array = np.lib.format.read_array(file, allow_pickle=False)
    return array
