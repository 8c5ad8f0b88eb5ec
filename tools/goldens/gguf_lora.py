#!/usr/bin/env python3
"""Makes core/src/test/resources/goldens/quantised: a tiny Llama in blocks of GGUF, an adapter, and what
PyTorch and PEFT compute with the dequantised weights. GoldenModelsTest compares Cairn with it.

    pip install -r tools/goldens/requirements.txt gguf==0.19.0
    python tools/goldens/gguf_lora.py

The weights are random, in Q4_0, Q8_0, Q4_K and Q6_K; the rows of queries and keys are in GGUF's order.
golden.safetensors holds the values that models.py describes.
"""

import gguf
import torch
from gguf.constants import GGMLQuantizationType as Type
from gguf_parts import HEADS, HIDDEN, INNER, KV, LAYERS, WINDOW, packed, settings, vocabulary
from models import (
    OUT,
    learn,
    logits,
    lora_parameters,
    randomise,
    sequences,
    write_adapter,
    write_golden,
)
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

SIZE = HIDDEN // HEADS


def layer(i):
    ours, theirs = f"model.layers.{i}.", f"blk.{i}."
    yield ours + "input_layernorm", theirs + "attn_norm", [HIDDEN], Type.F32
    yield ours + "self_attn.q_proj", theirs + "attn_q", [HIDDEN, HIDDEN], Type.Q4_0
    yield ours + "self_attn.k_proj", theirs + "attn_k", [KV * SIZE, HIDDEN], Type.Q8_0
    yield ours + "self_attn.v_proj", theirs + "attn_v", [KV * SIZE, HIDDEN], Type.Q8_0
    yield ours + "self_attn.o_proj", theirs + "attn_output", [HIDDEN, HIDDEN], Type.Q4_0
    yield ours + "post_attention_layernorm", theirs + "ffn_norm", [HIDDEN], Type.F32
    yield ours + "mlp.gate_proj", theirs + "ffn_gate", [INNER, HIDDEN], Type.Q8_0
    yield ours + "mlp.up_proj", theirs + "ffn_up", [INNER, HIDDEN], Type.Q4_0
    yield ours + "mlp.down_proj", theirs + "ffn_down", [HIDDEN, INNER], [Type.Q4_K, Type.Q6_K][i]


def tensors(vocab):
    yield "model.embed_tokens", "token_embd", [vocab, HIDDEN], Type.Q8_0
    for i in range(LAYERS):
        yield from layer(i)
    yield "model.norm", "output_norm", [HIDDEN], Type.F32


def half_split(weight):
    """Queries and keys from GGUF's order of rows, pairs beside each other, to Hugging Face's."""
    heads = weight.reshape(-1, SIZE // 2, 2, weight.shape[1])
    return heads.transpose(1, 2).reshape(weight.shape)


def write_model(file):
    writer = gguf.GGUFWriter(file, "llama")
    settings(writer)
    writer.add_rope_dimension_count(SIZE)
    vocab = vocabulary(writer)
    weights = {}
    for ours, theirs, shape, kind in tensors(vocab):
        data = packed(shape, kind)
        if kind == Type.F32:
            data = 1 + data  # gains, around what they begin with
        weight = torch.from_numpy(gguf.quants.dequantize(data, kind).reshape(shape).copy())
        turns = ours.endswith(("q_proj", "k_proj"))
        weights[ours + ".weight"] = half_split(weight) if turns else weight
        writer.add_tensor(theirs + ".weight", data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return vocab, weights


def main():
    torch.manual_seed(18)
    directory = OUT.parent / "quantised/llama"
    directory.mkdir(parents=True, exist_ok=True)
    vocab, weights = write_model(directory / "model.gguf")
    config = LlamaConfig(
        vocab_size=vocab,
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=KV,
        max_position_embeddings=WINDOW,
        rms_norm_eps=1e-5,
        rope_theta=10000.0,
        tie_word_embeddings=True,
    )
    base = LlamaForCausalLM(config).eval()
    base.load_state_dict(weights | {"lm_head.weight": weights["model.embed_tokens.weight"]})
    lora = LoraConfig(
        task_type="CAUSAL_LM", r=3, lora_alpha=5, lora_dropout=0.0, target_modules="all-linear"
    )
    peft = get_peft_model(base, lora).eval()
    peft.peft_config["default"].base_model_name_or_path = "tiny"
    randomise([p for n, p in peft.named_parameters() if "lora_" in n], 0.2)
    write_adapter(peft, directory / "adapter")
    batch = sequences()
    golden = {f"tokens.{i}": ids[0] for i, ids in enumerate(batch)}
    logits(peft, batch, "adapter.", golden)
    learn(peft, batch, "adapter.", golden, lora_parameters(peft))
    write_golden(directory, golden)


if __name__ == "__main__":
    main()
