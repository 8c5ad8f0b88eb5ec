#!/usr/bin/env python3
"""Exported GGUF files against llama.cpp: its converter, its tokenizers and what it writes.

    pip install -r tools/goldens/requirements.txt gguf==0.19.0 sentencepiece==0.2.3 llama-cpp-python==0.3.36
    python tools/checks/gguf_llamacpp.py LLAMA_CPP [MODEL ...]

LLAMA_CPP is a checkout of ggml-org/llama.cpp, whose convert_hf_to_gguf.py converts every model as
well. Models are the bundled one, alone and with an adapter of random numbers, those that are named,
and tiny random ones of every family, made here; one has Pythia's vocabulary if ../shared holds it.
Compared are, for every type, all tensors byte for byte and all keys; for f32 the model that comes
back from llama.cpp's file, the tokens of texts, and 120 tokens that llama.cpp writes greedily, which
have to be the most probable ones for Cairn too. Prints some lines per model; docs/gguf.md records
the results.
"""

import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import gguf
import numpy as np
import safetensors.torch
import tokenizers
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEBBLE = ROOT / "models/pebble"
PYTHIA = ROOT.parent / "shared/data/tokenizers/gpt-neox-20b/20B_tokenizer.json"
TYPES = ["f32", "f16", "bf16", "q8_0"]
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEXTS = [
    "Emma went to the park. Paul took the red ball.\nWhere is the ball?",
    "  two  spaces   three\t tab \n\n newlines\n   indented",
    "It's we'll THEY'RE I'd; 3.14159 + 1000000 = x_1 (maybe)...",
    "Grüße aus München, naïve café: Ελληνικά, русский, 日本語, العربية 🪨🪨",
    "def f(x):\n    return x ** 2  # ¾ ½ ² ﬁ\r\n",
    "<|endoftext|>After the end<|endoftext|>",
    " leading and trailing ",
    "'''''' !!!!!! ------ ======",
    "a" * 100 + " " * 40 + "b",
    "",
]
CHARACTERS = "abcdeTHE   \n\n\t\r.,!?'019_<|>"
CHARACTERS += "\u00e9\u00df\u00f1\u0153\u2014\u201c\u201d\u00bd\u03a9\u0436\u05e9\u4e2d\u6587\u306e\U0001faa8\u200d\u00a0\u0085\u2028\ufeff"
RANDOM = random.Random(3)
TEXTS += ["".join(RANDOM.choices(CHARACTERS, k=RANDOM.randrange(1, 60))) for _ in range(500)]


def split(digits):
    pattern = {"type": "Split", "pattern": {"Regex": WORDS % digits}}
    pattern |= {"behavior": "Isolated", "invert": False}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    return {"type": "Sequence", "pretokenizers": [pattern, level | {"use_regex": False}]}


def smollm():
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    digits = {"type": "Digits", "individual_digits": True}
    return {"type": "Sequence", "pretokenizers": [digits, level | {"use_regex": True}]}


def bos_first(token):
    special = {"SpecialToken": {"id": token, "type_id": 0}}
    a, b = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    template = {"type": "TemplateProcessing", "single": [special, a], "pair": [special, a, b]}
    return template | {"special_tokens": {token: {"id": token, "ids": [0], "tokens": [token]}}}


# Name in GGUF and what it changes in the bundled tokenizer.
TOKENIZERS = {
    "gpt-2": {},
    "olmo": {"normalizer": {"type": "NFC"}},
    "smollm": {"pre_tokenizer": smollm()},
    "qwen2": {"normalizer": {"type": "NFC"}, "pre_tokenizer": split("")},
    "llama-bpe": {
        "pre_tokenizer": split("{1,3}"),
        "ignore_merges": True,
        "post_processor": bos_first("<|endoftext|>"),
    },
}


def random_models():
    common = dict(vocab_size=2051, num_hidden_layers=2, max_position_embeddings=512)
    common |= dict(bos_token_id=0, eos_token_id=0, pad_token_id=None)
    llama = common | dict(hidden_size=96, intermediate_size=160, num_attention_heads=6)
    llama3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0)
    llama3 |= dict(high_freq_factor=4.0, original_max_position_embeddings=128)
    neox = common | dict(hidden_size=96, intermediate_size=160, num_attention_heads=3)
    return {
        "neox-sequential": (
            "olmo",
            transformers.GPTNeoXConfig(
                **neox,
                use_parallel_residual=False,
                rope_parameters=dict(
                    rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.25
                ),
            ),
        ),
        "llama-biases": (
            "smollm",
            transformers.LlamaConfig(
                **llama, num_key_value_heads=2, attention_bias=True, mlp_bias=True
            ),
        ),
        "llama3-tied": (
            "llama-bpe",
            transformers.LlamaConfig(
                **llama, num_key_value_heads=3, rope_parameters=llama3, tie_word_embeddings=True
            ),
        ),
        "smollm2": (
            "smollm",
            transformers.LlamaConfig(**llama, num_key_value_heads=2, tie_word_embeddings=True),
        ),
        "qwen2": ("qwen2", transformers.Qwen2Config(**llama, num_key_value_heads=2)),
        "qwen3": (
            "qwen2",
            transformers.Qwen3Config(**llama, num_key_value_heads=2, head_dim=24),
        ),
    }


def make(directory, pre, config):
    """A random model whose every weight matters, with the bundled vocabulary."""
    torch.manual_seed(7)
    model = transformers.AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        spread = 0.3 if parameter.dim() == 1 else parameter.shape[-1] ** -0.5
        parameter.data += spread * torch.randn_like(parameter)
    model.save_pretrained(directory)
    shutil.copy(PEBBLE / "tokenizer_config.json", directory)
    tokenizer = json.loads((PEBBLE / "tokenizer.json").read_text())
    for key, value in TOKENIZERS[pre].items():
        (tokenizer["model"] if key == "ignore_merges" else tokenizer)[key] = value
    (directory / "tokenizer.json").write_text(json.dumps(tokenizer))


def cairn(*arguments):
    command = [str(ROOT / "cairn"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def convert(llama_cpp, model, kind, pre, out):
    """llama.cpp's own converter; it knows pre-tokenizers by digests of what they do to a text with
    a published vocabulary, so the name is put in its mouth."""
    script = (
        "import sys, runpy; sys.path.insert(0, sys.argv[1]); sys.path.insert(1, sys.argv[1] +"
        "'/gguf-py'); import conversion.base as b; pre = sys.argv[2];"
        "b.TextModel.get_vocab_base_pre = (lambda self, tokenizer: pre) if pre else"
        " b.TextModel.get_vocab_base_pre;"
        # It asks for what configs of transformers 5 say in another place.
        "load = b.ModelBase.load_hparams;"
        "b.ModelBase.load_hparams = staticmethod(lambda *a, **k: (lambda h: {'rotary_pct':"
        " h.get('rope_parameters', {}).get('partial_rotary_factor'), **h})(load(*a, **k)));"
        "sys.argv = sys.argv[3:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    arguments = [llama_cpp, pre, f"{llama_cpp}/convert_hf_to_gguf.py", model]
    arguments += ["--outtype", kind, "--outfile", out]
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    return out if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def values(reader):
    return {
        name: field.contents()
        for name, field in reader.fields.items()
        if not name.startswith("GGUF.") and name not in ("general.name", "general.size_label")
    }


def compare(ours, theirs):
    a, b = gguf.GGUFReader(ours), gguf.GGUFReader(theirs)
    left = {tensor.name: tensor for tensor in a.tensors}
    right = {tensor.name: tensor for tensor in b.tensors}
    bad = sorted(left.keys() ^ right.keys())
    for name in left.keys() & right.keys():
        x, y = left[name], right[name]
        same = x.tensor_type == y.tensor_type and list(x.shape) == list(y.shape)
        if not same or not np.array_equal(x.data.view(np.uint8), y.data.view(np.uint8)):
            near = same and x.data.dtype == np.float32 and np.abs(x.data / y.data - 1).max()
            bad.append(f"{name} (relative {near:.0e})" if near else name)
    ka, kb = values(a), values(b)
    keys = [key for key in ka.keys() & kb.keys() if ka[key] != kb[key]]
    return (
        f"{len(left)} tensors, {'all equal' if not bad else 'differ: ' + ', '.join(bad)}; "
        f"keys that differ {sorted(keys)}, only ours {sorted(ka.keys() - kb.keys())}, "
        f"only theirs {sorted(kb.keys() - ka.keys())}"
    )


def run(model, path):
    import llama_cpp

    llm = llama_cpp.Llama(
        str(path), n_ctx=512, logits_all=True, type_k=0, type_v=0, flash_attn=False, verbose=False
    )
    reference = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    different = []
    for text in TEXTS:
        theirs = llm.tokenize(text.encode(), add_bos=False, special=True)
        if theirs != reference.encode(text, add_special_tokens=False).ids:
            different.append(text)
    prompt = llm.tokenize(TEXTS[0].encode(), add_bos=False, special=True)
    written = []
    llm.eval(prompt)
    for _ in range(120):
        written.append(int(np.argmax(llm.scores[llm.n_tokens - 1])))
        llm.eval(written[-1:])
    scores = llm.scores[len(prompt) - 1 : len(prompt) + len(written) - 1].astype(np.float64)
    highest = scores.max(axis=1)
    theirs = -np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    top = np.sort(scores, axis=1)
    answer = json.loads(
        cairn(
            *["score", "--json", "--model", model],
            *["--context-tokens", ",".join(map(str, prompt))],
            *["--continuation-tokens", ",".join(map(str, written))],
        )
    )
    ours = np.array(answer["token_logprobs"])
    return (
        f"tokens of {len(TEXTS) - len(different)}/{len(TEXTS)} texts equal{different[:3] or ''}; "
        f"120 greedy tokens {'equal' if answer['is_greedy'] else 'DIFFER'}, log-probabilities "
        f"within {np.abs(ours - theirs).max():.1e} "
        f"(smallest lead of a token {(top[:, -1] - top[:, -2]).min():.1e})"
    )


def bring_back(model, theirs, out):
    """`cairn import` of a file that llama.cpp's converter wrote."""
    cairn("import", theirs, "--output", out)
    parts = [safetensors.torch.load_file(file) for file in sorted(model.glob("*.safetensors"))]
    before = {name: tensor for part in parts for name, tensor in part.items()}
    after = safetensors.torch.load_file(out / "model.safetensors")
    same = before.keys() == after.keys() and all(
        torch.equal(before[name].float(), after[name].float()) for name in before
    )
    return f"import of llama.cpp's file gives {'the same model' if same else 'ANOTHER MODEL'}"


def adapter(work):
    """Numbers large enough to change what is written."""
    directory = work / "adapter"
    directory.mkdir()
    settings = dict(peft_type="LORA", task_type="CAUSAL_LM", r=4, lora_alpha=8)
    settings |= dict(base_model_name_or_path=str(PEBBLE), target_modules=["query_key_value"])
    (directory / "adapter_config.json").write_text(json.dumps(settings))
    torch.manual_seed(11)
    tensors = {}
    for layer in range(6):
        module = f"base_model.model.gpt_neox.layers.{layer}.attention.query_key_value"
        tensors[f"{module}.lora_A.weight"] = torch.randn(4, 192) * 0.05
        tensors[f"{module}.lora_B.weight"] = torch.randn(576, 4) * 0.2
    safetensors.torch.save_file(tensors, directory / "adapter_model.safetensors")
    cairn("fuse", directory, "--output", work / "fused")
    file = work / "exported" / "adapter.gguf"
    cairn("export", directory, "--gguf", "bf16", "--output", file)
    print(f"pebble with an adapter, bf16: {run(work / 'fused', file)}", flush=True)


def check(llama_cpp, name, model, pre, work):
    for kind in TYPES:
        ours = work / "ours" / name / kind / f"{name}-{kind}.gguf"  # beside each a Modelfile
        cairn("export", model, "--gguf", kind, "--output", ours)
        theirs = convert(llama_cpp, model, kind, pre, work / f"{name}-{kind}-theirs.gguf")
        result = compare(ours, theirs) if isinstance(theirs, pathlib.Path) else theirs
        print(f"{name} {kind}: {result}", flush=True)
        if kind == "f32":
            print(f"{name} {kind}: {bring_back(model, theirs, work / f'{name}-back')}", flush=True)
            print(f"{name} {kind}: {run(model, ours)}", flush=True)


def main():
    llama_cpp = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        check(llama_cpp, "pebble", PEBBLE, "gpt-2", work)
        adapter(work)
        for path in sys.argv[2:]:
            check(llama_cpp, pathlib.Path(path).name, pathlib.Path(path), "", work)
        for name, (pre, config) in random_models().items():
            directory = work / name
            make(directory, pre, config)
            check(llama_cpp, name, directory, pre, work)
        if PYTHIA.exists():
            config = random_models()["neox-sequential"][1]
            config.vocab_size = 50432
            directory = work / "neox-20b-vocabulary"
            make(directory, "gpt-2", config)
            shutil.copy(PYTHIA, directory / "tokenizer.json")
            check(llama_cpp, directory.name, directory, "", work)


main()
