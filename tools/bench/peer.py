"""What PyTorch does on this machine with Pythia-160M's shape and random weights.

    python tools/bench/peer.py train|prefill|decode fp32|bf16

Prints lines as dev.cairn.bench.Figure reads them. The attention is written out ("eager") or fused
("sdpa"), whichever is quicker here: both are tried. Made with torch 2.15, transformers 5.23 and
peft 0.21.
"""

import os
import resource
import statistics
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

BATCH, LENGTH, PROMPT, NEW = 8, 256, 512, 64
VOCABULARY = 50304


def model(dtype, attention):
    torch.manual_seed(0)
    config = GPTNeoXConfig(
        vocab_size=VOCABULARY,
        hidden_size=768,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=3072,
        rotary_pct=0.25,
        max_position_embeddings=2048,
        attn_implementation=attention,
    )
    return GPTNeoXForCausalLM(config).to(dtype)


def train(dtype, attention):
    """Steps of LoRA on query_key_value, rank 8, with the loss on every token; tokens a second."""
    lora = LoraConfig(r=8, lora_alpha=16, target_modules=["query_key_value"], lora_dropout=0.0)
    net = get_peft_model(model(dtype, attention), lora)
    optimiser = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1e-3)
    ids = torch.randint(0, VOCABULARY, (BATCH, LENGTH))

    def step():
        net(ids, labels=ids).loss.backward()
        optimiser.step()
        optimiser.zero_grad()

    return BATCH * LENGTH / seconds(step, 3)


@torch.inference_mode()
def prefill(dtype, attention):
    """Reading a prompt up to the logits of its last token; tokens a second."""
    net = model(dtype, attention).eval()
    ids = torch.randint(0, VOCABULARY, (1, PROMPT))
    return PROMPT / seconds(lambda: net(ids, use_cache=True, logits_to_keep=1), 7)


@torch.inference_mode()
def decode(dtype, attention):
    """Writing token after token behind a prompt of 128; tokens a second."""
    net = model(dtype, attention).eval()
    ids = torch.randint(0, VOCABULARY, (1, 128))

    def write():
        out = net(ids, use_cache=True, logits_to_keep=1)
        start = time.perf_counter()
        for _ in range(NEW):
            token = out.logits[:, -1:].argmax(-1)
            out = net(token, past_key_values=out.past_key_values, use_cache=True)
        return time.perf_counter() - start

    write()
    return NEW / statistics.median(write() for _ in range(5))


def seconds(work, times):
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


# The names under which Cairn prints the same.
NAMES = {
    "train": "train, 8×256, LoRA r 8, loss on all tokens",
    "prefill": "prefill of 512 tokens",
    "decode": "decode",
}


def main():
    kind, precision = sys.argv[1:]
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
    work = {"train": train, "prefill": prefill, "decode": decode}[kind]
    for attention in ("eager", "sdpa"):
        rate = work(dtype, attention)
        name = f"PyTorch {torch.__version__.split('+')[0]} {precision} {attention}"
        print("figure", NAMES[kind], name, f"{rate:.6g}", "tokens/s", sep="\t", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    name = f"PyTorch {torch.__version__.split('+')[0]} {precision}"
    print("figure", NAMES[kind] + ", peak memory", name, f"{peak:.6g}", "MB", sep="\t")


main()
