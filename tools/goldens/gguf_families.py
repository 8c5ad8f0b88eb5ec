#!/usr/bin/env python3
"""Small Granite, SmolLM3 and Gemma 3 models in GGUF files like those that are published.

    pip install -r tools/goldens/requirements.txt gguf==0.19.0 xllamacpp==2026.10.11549
    python tools/goldens/gguf_families.py core/src/test/resources/goldens/gguf

NAME.gguf, written by the gguf library with random weights and all keys that llama.cpp's converter
writes for a published model of that kind; the dense Granite 4 has those of a hybrid model without
Mamba layers. NAME.logprobs.json: log-probabilities that transformers computes with the same
weights; before a file counts, llama.cpp has to give the same ones to what it writes. NAME.json: the
tokens that llama.cpp makes of some texts.
"""

import json
import pathlib
import subprocess
import sys
import urllib.request

import gguf
import numpy as np
import torch
import transformers
from gguf.constants import GGMLQuantizationType as Type
from gguf.constants import TokenType

HIDDEN, INNER, HEADS, KV, WINDOW = 16, 32, 2, 1, 64
SIZE = HIDDEN // HEADS
# What of these can happen tells the ways to split digits, words and signs.
MERGES = ["h e", "1 2", "12 3", "3 4", "' D"]
TEXTS = ["he said 12345 12 he", "don't DON'T we'Dhe", "  he\n\n he\t'Dhe", "x<|end_of_text|>he", ""]
PROMPT = [256, 70, 83, 65, 3, 200, 31]
TOKENS = PROMPT + [5, 99, 120, 7, 7, 258, 64, 11, 180, 2, 77, 140]
# llama.cpp keeps keys and values in F16, 11 binary digits.
BOUND = 3e-3

COMMON = dict(
    hidden_size=HIDDEN,
    intermediate_size=INNER,
    num_attention_heads=HEADS,
    num_key_value_heads=KV,
    max_position_embeddings=WINDOW,
    vocab_size=264,
    bos_token_id=257,
    eos_token_id=257,
    pad_token_id=None,
    tie_word_embeddings=True,
)
SCALES = dict(
    embedding_multiplier=12.0,
    attention_multiplier=0.2,
    residual_multiplier=0.22,
    logits_scaling=4.0,
)
LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
GEMMA = LAYER | {
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}


def neighbours(weight, heads):
    """Hugging Face rotates halves of a head, ggml rotates neighbours."""
    return np.concatenate(
        [np.stack(np.split(head, 2), 1).reshape(head.shape) for head in np.split(weight, heads)]
    )


def tensors(model, names):
    """Every tensor with GGUF's name."""
    top = {"model.embed_tokens": "token_embd", "model.norm": "output_norm"}
    turned = "gemma" not in model.config.model_type
    for name, value in model.state_dict().items():
        if name == "lm_head.weight":
            continue
        weight = value.float().numpy()
        module, kind = name.rsplit(".", 1)
        if module in top:
            other = top[module]
        else:
            _, _, number, part = module.split(".", 3)
            if part == "shared_mlp.input_linear":
                for short, half in zip(("gate", "up"), np.split(weight, 2)):
                    yield f"blk.{number}.ffn_{short}.weight", half
                continue
            part = part.replace("shared_mlp.output_linear", "mlp.down_proj")
            other = f"blk.{number}.{names[part]}"
            if turned and part.endswith(("q_proj", "k_proj")):
                weight = neighbours(weight, HEADS if part.endswith("q_proj") else KV)
        if not turned and name.endswith("norm.weight"):
            weight = weight + 1
        yield f"{other}.{kind}", weight


def sizes(w, config, layers):
    w.add_block_count(layers)
    w.add_context_length(WINDOW)
    w.add_embedding_length(HIDDEN)
    w.add_feed_forward_length(INNER)
    w.add_head_count(HEADS)
    w.add_head_count_kv(KV)
    w.add_layer_norm_rms_eps(config.rms_norm_eps)
    w.add_file_type(1)


def llama(w, theta):
    w.add_rope_freq_base(theta)
    w.add_vocab_size(COMMON["vocab_size"])
    w.add_rope_dimension_count(SIZE)


def granite(w):
    w.add_attention_scale(SCALES["attention_multiplier"])
    w.add_embedding_scale(SCALES["embedding_multiplier"])
    w.add_residual_scale(SCALES["residual_multiplier"])
    w.add_logit_scale(SCALES["logits_scaling"])


def granite3(w, config):
    sizes(w, config, 2)
    llama(w, 10000.0)
    granite(w)
    bytes_(w, "refact")
    w.add_add_bos_token(False)


def granite4(w, config):
    sizes(w, config, 2)
    w.add_expert_count(0)
    w.add_expert_used_count(0)
    llama(w, 10000.0)
    granite(w)
    w.add_expert_shared_feed_forward_length(INNER)
    w.add_ssm_conv_kernel(4)
    w.add_ssm_state_size(128)
    w.add_ssm_group_count(1)
    w.add_ssm_inner_size(2 * HIDDEN)
    w.add_ssm_time_step_rank(4)
    w.kv_data[0].pop("granite.attention.head_count_kv")
    w.add_head_count_kv([KV, KV])
    w.add_rope_scaling_finetuned(True)
    bytes_(w, "dbrx")
    w.add_add_bos_token(False)


def smollm3(w, config):
    sizes(w, config, 5)
    llama(w, 5000000.0)
    bytes_(w, "smaug-bpe")


def gemma3(w, config):
    sizes(w, config, 6)
    w.add_key_length(SIZE)
    w.add_value_length(SIZE)
    w.add_rope_freq_base(1000000.0)
    w.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
    w.add_rope_scaling_factor(8.0)
    w.add_sliding_window(4)
    pieces(w)


def gemma3_of_ollama(w, config):
    """With the keys of Ollama's converter, which lists the layers; llama.cpp does not read them."""
    sizes(w, config, 3)
    w.add_key_length(SIZE)
    w.add_value_length(SIZE)
    w.add_float32("gemma3.rope.global.freq_base", 1000000.0)
    w.add_float32("gemma3.rope.local.freq_base", 500.0)
    w.add_sliding_window(4)
    w.add_array("gemma3.attention.sliding_window_pattern", [False, True, False])
    w.add_uint32("gemma3.mm.tokens_per_image", 256)
    pieces(w)


def pieces(w):
    tokens = [f"<0x{byte:02X}>" for byte in range(256)] + ["<bos>", "<eos>", "<unk>", "\u2581"]
    tokens += ["h", "e", "he", "\u2581he"]
    types = [TokenType.BYTE] * 256 + [TokenType.CONTROL] * 2 + [TokenType.UNKNOWN] + [TokenType.NORMAL] * 5
    w.add_tokenizer_model("llama")
    w.add_tokenizer_pre("default")
    w.add_token_list(tokens)
    w.add_token_scores([-1000.0] * 262 + [-1.0, -2.0])
    w.add_token_types(types)
    w.add_bos_token_id(256)
    w.add_eos_token_id(257)
    w.add_unk_token_id(258)
    w.add_add_bos_token(True)
    w.add_add_sep_token(False)
    w.add_add_eos_token(False)
    w.add_add_space_prefix(False)


def bytes_(w, pre):
    visible = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b]
    tokens = [chr(b) for b in visible] + [chr(256 + i) for i in range(256 - len(visible))]
    types = [TokenType.NORMAL] * 256
    tokens += ["<|start_of_role|>", "<|end_of_text|>"]
    tokens += [merge.replace(" ", "") for merge in MERGES] + ["[PAD263]"]
    types += [TokenType.CONTROL] * 2 + [TokenType.NORMAL] * len(MERGES) + [TokenType.UNUSED]
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre(pre)
    w.add_token_list(tokens)
    w.add_token_types(types)
    w.add_token_merges(MERGES)
    w.add_bos_token_id(257)
    w.add_eos_token_id(257)


MODELS = {
    "granite3": (
        "granite",
        granite3,
        LAYER,
        transformers.GraniteConfig(**COMMON, **SCALES, num_hidden_layers=2),
    ),
    "granite4": (
        "granite",
        granite4,
        LAYER,
        transformers.GraniteMoeHybridConfig(
            **COMMON,
            **SCALES,
            num_hidden_layers=2,
            shared_intermediate_size=INNER,
            num_local_experts=0,
            num_experts_per_tok=0,
            layer_types=["attention", "attention"],
            position_embedding_type="rope",
            mamba_n_heads=4,
        ),
    ),
    "smollm3": (
        "smollm3",
        smollm3,
        LAYER,
        transformers.SmolLM3Config(
            **COMMON,
            num_hidden_layers=5,
            rope_parameters=dict(rope_type="default", rope_theta=5000000.0),
        ),
    ),
    "gemma3": (
        "gemma3",
        gemma3,
        GEMMA,
        transformers.Gemma3TextConfig(
            **COMMON,
            num_hidden_layers=6,
            head_dim=SIZE,
            query_pre_attn_scalar=SIZE,
            sliding_window=4,
            layer_types=["sliding_attention"] * 5 + ["full_attention"],
            rope_parameters=dict(
                full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1000000.0),
                sliding_attention=dict(rope_type="default", rope_theta=10000.0),
            ),
        ),
    ),
}

MODELS["gemma3-ollama"] = (
    "gemma3",
    gemma3_of_ollama,
    GEMMA,
    transformers.Gemma3TextConfig(
        **COMMON,
        num_hidden_layers=3,
        head_dim=SIZE,
        query_pre_attn_scalar=SIZE,
        sliding_window=4,
        layer_types=["full_attention", "sliding_attention", "full_attention"],
        rope_parameters=dict(
            full_attention=dict(rope_type="default", rope_theta=1000000.0),
            sliding_attention=dict(rope_type="default", rope_theta=500.0),
        ),
    ),
)

SERVER = """
import sys, xllamacpp
p = xllamacpp.CommonParams()
p.model.path = sys.argv[1]
p.n_parallel, p.n_ctx, p.port, p.verbosity = 1, 64, 0, -1
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def asked(address, path, what):
    request = urllib.request.Request(
        address + path, json.dumps(what).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def llama_says(file):
    """The ids of tokens that it writes after the prompt; ids and log-probabilities of those among
    them that end a character, as its server says nothing of the others; the tokens of the texts."""
    command = [sys.executable, "-c", SERVER, str(file)]
    pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    process = subprocess.Popen(command, **pipes)
    try:
        address = process.stdout.readline().strip()
        wanted = dict(prompt=PROMPT, n_predict=20, n_probs=1, temperature=0, return_tokens=True)
        answer = asked(address, "/completion", wanted)
        found = [(one["id"], one["logprob"]) for one in answer["completion_probabilities"]]
        texts = []
        for text in TEXTS:
            content = dict(content=text, add_special=False, parse_special=True)
            texts.append(dict(text=text, tokens=asked(address, "/tokenize", content)["tokens"]))
        return answer["tokens"], found, texts
    finally:
        process.stdin.close()
        process.wait()


def log_probabilities(model, tokens):
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0].double()
    return torch.log_softmax(logits, -1)[range(len(tokens) - 1), tokens[1:]].tolist()


def main():
    out = pathlib.Path(sys.argv[1])
    for name, (architecture, describe, names, config) in MODELS.items():
        torch.manual_seed(18)
        model = transformers.AutoModelForCausalLM.from_config(config)
        for parameter in model.parameters():
            # Exact in F16, and so are the sums with the one that Gemma's norms have.
            noise = torch.randn_like(parameter) * (0.1 if parameter.dim() == 1 else 0.25)
            vector = parameter.data + noise if parameter.dim() == 1 else noise
            parameter.data = (vector * 256).round() / 256
        file = out / f"{name}.gguf"
        writer = gguf.GGUFWriter(file, architecture)
        describe(writer, config)
        for other, weight in tensors(model, names):
            kind = Type.F32 if weight.ndim == 1 else Type.F16
            data = gguf.quants.quantize(np.ascontiguousarray(weight), kind)
            writer.add_tensor(other, data, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        golden = dict(tokens=TOKENS, logprobs=[round(p, 7) for p in log_probabilities(model, TOKENS)])
        (out / f"{name}.logprobs.json").write_text(json.dumps(golden) + "\n")
        if describe is gemma3_of_ollama:
            continue
        written, found, texts = llama_says(file)
        all_ = log_probabilities(model, PROMPT + written)[len(PROMPT) - 1 :]
        reference = iter(zip(written, all_))
        difference = max(
            abs(logprob - next(value for other, value in reference if other == token))
            for token, logprob in found
        )
        print(f"{name}: {len(found)} of {len(written)} tokens, within {difference:.1e}")
        if len(found) < 10 or difference > BOUND:
            sys.exit(f"{name}: llama.cpp computes another model")
        (out / f"{name}.json").write_text(json.dumps(texts, indent=1) + "\n")


main()
