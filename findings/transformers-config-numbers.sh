#!/usr/bin/env bash
# One would guess: 8 and 8.0 are the same number in a config.json, as they are in JSON.
# What happens: transformers checks each field against its Python type, both ways. Gemma 3's
#   `query_pre_attn_scalar` (documented as a float) must be written 8, and 8.0 is an error; `initializer_range` must
#   be 1.0, and 1 is an error. Granite's `logits_scaling` may be either. Fields it does not know may be anything.
# Why it matters here: config.json files that `fuse` and `import` write must keep the form of each number, and
#   writers that drop or add ".0" (JavaScript, canonical JSON, a GGUF file's floats) make files that do not open.
# Versions: transformers 5.24.0, huggingface_hub 2.4.0.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q transformers==5.24.0 huggingface_hub==2.4.0
cd "$dir"
HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error venv/bin/python - <<'PY'
import pathlib, sys
import huggingface_hub, transformers

print("transformers", transformers.__version__, "huggingface_hub", huggingface_hub.__version__)

def opens(model_type, key, number):
    pathlib.Path("config.json").write_text('{"model_type": "%s", "%s": %s}' % (model_type, key, number))
    try:
        transformers.AutoConfig.from_pretrained(".")
        return True
    except Exception as error:
        print("   ", str(error).splitlines()[-1].strip())
        return False

same = True
for model_type, key, number, expected in (
    ("gemma3_text", "query_pre_attn_scalar", "8", True),
    ("gemma3_text", "query_pre_attn_scalar", "8.0", False),
    ("gemma3_text", "sliding_window", "512.0", False),
    ("gemma3_text", "initializer_range", "1", False),
    ("llama", "num_hidden_layers", "2.0", False),
    ("granite", "logits_scaling", "8", True),
    ("granite", "logits_scaling", "8.0", True),
    ("llama", "unknown_to_all", "8.0", True),
):
    seen = opens(model_type, key, number)
    print(model_type, key, number, "opens" if seen else "is an error")
    same &= seen == expected
sys.exit(0 if same else "the behaviour has changed")
PY
