#!/usr/bin/env bash
# One would guess: `add_bos_token` in tokenizer_config.json decides whether a text gets the beginning-of-text token,
#   as it did in transformers 4, and the property of that name says whether it does.
# What happens: if there is a tokenizer.json, the setting has no effect, neither true nor false: the file's
#   post-processor alone decides, and `tokenizer.add_bos_token` is False even while the token is added. Given as an
#   argument of from_pretrained, the same name does have an effect.
# Why it matters here: models are read with the token exactly where transformers puts it (docs/huggingface.md);
#   following the setting would change every prompt of folders in which the two disagree.
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
from tokenizers import Tokenizer, models, pre_tokenizers, processors

print("transformers", transformers.__version__, "tokenizers", tokenizers.__version__)
same = True

def load(puts_it, setting, **arguments):
    file = Tokenizer(models.BPE({"<unk>": 0, "<s>": 1, "\u2581": 2, "h": 3, "\u2581h": 4}, [("\u2581", "h")]))
    file.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    file.add_special_tokens(["<unk>", "<s>"])
    if puts_it:
        file.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    folder = pathlib.Path("m")
    folder.mkdir(exist_ok=True)
    file.save("m/tokenizer.json")
    config = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "unk_token": "<unk>"}
    if setting is not None:
        config["add_bos_token"] = setting
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    (folder / "config.json").write_text('{"model_type": "llama"}')
    loaded = transformers.AutoTokenizer.from_pretrained(folder, **arguments)
    return loaded("h")["input_ids"][0] == 1, loaded.add_bos_token

for puts_it in (True, False):
    for setting in (None, True, False):
        added, property_ = load(puts_it, setting)
        print("post-processor adds it:", puts_it, "add_bos_token:", setting, "-> added:", added, "property:", property_)
        same &= added == puts_it and property_ is False
for puts_it, argument in ((False, True), (True, False)):
    added, property_ = load(puts_it, None, add_bos_token=argument)
    print("post-processor adds it:", puts_it, "argument add_bos_token:", argument, "-> added:", added)
    same &= added == argument
sys.exit(0 if same else "the behaviour has changed")
PY
