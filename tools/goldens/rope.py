"""Rotary frequencies of config.json files as transformers reads them, for RopeTest to compare with.

A tool for making fixtures; neither the product nor its tests run it. Made with transformers 5.24.0
on PyTorch 2.15.0 (Python 3.11):

    python tools/goldens/rope.py core/src/test/resources/rope.json

Each entry has what it adds to a config of 64 hidden values in 4 heads and a context of 64 tokens,
the frequencies of the pairs, and the factor of cosines and sines.
"""

import json
import pathlib
import sys

from transformers import AutoConfig
from transformers.models.gpt_neox.modeling_gpt_neox import GPTNeoXRotaryEmbedding
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding
from transformers.models.qwen3.modeling_qwen3 import Qwen3RotaryEmbedding
from transformers.models.smollm3.modeling_smollm3 import SmolLM3RotaryEmbedding

CLASSES = {"llama": LlamaRotaryEmbedding, "qwen2": Qwen2RotaryEmbedding, "qwen3": Qwen3RotaryEmbedding,
           "gpt_neox": GPTNeoXRotaryEmbedding, "smollm3": SmolLM3RotaryEmbedding}
SIZES = dict(hidden_size=64, intermediate_size=8, num_hidden_layers=1, num_attention_heads=4,
             num_key_value_heads=4, head_dim=16, vocab_size=8, max_position_embeddings=64)

LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0)
YARN = dict(rope_type="yarn", factor=4.0)
CASES = [
    {},
    dict(rope_theta=500.0),
    dict(rope_scaling=None, rope_theta=500),
    dict(rope_scaling={}, rope_parameters=dict(rope_theta=500.0)),
    dict(rope_parameters=dict(rope_type="default", rope_theta=500.0), rope_theta=77.0),
    dict(rope_scaling=dict(rope_theta=500.0, rope_type="default"), rope_theta=77.0),
    dict(rope_scaling=dict(type="linear", factor=2.0), rope_theta=500.0),
    dict(rope_scaling=dict(rope_type="linear", type="default", factor=2.5)),
    dict(rope_parameters=dict(rope_type="linear", factor=4, rope_theta=500.0)),
    dict(rope_scaling=dict(type="linear", factor=2.0),
         rope_parameters=dict(rope_type="default", rope_theta=500.0)),
    dict(rope_scaling=dict(type="dynamic", factor=2.0), rope_theta=500.0),
    dict(rope_scaling=LLAMA3 | dict(original_max_position_embeddings=16)),
    dict(rope_scaling=LLAMA3, original_max_position_embeddings=16),
    dict(rope_scaling=LLAMA3 | dict(original_max_position_embeddings=32), original_max_position_embeddings=16),
    dict(rope_scaling=LLAMA3),
    dict(rope_parameters=LLAMA3 | dict(rope_theta=500.0, original_max_position_embeddings=32)),
    dict(rope_scaling=YARN | dict(original_max_position_embeddings=16)),
    dict(rope_scaling=YARN, rope_theta=1e6),
    dict(rope_scaling=YARN | dict(type="linear"), original_max_position_embeddings=16),
    dict(rope_scaling=YARN | dict(original_max_position_embeddings=16, attention_factor=1.5)),
    dict(rope_scaling=YARN | dict(original_max_position_embeddings=16, beta_fast=4, beta_slow=0.5, truncate=False)),
    dict(rope_scaling=YARN | dict(original_max_position_embeddings=16, mscale=0.7, mscale_all_dim=1.2)),
    dict(rope_scaling=YARN | dict(original_max_position_embeddings=16, mscale=0.7)),
    dict(rope_scaling=dict(rope_type="yarn", factor=None, original_max_position_embeddings=16)),
]
NEOX = [
    {},
    dict(rotary_pct=0.5, rotary_emb_base=500),
    dict(rotary_pct=1.0, rope_theta=500.0),
    dict(rope_parameters=dict(rope_theta=500.0, partial_rotary_factor=0.75, rope_type="default"), rotary_pct=0.5),
    dict(rope_parameters=dict(rope_theta=500.0), rotary_pct=0.5, rotary_emb_base=77),
    dict(rope_scaling=dict(type="linear", factor=2.0), rotary_pct=1.0),
    dict(rope_scaling=YARN | dict(original_max_position_embeddings=16), rotary_pct=0.5),
]


def entry(model_type, more):
    config = AutoConfig.for_model(model_type, **(SIZES | json.loads(json.dumps(more))))
    rotary = CLASSES[model_type](config)
    return {"config": {"model_type": model_type} | SIZES | more, "factor": float(rotary.attention_scaling),
            "frequencies": [float(f) for f in rotary.inv_freq]}


if __name__ == "__main__":
    entries = [entry("llama", more) for more in CASES]
    entries += [entry(t, more) for t in ("qwen2", "qwen3") for more in (CASES[0], CASES[12], CASES[16])]
    entries += [entry("smollm3", more) for more in ({}, dict(rope_theta=5e6))]
    entries += [entry("gpt_neox", more) for more in NEOX]
    pathlib.Path(sys.argv[1]).write_text("[\n" + ",\n".join(map(json.dumps, entries)) + "\n]\n")
