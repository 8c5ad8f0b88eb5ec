#!/usr/bin/env bash
# One would guess: tokenizers and transformers make the same tokens of one tokenizer.json, and BPE dropout, a means of
#   training, is off when text is read.
# What happens: truncation and padding that happened to be on when the file was saved stay on for everyone who reads it
#   with tokenizers (and its bindings in other languages): texts are cut without a word. transformers switches both off
#   at its first call, and `truncation=True` does not bring the file's length back. Dropout in the file stays on in both:
#   each call may give other tokens. Classes that rebuild the tokenizer (GPT2Tokenizer) drop it.
# Why it matters here: Cairn reads tokenizer.json through bindings of tokenizers, and a text must neither be cut nor be
#   read in two ways (docs/huggingface.md).
# Versions: tokenizers 0.23.3, transformers 5.24.0.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q transformers==5.24.0 tokenizers==0.23.3
cd "$dir"
HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error venv/bin/python - <<'PY'
import json, sys
import tokenizers, transformers
from tokenizers import Tokenizer, models, pre_tokenizers

print("tokenizers", tokenizers.__version__, "transformers", transformers.__version__)
vocabulary = {t: i for i, t in enumerate(["<s>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "ab", "abab"])}
merges = [("a", "b"), ("ab", "ab")]

def save(tokenizer, tokenizer_class):
    tokenizer.save("tokenizer.json")
    with open("tokenizer_config.json", "w") as config:
        json.dump({"tokenizer_class": tokenizer_class, "bos_token": "<s>", "pad_token": "<s>"}, config)
    return Tokenizer.from_file("tokenizer.json"), transformers.AutoTokenizer.from_pretrained(".")

cut = Tokenizer(models.BPE(vocabulary, merges))
cut.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
cut.add_special_tokens(["<s>"])
cut.enable_truncation(3)
cut.enable_padding(length=5, pad_id=0, pad_token="<s>")
plain, auto = save(cut, "PreTrainedTokenizerFast")
lengths = {
    "tokenizers": plain.encode("xyz").tokens[-2:] + plain.encode("uvwxyz").tokens[:3],
    "transformers": auto.convert_ids_to_tokens(auto("uvwxyz")["input_ids"]),
    "transformers, truncation=True": auto.convert_ids_to_tokens(auto("uvwxyz", truncation=True)["input_ids"]),
}
for who, tokens in lengths.items():
    print("truncation to 3, padding to 5;", who, tokens)
same = list(lengths.values()) == [["<s>", "<s>", "u", "v", "w"], list("uvwxyz"), list("uvwxyz")]

random = Tokenizer(models.BPE(vocabulary, merges, dropout=0.5))
random.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
for tokenizer_class, varies in (("PreTrainedTokenizerFast", True), ("GPT2Tokenizer", False)):
    plain, auto = save(random, tokenizer_class)
    ours = {tuple(plain.encode("abab" * 8).ids) for _ in range(200)}
    theirs = {tuple(auto("abab" * 8)["input_ids"]) for _ in range(200)}
    print(f"dropout 0.5, {tokenizer_class}: 200 calls give tokenizers {len(ours)} answers, transformers {len(theirs)}")
    same &= len(ours) > 1 and (len(theirs) > 1) == varies
sys.exit(0 if same else "the behaviour has changed")
PY
