#!/usr/bin/env bash
# One would guess: AutoTokenizer.from_pretrained of a folder with a tokenizer.json does what that file says, as
#   tokenizers' own Tokenizer.from_file does (and as transformers 4 did).
# What happens: which parts of the file count depends on `tokenizer_class` and, beside it, on config.json's
#   `model_type`. For GPT2Tokenizer, Qwen2Tokenizer and GPTNeoXTokenizer only vocabulary and merges are taken:
#   the file's normalizer and pre-tokenizer are replaced by the class's own, without a warning. GPTNeoXTokenizer
#   also drops the token that the file's post-processor puts first. For LlamaTokenizer and a byte-level file, and
#   for PreTrainedTokenizerFast, the whole file counts, but not if the model is a qwen2: then it becomes a
#   Qwen2Tokenizer. For `granite`, GPT2Tokenizer means the whole file again.
# Why it matters here: transformers is our oracle for tokens, and "what tokenizer.json says" and "what transformers
#   does" are two things. Our goldens name PreTrainedTokenizerFast, for which they are one.
# Versions: transformers 5.24.0, tokenizers 0.23.3.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q transformers==5.24.0 tokenizers==0.23.3
cd "$dir"
HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error venv/bin/python - <<'PY'
import json, pathlib, sys
import tokenizers, transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

print("transformers", transformers.__version__, "tokenizers", tokenizers.__version__)
alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
merges = [("1", "2"), ("12", "3"), ("h", "i")]
vocabulary = {t: i for i, t in enumerate(["<s>", *alphabet, "12", "123", "hi"])}
file = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
file.normalizer = normalizers.Lowercase()
file.pre_tokenizer = pre_tokenizers.Sequence(
    [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
file.decoder = decoders.ByteLevel()
file.add_special_tokens(["<s>"])
file.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])

def load(tokenizer_class, model_type):
    folder = pathlib.Path(f"{tokenizer_class}-{model_type}")
    folder.mkdir()
    file.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer_class, "bos_token": "<s>"}))
    (folder / "config.json").write_text(json.dumps({"model_type": model_type}))
    loaded = transformers.AutoTokenizer.from_pretrained(folder)
    return type(loaded).__name__, " ".join(loaded.convert_ids_to_tokens(loaded("HI123")["input_ids"]))

whole = " ".join(file.encode("HI123").tokens)
print("Tokenizer.from_file:", whole)
expected = {
    ("PreTrainedTokenizerFast", "llama"): ("TokenizersBackend", "<s> hi 1 2 3"),
    ("LlamaTokenizer", "llama"): ("TokenizersBackend", "<s> hi 1 2 3"),
    ("GPT2Tokenizer", "granite"): ("TokenizersBackend", "<s> hi 1 2 3"),
    ("GPT2Tokenizer", "llama"): ("GPT2Tokenizer", "<s> H I 123"),
    ("GPTNeoXTokenizer", "gpt_neox"): ("GPTNeoXTokenizer", "H I 123"),
    ("Qwen2Tokenizer", "qwen3"): ("Qwen2Tokenizer", "<s> H I 1 2 3"),
    ("PreTrainedTokenizerFast", "qwen2"): ("Qwen2Tokenizer", "<s> H I 1 2 3"),
}
same = whole == "<s> hi 1 2 3"
for key, value in expected.items():
    seen = load(*key)
    print(*key, "->", *seen, "" if seen == value else f"(expected {value})")
    same &= seen == value
sys.exit(0 if same else "the behaviour has changed")
PY
