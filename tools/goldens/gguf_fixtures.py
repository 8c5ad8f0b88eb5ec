#!/usr/bin/env python3
"""Small GGUF files as others write them, and what has to come out of them.

    pip install -r tools/goldens/requirements.txt gguf==0.19.0 llama-cpp-python==0.3.36
    python tools/goldens/gguf_fixtures.py core/src/test/resources/goldens/gguf

blocks.safetensors: rows of numbers, their blocks after gguf.quants, and the numbers those stand
for. For each model NAME.gguf, written by the gguf library with random weights; NAME.safetensors,
its weights dequantised by gguf.quants in Hugging Face's names and order; NAME.json, the tokens that
llama.cpp makes of some texts.
"""

import json
import pathlib
import sys

import gguf
import llama_cpp
import numpy as np
from gguf.constants import GGMLQuantizationType as Type
from gguf.constants import TokenType
from safetensors.numpy import save_file

RANDOM = np.random.default_rng(5)
TEXTS = [
    "the tent in the inn",
    "  two  spaces\n\tand a tab ",
    "Zürich, 東京 🪨",
    "<|im_start|>then<|im_end|>he said 'tis 1234",
    "",
]


def blocks(out):
    rows = [RANDOM.normal(size=32) * scale for scale in (1, 1e-6, 300, 1e-30)]
    rows.append(np.zeros(32))
    rows.append(np.arange(32) - 15.5)
    # Halves: 127 is the largest, so every number stands for itself.
    rows.append(np.concatenate([[127], np.arange(31) - 14.5]))
    rows.append(np.concatenate([[-127], 14.5 - np.arange(31)]))
    values = np.array(rows, dtype=np.float32)
    tensors = {"values": values}
    for kind in (Type.Q8_0, Type.Q4_0, Type.BF16):
        packed = gguf.quants.quantize(values, kind)
        tensors[kind.name] = packed
        tensors[kind.name + ".back"] = gguf.quants.dequantize(packed, kind)
    tensors["F16"] = values.astype(np.float16).view(np.uint8)
    save_file(tensors, out / "blocks.safetensors")


def halves_to_neighbours(weight, heads):
    rows = weight.shape[0]
    split = weight.reshape(heads, 2, rows // heads // 2, *weight.shape[1:])
    return split.swapaxes(1, 2).reshape(weight.shape)


class Model:
    """Collects a model on its way into both kinds of file."""

    def __init__(self, out, name, architecture):
        self.out, self.name = out, name
        self.writer = gguf.GGUFWriter(out / f"{name}.gguf", architecture)
        self.expected = {}

    def add(self, ours, theirs, shape, kind=Type.F32, heads=0):
        """`heads` above 0: rows change places in GGUF, in so many heads."""
        weight = RANDOM.normal(size=shape).astype(np.float32) * 0.2
        packed = gguf.quants.quantize(weight, kind)
        values = gguf.quants.dequantize(packed, kind)
        dtype = {Type.F16: np.float16}.get(kind, np.float32)
        self.expected[ours] = values.astype(dtype)
        data = halves_to_neighbours(packed, heads) if heads else packed
        self.writer.add_tensor(theirs, np.ascontiguousarray(data), raw_dtype=kind)

    def layer(self, hidden, inner, heads, kv, kind, permuted, biases):
        ours, theirs = "model.layers.0.", "blk.0."
        size = hidden // heads
        self.add(ours + "input_layernorm.weight", theirs + "attn_norm.weight", [hidden])
        for long, short, count in ("q_proj", "q", heads), ("k_proj", "k", kv), ("v_proj", "v", kv):
            turned = count if permuted and short != "v" else 0
            names = [f"{ours}self_attn.{long}", f"{theirs}attn_{short}"]
            self.add(*(n + ".weight" for n in names), [count * size, hidden], kind, turned)
            if biases:
                self.add(*(n + ".bias" for n in names), [count * size], heads=turned)
        names = [f"{ours}self_attn.o_proj.weight", f"{theirs}attn_output.weight"]
        self.add(*names, [hidden, hidden], kind)
        self.add(ours + "post_attention_layernorm.weight", theirs + "ffn_norm.weight", [hidden])
        for part, shape in ("gate", [inner, hidden]), ("up", [inner, hidden]), ("down", [hidden, inner]):
            names = [f"{ours}mlp.{part}_proj.weight", f"{theirs}ffn_{part}.weight"]
            self.add(*names, shape, kind)

    def settings(self, hidden, inner, heads, kv):
        w = self.writer
        w.add_context_length(64)
        w.add_embedding_length(hidden)
        w.add_block_count(1)
        w.add_feed_forward_length(inner)
        w.add_head_count(heads)
        w.add_head_count_kv(kv)
        w.add_layer_norm_rms_eps(1e-5)
        w.add_rope_freq_base(10000.0)
        w.add_rope_dimension_count(hidden // heads)

    def close(self):
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()
        save_file(self.expected, self.out / f"{self.name}.safetensors")
        vocabulary = llama_cpp.Llama(
            str(self.out / f"{self.name}.gguf"), vocab_only=True, verbose=False
        )
        tokens = [
            {"text": t, "tokens": vocabulary.tokenize(t.encode(), add_bos=False, special=True)}
            for t in TEXTS
        ]
        (self.out / f"{self.name}.json").write_text(
            json.dumps(tokens, ensure_ascii=False, indent=1) + "\n"
        )


def llama(out):
    """SentencePiece vocabulary; Q8_0, the embedding F16 and tied."""
    model = Model(out, "llama-q8_0", "llama")
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL] + [TokenType.BYTE] * 256
    pieces = ["\u2581t", "he", "in", "\u2581the", "en", "\u2581a", "\u2581\u2581", "nn", "and"]
    pieces += ["an", "\u2581an"]
    scores = [0.0] * len(tokens) + [-float(rank) for rank in range(len(pieces))]
    letters = ["\u2581"] + [chr(ord("a") + i) for i in range(26)]
    tokens += pieces + letters
    scores += [-1000.0] * len(letters)
    types += [TokenType.NORMAL] * (len(pieces) + len(letters))
    size = 32
    model.settings(size, 64, 4, 2)
    w = model.writer
    w.add_tokenizer_model("llama")
    w.add_tokenizer_pre("default")
    w.add_token_list(tokens)
    w.add_token_scores(scores)
    w.add_token_types(types)
    w.add_bos_token_id(1)
    w.add_eos_token_id(2)
    w.add_unk_token_id(0)
    w.add_add_bos_token(True)
    model.add("model.embed_tokens.weight", "token_embd.weight", [len(tokens), size], Type.F16)
    model.layer(size, 64, 4, 2, Type.Q8_0, permuted=True, biases=False)
    model.add("model.norm.weight", "output_norm.weight", [size])
    model.close()


def qwen2(out):
    """Byte-level vocabulary with unused rows; Q4_0, the embedding BF16, the head Q8_0."""
    model = Model(out, "qwen2-q4_0", "qwen2")
    visible = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b]
    hidden = [b for b in range(256) if b not in visible]
    tokens = [chr(b) for b in visible] + [chr(256 + i) for i in range(len(hidden))]
    merges = ["\u0120 t", "h e", "i n", "\u0120t he", "\u0120 \u0120", "\u00c3 \u00bc"]
    tokens += [merge.replace(" ", "") for merge in merges]
    types = [TokenType.NORMAL] * len(tokens)
    tokens += ["<|im_start|>", "<|im_end|>", "<think>", "[PAD265]", "[PAD266]"]
    types += [TokenType.CONTROL] * 2 + [TokenType.USER_DEFINED] + [TokenType.UNUSED] * 2
    size = 32
    model.settings(size, 64, 4, 2)
    w = model.writer
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("qwen2")
    w.add_token_list(tokens)
    w.add_token_types(types)
    w.add_token_merges(merges)
    w.add_eos_token_id(tokens.index("<|im_end|>"))
    w.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    model.add("model.embed_tokens.weight", "token_embd.weight", [len(tokens), size], Type.BF16)
    model.layer(size, 64, 4, 2, Type.Q4_0, permuted=False, biases=True)
    model.add("model.norm.weight", "output_norm.weight", [size])
    model.add("lm_head.weight", "output.weight", [len(tokens), size], Type.Q8_0)
    model.close()


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    blocks(out)
    llama(out)
    qwen2(out)


main()
