#!/usr/bin/env python3
"""Adapters exported for llama.cpp's --lora, against PEFT.

    pip install torch==2.15.0 transformers==5.24.0 peft==0.21.2 xllamacpp==2026.10.11549
    python tools/checks/lora_llamacpp.py

PEFT makes adapters of random numbers with every kind of scale, on a GPT-NeoX and a Llama model that
are in the repository. `cairn export` writes the bases and the adapters as GGUF; llama.cpp loads both
and writes 60 tokens greedily. The log-probability it gives to each of them has to be PEFT's. Prints
one line per adapter; docs/gguf.md records the results.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASES = {
    ROOT / "models/pebble": ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
    ROOT / "core/src/test/resources/stories260K": ["q_proj", "k_proj", "v_proj", "o_proj", "up_proj"],
}
KINDS = {
    "alpha / rank": {},
    "rsLoRA": dict(use_rslora=True),
    "rank pattern": dict(rank_pattern={r".*\.1\..*": 3}),
    "alpha pattern": dict(alpha_pattern={r".*\.0\..*": 40, r".*\.2\..*": 1}),
    "rsLoRA with both patterns": dict(
        use_rslora=True, rank_pattern={r".*\.1\..*": 3}, alpha_pattern={r".*\.0\..*": 40}
    ),
}
# llama.cpp keeps keys and values in F16, 11 binary digits, and random adapters make logits of tens.
BOUND = 3e-2

SERVER = """
import sys, xllamacpp
p = xllamacpp.CommonParams()
p.model.path = sys.argv[1]
p.n_parallel, p.n_ctx, p.port, p.verbosity = 1, 256, 0, -1
p.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(sys.argv[2], 1.0)]
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def cairn(*arguments):
    command = [str(ROOT / "cairn"), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def written_by_llama(model, adapter, prompt):
    """Ids and log-probabilities of 60 tokens."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(model), str(adapter)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = process.stdout.readline().strip()
        body = dict(prompt=prompt, n_predict=60, temperature=0, n_probs=1, ignore_eos=True)
        request = urllib.request.Request(
            address + "/completion", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            tokens = json.load(answer)["completion_probabilities"]
        return [t["id"] for t in tokens], [t["logprob"] for t in tokens]
    finally:
        process.terminate()
        process.wait()


def log_probs(model, prompt, written):
    ids = torch.tensor([prompt + written])
    with torch.inference_mode():
        scores = torch.log_softmax(model(ids).logits[0, len(prompt) - 1 : -1].double(), -1)
    return scores.gather(1, torch.tensor(written)[:, None])[:, 0].tolist()


def check(base, targets, kind, settings, folder):
    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    config = LoraConfig(r=8, lora_alpha=16, target_modules=targets, **settings)
    peft = get_peft_model(model, config).eval()
    for name, parameter in peft.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.05)
    adapter = folder / "adapter"
    peft.save_pretrained(adapter)
    cairn("export", base, "--gguf", "f32", "--output", folder / "base.gguf")
    cairn("export", adapter, "--base", base, "--lora", "--gguf", "--output", folder / "lora.gguf")
    prompt = [1, 20, 30, 40]
    written, theirs = written_by_llama(folder / "base.gguf", folder / "lora.gguf", prompt)
    ours = log_probs(peft, prompt, written)
    worst = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    with peft.disable_adapter():
        without = log_probs(peft, prompt, written)
    effect = max(abs(a - b) for a, b in zip(ours, without, strict=True))
    verdict = "ok" if worst < BOUND < effect else "WRONG"
    print(f"{base.name}, {kind}: at most {worst:.1e} apart, the adapter changes {effect:.2g}: {verdict}", flush=True)
    return verdict == "ok"


def main():
    right = True
    for base, targets in BASES.items():
        for kind, settings in KINDS.items():
            with tempfile.TemporaryDirectory() as folder:
                right &= check(base, targets, kind, settings, pathlib.Path(folder))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
