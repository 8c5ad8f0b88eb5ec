#!/usr/bin/env python3
"""A small model in a GGUF file of three parts, of many number types, and what it computes.

    pip install -r tools/goldens/requirements.txt gguf==0.19.0
    python tools/goldens/gguf_parts.py core/src/test/resources/goldens/gguf

mixed-0000N-of-00003.gguf, written by the gguf library: a Qwen2 with random weights, a head of its
own and a vocabulary of bytes. mixed.json: log-probabilities that transformers computes with the
weights that gguf.quants makes of the blocks.
"""

import json
import pathlib
import sys

import gguf
import numpy as np
import torch
from gguf.constants import GGMLQuantizationType as Type
from gguf.constants import TokenType
from transformers import Qwen2Config, Qwen2ForCausalLM

RANDOM = np.random.default_rng(18)
HIDDEN, INNER, HEADS, KV, LAYERS, WINDOW = 32, 256, 4, 2, 2, 64
TENSORS = 2 * 12 + 3
# Where the numbers that scale a block are, in halves; all other bytes are drawn at random.
SCALES = {Type.Q4_K: [0, 1], Type.Q5_K: [0, 1], Type.Q6_K: [104]}


def packed(shape, kind):
    if kind not in SCALES:
        weight = RANDOM.normal(size=shape).astype(np.float32) * 0.2
        return gguf.quants.quantize(weight, kind)
    size, bytes_ = gguf.constants.GGML_QUANT_SIZES[kind]
    rows = RANDOM.integers(0, 256, size=(shape[0], shape[1] // size * bytes_), dtype=np.uint8)
    halves = rows.reshape(-1, bytes_).view(np.float16)
    halves[:, SCALES[kind]] = 0.0004 if kind == Type.Q6_K else 0.002
    return rows


def vocabulary(writer):
    visible = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b]
    tokens = [chr(b) for b in visible] + [chr(256 + i) for i in range(256 - len(visible))]
    merges = ["h e", "i n", "t he"]
    tokens += [merge.replace(" ", "") for merge in merges]
    types = [TokenType.NORMAL] * len(tokens)
    tokens += ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    types += [TokenType.CONTROL] * 3
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    return len(tokens)


def settings(writer):
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)


def layer(i):
    ours, theirs = f"model.layers.{i}.", f"blk.{i}."
    size = HIDDEN // HEADS
    legacy = [Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1]
    yield ours + "input_layernorm.weight", theirs + "attn_norm.weight", [HIDDEN], Type.F32
    for part, short, count, kind in zip("qkv", "qkv", [HEADS, KV, KV], legacy):
        name, other = f"{ours}self_attn.{part}_proj", f"{theirs}attn_{short}"
        yield name + ".weight", other + ".weight", [count * size, HIDDEN], kind
        yield name + ".bias", other + ".bias", [count * size], Type.F32
    yield ours + "self_attn.o_proj.weight", theirs + "attn_output.weight", [HIDDEN, HIDDEN], legacy[3]
    yield ours + "post_attention_layernorm.weight", theirs + "ffn_norm.weight", [HIDDEN], Type.F32
    yield ours + "mlp.gate_proj.weight", theirs + "ffn_gate.weight", [INNER, HIDDEN], Type.Q8_0
    yield ours + "mlp.up_proj.weight", theirs + "ffn_up.weight", [INNER, HIDDEN], Type.Q4_0
    kind = [Type.Q4_K, Type.Q6_K][i]
    yield ours + "mlp.down_proj.weight", theirs + "ffn_down.weight", [HIDDEN, INNER], kind


def tensors(vocab):
    yield "model.embed_tokens.weight", "token_embd.weight", [vocab, HIDDEN], Type.Q8_0
    for i in range(LAYERS):
        yield from layer(i)
    yield "model.norm.weight", "output_norm.weight", [HIDDEN], Type.F32
    yield "lm_head.weight", "output.weight", [vocab, HIDDEN], Type.Q5_1


def main():
    out = pathlib.Path(sys.argv[1])
    writer = gguf.GGUFWriter(out / "mixed.gguf", "qwen2", split_max_tensors=TENSORS // 3 + 1)
    settings(writer)
    vocab = vocabulary(writer)
    weights = {}
    for ours, theirs, shape, kind in tensors(vocab):
        data = packed(shape, kind)
        weights[ours] = torch.from_numpy(gguf.quants.dequantize(data, kind).reshape(shape).copy())
        writer.add_tensor(theirs, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    config = Qwen2Config(
        vocab_size=vocab,
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=KV,
        max_position_embeddings=WINDOW,
        rms_norm_eps=1e-5,
        rope_theta=10000.0,
        tie_word_embeddings=False,
    )
    model = Qwen2ForCausalLM(config).eval()
    model.load_state_dict(weights, strict=True)
    tokens = RANDOM.integers(0, vocab, size=24).tolist()
    with torch.no_grad():
        scores = torch.log_softmax(model(torch.tensor([tokens])).logits[0].double(), -1)
    logprobs = [scores[i - 1, tokens[i]].item() for i in range(1, len(tokens))]
    text = json.dumps({"tokens": tokens, "logprobs": logprobs})
    (out / "mixed.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
