#!/usr/bin/env python3
"""Adapters both ways between Cairn and PEFT, on the bundled base and real text.

    pip install -r tools/goldens/requirements.txt
    python tools/checks/peft_exchange.py

Out: `cairn train` makes adapters of every kind, `cairn run` writes with them, and PEFT has to give
the same tokens the same log-probabilities. In: PEFT makes adapters of random numbers, and Cairn has
to write what PEFT writes. Fused: transformers opens what `cairn fuse` writes. Prints one line per adapter; docs/huggingface.md records the results.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = ROOT / "models/pebble"
QUESTIONS = (
    "Emma went to the park. Paul ran to the kitchen. Emma took the ball.\nWhere is the ball?",
    "Once there was a fox. It had a red hat",
    "1 2 3",
)

# Both sides add floats in another order; a wrong scale or layer changes the first digit.
BOUND = 1e-4
# Every weight is rounded to 8 binary digits; the same code in F32 has the strict bound.
BF16_BOUND = 0.1

KINDS = {
    "names": dict(lora_target_modules=["query_key_value", "dense"]),
    "all-linear, rsLoRA": dict(lora_target_modules="all-linear", use_rslora=True),
    "regex": dict(lora_target_modules=r".*layers\.[12]\.(attention|mlp)\.dense.*"),
    "rank and alpha patterns": dict(
        lora_target_modules="all-linear",
        rank_pattern={"query_key_value": 7},
        alpha_pattern={r"layers\.0\.mlp\.dense_4h_to_h": 3},
    ),
}


def cairn(*arguments):
    command = [str(ROOT / "cairn"), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def stack(folder, adapter, training):
    """A stack of one stage; JSON is YAML."""
    path = folder / "stack.yaml"
    path.write_text(
        json.dumps(
            dict(
                name="exchange",
                base_model=str(BASE),
                output_dir=str(folder / "out"),
                data=dict(stories=dict(seed=3, count=60)),
                training=dict(
                    lora_r=4,
                    lora_alpha=6,
                    num_epochs=1,
                    learning_rate=0.01,
                    sequence_len=384,
                    val_set_size=10,
                    **training,
                ),
                decoding=dict(max_new_tokens=24),
                stages=[
                    dict(
                        name="answer",
                        prompt="{{input}}\nAnswer:",
                        target=" {{answer}}",
                        adapter=adapter,
                    )
                ],
            )
        )
    )
    return path


def base():
    return AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)


def largest_difference(path, peft):
    """Between the log-probabilities of what Cairn wrote; fails when PEFT would write otherwise."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(BASE / "tokenizer.json"))
    differences = []
    for question in QUESTIONS:
        stage = json.loads(cairn("run", path, question, "--json"))["stages"][0]
        differences += differences_of(stage, tokenizer, peft)
    return len(differences), max(differences)


def differences_of(stage, tokenizer, peft):
    ids = tokenizer(stage["prompt"], add_special_tokens=False).input_ids
    differences = []
    for logprob in stage["token_logprobs"]:
        with torch.no_grad():
            found = peft(torch.tensor([ids])).logits[0, -1].log_softmax(-1)
        ids.append(int(found.argmax()))
        differences.append(abs(found.max().item() - logprob))
    written = tokenizer.decode(ids[stage["prompt_tokens"] :], skip_special_tokens=True).strip()
    assert written == stage["output"], (written, stage["output"])
    return differences


def out(name, kind):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = stack(folder, "trained", kind)
        cairn("train", path)
        peft = PeftModel.from_pretrained(base(), folder / "out/answer").eval()
        report("Cairn to PEFT", name, *largest_difference(path, peft))


def back(name, kind):
    kind = dict(kind)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lora = LoraConfig(
            task_type="CAUSAL_LM",
            r=4,
            lora_alpha=6,
            target_modules=kind.pop("lora_target_modules"),
            **kind,
        )
        torch.manual_seed(5)
        peft = get_peft_model(base(), lora).eval()
        with torch.no_grad():
            for parameter_name, p in peft.named_parameters():
                if "lora_" in parameter_name:
                    p.normal_(std=0.1)
        peft.save_pretrained(folder / "peft")
        report("PEFT to Cairn", name, *largest_difference(stack(folder, "peft", {}), peft))


def fused(name, dtype):
    """`cairn fuse` on the base in a dtype, opened by transformers, against PEFT on the same base."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        start = folder / "base"
        shutil.copytree(BASE, start)
        AutoModelForCausalLM.from_pretrained(BASE, dtype=dtype).save_pretrained(start)
        lora = LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=6, target_modules="all-linear")
        torch.manual_seed(5)
        base_model = AutoModelForCausalLM.from_pretrained(start, dtype=torch.float32)
        peft = get_peft_model(base_model, lora).eval()
        with torch.no_grad():
            for parameter_name, p in peft.named_parameters():
                if "lora_" in parameter_name:
                    p.normal_(std=0.1)
        peft.save_pretrained(folder / "peft")
        cairn("fuse", folder / "peft", "--base", start, "--output", folder / "fused")
        whole = AutoModelForCausalLM.from_pretrained(folder / "fused", dtype=torch.float32).eval()
        ids = torch.randint(0, whole.config.vocab_size, (1, 64))
        with torch.no_grad():
            difference = (whole(ids).logits - peft(ids).logits).abs().max().item()
        bound = BOUND if dtype == torch.float32 else BF16_BOUND
        report("`cairn fuse`, opened by transformers", name, ids.shape[1], difference, bound)


def report(direction, name, tokens, difference, bound=BOUND):
    assert difference < bound, (direction, name, difference)
    print(f"| {direction} | {name} | {tokens} | {difference:.1e} |", flush=True)


def main():
    print("| direction | adapter | tokens compared | largest difference |")
    print("|---|---|---|---|")
    for name, kind in KINDS.items():
        out(name, kind)
        back(name, kind)
    fused("all-linear on a base in F32 (logits)", torch.float32)
    fused("all-linear on a base in BF16 (logits)", torch.bfloat16)


if __name__ == "__main__":
    main()
