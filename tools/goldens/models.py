#!/usr/bin/env python3
"""Makes core/src/test/resources/goldens: tiny random models and what PyTorch, transformers and PEFT
compute of them. GoldenModelsTest compares Cairn with it.

    pip install -r tools/goldens/requirements.txt
    python tools/goldens/models.py [CASE ...]

Without a case it makes all of them anew, and the adapters.

Each case is a model directory with an `adapter` in it, and `golden.safetensors`:
tokens.N, logits.N, adapter.logits.N   of each sequence, without and with the adapter
loss, adapter.loss                     mean over the next tokens of all sequences
adapter.gradient.NAME, .stepped.NAME   of every LoRA tensor, and its value after three AdamW steps
gradient.NAME, stepped.NAME            likewise of every weight, where all are trained
"""

import json
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
    GraniteMoeHybridConfig,
    GraniteMoeHybridForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
    SmolLM3Config,
    SmolLM3ForCausalLM,
)

OUT = pathlib.Path(__file__).resolve().parents[2] / "core/src/test/resources/goldens/models"
VOCABULARY = 53
LENGTHS = (19, 1, 11)
STEPS = 3
# Values that never turn (rotary) cancel out of the softmax for key biases: their gradient is zero,
# but for rounding, which a smaller eps would blow up to a full step.
OPTIMISER = dict(lr=1e-2, betas=(0.9, 0.999), eps=1e-5, weight_decay=0.01)
# PyTorch gives the embedding of a padding token no gradient, whatever it stands for in the text.
NO_PADDING = dict(bos_token_id=2, eos_token_id=1, pad_token_id=None)


def neox(**more):
    common = dict(vocab_size=VOCABULARY, num_hidden_layers=2, max_position_embeddings=32)
    return GPTNeoXForCausalLM(GPTNeoXConfig(**(common | more)))


def llama_like(model, config, **more):
    common = dict(vocab_size=VOCABULARY, num_hidden_layers=2, max_position_embeddings=32)
    return model(config(**(common | more)))


def llama(**more):
    return llama_like(LlamaForCausalLM, LlamaConfig, **more)


def gemma3(**more):
    common = NO_PADDING | dict(num_attention_heads=4, num_key_value_heads=2)
    return llama_like(Gemma3ForCausalLM, Gemma3TextConfig, **(common | more))


def granite(model, config, **more):
    common = NO_PADDING | dict(
        num_attention_heads=6,
        num_key_value_heads=2,
        intermediate_size=33,
        embedding_multiplier=12.0,
        attention_multiplier=0.3,
        residual_multiplier=0.22,
        logits_scaling=1.7,
    )
    return llama_like(model, config, **(common | more))


def granite4(**more):
    dense = dict(num_local_experts=0, layer_types=["attention"] * 2, shared_intermediate_size=26)
    # Nothing of a Mamba layer is made, but its sizes are checked.
    mamba = dict(mamba_n_heads=6, mamba_expand=2)
    return granite(
        GraniteMoeHybridForCausalLM, GraniteMoeHybridConfig, **(dense | mamba | more)
    )


# Sizes are awkward on purpose: odd numbers of heads, heads that do not add up to the hidden size,
# nothing a multiple of a vector's length.
CASES = {
    "neox-parallel": dict(
        model=lambda: neox(
            hidden_size=24, num_attention_heads=3, intermediate_size=37, rotary_pct=0.25
        ),
        full=True,
    ),
    "neox-sequential-tied": dict(
        model=lambda: neox(
            hidden_size=30,
            num_attention_heads=5,
            intermediate_size=41,
            rotary_pct=1.0,
            use_parallel_residual=False,
            tie_word_embeddings=True,
        ),
        full=True,
    ),
    "neox-bf16-sharded": dict(
        model=lambda: neox(
            hidden_size=28, num_attention_heads=7, intermediate_size=33, rotary_pct=0.5
        ),
        dtype=torch.bfloat16,
        shard="12KB",
    ),
    "llama": dict(
        model=lambda: llama(
            hidden_size=18,
            num_attention_heads=6,
            num_key_value_heads=2,
            head_dim=4,
            intermediate_size=35,
        ),
        full=True,
    ),
    "llama-biases-f16": dict(
        model=lambda: llama(
            hidden_size=20,
            num_attention_heads=5,
            num_key_value_heads=5,
            intermediate_size=27,
            attention_bias=True,
            mlp_bias=True,
        ),
        dtype=torch.float16,
    ),
    "llama3-tied": dict(
        model=lambda: llama(
            hidden_size=24,
            num_attention_heads=3,
            num_key_value_heads=1,
            intermediate_size=29,
            tie_word_embeddings=True,
            # Both bounds lie among this small model's frequencies, so all three cases occur.
            rope_parameters=dict(
                rope_type="llama3",
                rope_theta=500000.0,
                factor=8.0,
                low_freq_factor=1.0,
                high_freq_factor=4.0,
                original_max_position_embeddings=20,
            ),
        ),
    ),
    "smollm2": dict(
        model=lambda: llama(
            hidden_size=36,
            num_attention_heads=9,
            num_key_value_heads=3,
            intermediate_size=31,
            tie_word_embeddings=True,
            rope_parameters=dict(rope_type="default", rope_theta=100000.0),
        ),
        dtype=torch.bfloat16,
    ),
    "qwen2": dict(
        model=lambda: llama_like(
            Qwen2ForCausalLM,
            Qwen2Config,
            hidden_size=28,
            num_attention_heads=7,
            num_key_value_heads=1,
            intermediate_size=39,
            tie_word_embeddings=True,
            rope_parameters=dict(rope_type="default", rope_theta=1000000.0),
        ),
    ),
    "qwen3-sharded": dict(
        model=lambda: llama_like(
            Qwen3ForCausalLM,
            Qwen3Config,
            hidden_size=22,
            num_attention_heads=6,
            num_key_value_heads=3,
            head_dim=10,
            intermediate_size=25,
        ),
        shard="30KB",
    ),
    # All sequences but one are longer than the window.
    "gemma3": dict(
        model=lambda: gemma3(
            hidden_size=20,
            head_dim=6,
            intermediate_size=29,
            query_pre_attn_scalar=10,
            sliding_window=5,
            layer_types=["sliding_attention", "full_attention"],
            rope_parameters=dict(
                sliding_attention=dict(rope_type="default", rope_theta=10000.0),
                full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1000000.0),
            ),
        ),
        full=True,
    ),
    "gemma3-bf16-biases": dict(
        model=lambda: gemma3(
            hidden_size=28,
            head_dim=10,
            num_hidden_layers=3,
            intermediate_size=35,
            sliding_window=4,
            sliding_window_pattern=2,
            attention_bias=True,
            tie_word_embeddings=False,
        ),
        dtype=torch.bfloat16,
    ),
    "smollm3": dict(
        model=lambda: llama_like(
            SmolLM3ForCausalLM,
            SmolLM3Config,
            **NO_PADDING,
            hidden_size=24,
            num_attention_heads=6,
            num_key_value_heads=2,
            intermediate_size=31,
            no_rope_layer_interval=2,
            num_hidden_layers=3,
            rope_parameters=dict(rope_type="default", rope_theta=5000000.0),
        ),
        full=True,
    ),
    "granite": dict(
        model=lambda: granite(GraniteForCausalLM, GraniteConfig, hidden_size=36),
        full=True,
    ),
    "granite-biases-tied": dict(
        model=lambda: granite(
            GraniteForCausalLM,
            GraniteConfig,
            hidden_size=24,
            attention_bias=True,
            mlp_bias=True,
            tie_word_embeddings=True,
        ),
        dtype=torch.bfloat16,
    ),
    "granite4": dict(
        model=lambda: granite4(hidden_size=24, position_embedding_type="rope"),
        full=True,
    ),
    "granite4-nope-tied": dict(
        model=lambda: granite4(hidden_size=36, tie_word_embeddings=True),
    ),
}

# Not the number of cases, so that a new case changes no adapter.
ADAPTERS_SEED = 9

# Ways to write an adapter, all of them on one base.
ADAPTERS = {
    "rslora": dict(r=4, lora_alpha=6, use_rslora=True, target_modules=["query_key_value", "dense"]),
    "patterns": dict(
        r=2,
        lora_alpha=3,
        target_modules="all-linear",
        rank_pattern={"dense_h_to_4h": 5, r"layers\.1\.attention\.dense": 1},
        alpha_pattern={"query_key_value": 7, r"0\.mlp\.dense_4h_to_h": 2},
    ),
    "rslora-patterns": dict(
        r=3,
        lora_alpha=3,
        use_rslora=True,
        target_modules=["dense_h_to_4h", "query_key_value"],
        rank_pattern={"query_key_value": 2},
        alpha_pattern={"dense_h_to_4h": 9},
    ),
    "regex": dict(r=3, lora_alpha=4, target_modules=r".*layers\.1\.(attention|mlp)\.dense.*"),
}


def randomise(tensors, std):
    with torch.no_grad():
        for tensor in tensors:
            noise = torch.randn_like(tensor, dtype=torch.float32) * std
            # Vectors are gains and biases: around what they begin with.
            tensor.copy_(noise if tensor.dim() > 1 else tensor + noise)


def sequences():
    return [torch.randint(0, VOCABULARY, (1, n)) for n in LENGTHS]


def summed_loss(model, batch):
    loss = 0
    for ids in batch:
        logits = model(ids).logits[0, :-1].float()
        loss = loss + torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="sum")
    return loss / sum(ids.shape[1] - 1 for ids in batch)


def learn(model, batch, prefix, golden, parameters):
    """The loss, the gradient of each parameter, and its value after some steps."""
    golden[prefix + "loss"] = summed_loss(model, batch).detach().reshape(1)
    optimiser = torch.optim.AdamW([p for _, p in parameters], **OPTIMISER)
    for step in range(STEPS):
        optimiser.zero_grad()
        summed_loss(model, batch).backward()
        if step == 0:
            for name, p in parameters:
                golden[f"{prefix}gradient.{name}"] = p.grad.detach().clone()
        optimiser.step()
    for name, p in parameters:
        golden[f"{prefix}stepped.{name}"] = p.detach().clone()


def logits(model, batch, prefix, golden):
    with torch.no_grad():
        for i, ids in enumerate(batch):
            golden[f"{prefix}logits.{i}"] = model(ids).logits[0].float()


def adapted(directory, **lora):
    """A PEFT adapter of random numbers on the model of a directory, computing in float32."""
    base = load(directory)
    peft = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.0, **lora)).eval()
    peft.peft_config["default"].base_model_name_or_path = "tiny"
    randomise([p for n, p in peft.named_parameters() if "lora_" in n], 0.2)
    return peft


def load(directory):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()


def write_adapter(peft, directory):
    peft.save_pretrained(directory)
    (directory / "README.md").unlink(missing_ok=True)
    config = directory / "adapter_config.json"
    lora = json.loads(config.read_text())
    if isinstance(lora["target_modules"], list):
        lora["target_modules"].sort()  # a set in PEFT: its order changes from run to run
    config.write_text(json.dumps(lora, indent=2) + "\n")


def weights(model):
    """Under the names of the file: transformers 5 calls GPT-NeoX's head otherwise in memory."""
    head = "embed_out." if model.config.model_type == "gpt_neox" else "lm_head."
    for name, p in model.named_parameters():
        yield name.replace("lm_head.", head), p


def lora_parameters(peft):
    """Under the names of the file."""
    return [
        (n.replace(".default", ""), p) for n, p in peft.named_parameters() if p.requires_grad
    ]


def write_case(name, model, dtype=torch.float32, shard="1GB", full=False):
    directory = OUT / name
    base = model().eval()
    randomise(base.parameters(), 0.15)
    base.to(dtype).save_pretrained(directory, max_shard_size=shard)
    (directory / "generation_config.json").unlink(missing_ok=True)
    batch = sequences()
    golden = {f"tokens.{i}": ids[0] for i, ids in enumerate(batch)}
    logits(load(directory), batch, "", golden)
    if full:
        trained = load(directory).train()
        learn(trained, batch, "", golden, list(weights(trained)))
    peft = adapted(directory, r=3, lora_alpha=5, target_modules="all-linear")
    write_adapter(peft, directory / "adapter")
    logits(peft, batch, "adapter.", golden)
    learn(peft, batch, "adapter.", golden, lora_parameters(peft))
    write_golden(directory, golden)


def write_adapters(base):
    for name, lora in ADAPTERS.items():
        directory = OUT.parent / "adapters" / name
        peft = adapted(OUT / base, **lora)
        write_adapter(peft, directory)
        batch = sequences()
        golden = {f"tokens.{i}": ids[0] for i, ids in enumerate(batch)}
        logits(peft, batch, "adapter.", golden)
        write_golden(directory, golden)


def write_golden(directory, golden):
    tensors = {name: tensor.contiguous().clone() for name, tensor in golden.items()}
    save_file(tensors, directory / "golden.safetensors")


def main():
    chosen = sys.argv[1:]
    if not chosen:
        shutil.rmtree(OUT.parent / "adapters", ignore_errors=True)
        shutil.rmtree(OUT, ignore_errors=True)
    for seed, (name, case) in enumerate(CASES.items()):
        if not chosen or name in chosen:
            torch.manual_seed(seed)
            write_case(name, **case)
    if not chosen:
        torch.manual_seed(ADAPTERS_SEED)
        write_adapters("neox-parallel")


if __name__ == "__main__":
    main()
