#!/usr/bin/env python3
"""Random blocks of ggml's formats and the numbers they stand for, by two other programs.

    pip install gguf==0.19.0 safetensors xllamacpp==2026.10.11549
    python tools/goldens/ggml_blocks.py core/src/test/resources/goldens/gguf

blocks-all.safetensors: for each format, NAME (bytes, [rows, bytes of a row]) and NAME.floats. gguf-py
dequantises them, and so does llama.cpp, by the functions that the library of xllamacpp exports. The
script fails if a single bit differs. A llama.cpp built for a processor with fused multiply-adds may
round once where gguf-py and this library round twice; then gguf-py's bits are the ones to keep.
"""

import ctypes
import pathlib
import sys

import gguf
import numpy as np
import xllamacpp
from gguf.constants import GGMLQuantizationType as Type
from safetensors.numpy import save_file

RANDOM = np.random.default_rng(18)

# Where the half-precision factors of a block are, in bytes.
HALVES = {
    Type.Q4_0: [0],
    Type.Q4_1: [0, 2],
    Type.Q5_0: [0],
    Type.Q5_1: [0, 2],
    Type.Q8_0: [0],
    Type.Q2_K: [80, 82],
    Type.Q3_K: [108],
    Type.Q4_K: [0, 2],
    Type.Q5_K: [0, 2],
    Type.Q6_K: [208],
    Type.IQ4_NL: [0],
    Type.IQ4_XS: [0],
    Type.MXFP4: [],
}

# Greatest, smallest normal and smallest half of both signs, and negative zero.
EXTREMES = np.array([0x7BFF, 0xFBFF, 0x0400, 0x0001, 0x8001, 0x8000, 0x03FF], np.uint16)

# E8M0: the two that are below the normal floats, the one of scale 1, and two whose products
# overflow.
EXPONENTS = [0, 1, 2, 127, 252, 254, 255]


def blocks(kind):
    size, length = gguf.GGML_QUANT_SIZES[kind]
    count = 8 if size == 32 else 3
    data = RANDOM.integers(0, 256, (count, length), dtype=np.uint8)
    for i, row in enumerate(data):
        if kind == Type.MXFP4:
            row[0] = EXPONENTS[i] if i < len(EXPONENTS) else 120
            continue
        for k, at in enumerate(HALVES[kind]):
            extreme = EXTREMES[(i // 2 + k + len(kind.name) + kind) % len(EXTREMES)]
            usual = np.float16(RANDOM.normal() * 0.01).view(np.uint16)
            row[at : at + 2] = np.array([extreme if i % 2 else usual]).view(np.uint8)
    return data.reshape(1, -1) if size == 256 else data.reshape(2, -1)


def by_llamacpp(library, kind, data, cols):
    out = np.zeros((len(data), cols), np.float32)
    name = kind.name.lower().replace("_k", "_K")
    function = getattr(library, f"dequantize_row_{name}")
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    function.restype = None
    for row, target in zip(data, out):
        function(row.ctypes.data, target.ctypes.data, cols)
    return out


def main():
    folder = pathlib.Path(xllamacpp.__file__).parent
    library = ctypes.CDLL(str(next(folder.glob("xllamacpp*.so"))))
    tensors = {}
    for kind in HALVES:
        data = blocks(kind)
        with np.errstate(over="ignore"):
            floats = gguf.quants.dequantize(data, kind).astype(np.float32)
        other = by_llamacpp(library, kind, data, floats.shape[1])
        differ = (floats.view(np.uint32) != other.view(np.uint32)).sum()
        if differ:
            raise SystemExit(f"{kind.name}: {differ} of {floats.size} numbers differ")
        tensors[kind.name] = data
        tensors[f"{kind.name}.floats"] = floats
    halves = np.concatenate([EXTREMES, [0x3C00, 0x7C00, 0xFC00, 0x2E66]]).astype(np.uint16)
    for kind in (Type.F16, Type.BF16):
        data = halves.view(np.uint8).reshape(1, -1)
        tensors[kind.name] = data
        tensors[f"{kind.name}.floats"] = gguf.quants.dequantize(data, kind).astype(np.float32)
    target = pathlib.Path(sys.argv[1]) / "blocks-all.safetensors"
    save_file(tensors, target)
    target.chmod(0o644)


main()
