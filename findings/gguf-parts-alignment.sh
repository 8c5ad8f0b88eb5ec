#!/usr/bin/env bash
# One would guess: a model that gguf-py writes in parts holds the same numbers as in one file, and a reader that
#   follows the format reads them.
# What happens: gguf-py gives the later parts no keys but split.*: neither general.architecture nor
#   general.alignment. With another alignment than 32 it still pads their data by it. By the format such a part is
#   aligned to 32, so its data seem to begin too early. gguf-py's own reader returns padding as numbers (with an
#   alignment of 64) and llama.cpp loads the model without an error and writes other tokens.
# Why it matters here: a reader cannot tell from such a part where its data begin, and a wrong guess is a wrong
#   answer. Cairn refuses the model (docs/gguf.md). A part alone cannot be identified, either.
# Versions: gguf 0.19.0, xllamacpp 2026.10.11549.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q gguf==0.19.0 numpy==2.4.6 xllamacpp==2026.10.11549
PYTHONPATH=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
cd "$dir"
venv/bin/python - <<'PY'
import glob, importlib.metadata, sys
import gguf
import tiny_llama

print("gguf", importlib.metadata.version("gguf"), "xllamacpp", importlib.metadata.version("xllamacpp"))

def tensors(files):
    return {t.name: t.data.copy() for file in files for t in gguf.GGUFReader(file).tensors}

def tokens(file):
    server = tiny_llama.serve(file)
    return tiny_llama.post(server, "/completion", prompt="Hi", n_predict=8, temperature=0, return_tokens=True)["tokens"]

same = True
tiny_llama.write("one.gguf", alignment=64)
whole, right = tensors(["one.gguf"]), tokens("one.gguf")
print("one file, alignment 64:", right)
for alignment, equal in ((32, True), (64, False)):
    tiny_llama.write(f"a{alignment}.gguf", tensors_per_part=3, alignment=alignment)
    parts = sorted(glob.glob(f"a{alignment}-0*.gguf"))
    keys = [key for key in gguf.GGUFReader(parts[1]).fields if not key.startswith("GGUF.")]
    read = tensors(parts)
    wrong = [name for name in whole if not (read[name] == whole[name]).all()]
    seen = tokens(parts[0])
    print(f"{len(parts)} parts, alignment {alignment}: keys of part 2 {keys}; read otherwise: {wrong}; tokens {seen}")
    same &= keys == ["split.no", "split.count", "split.tensors.count"]
    same &= (not wrong) == equal and (seen == right) == equal
sys.exit(0 if same else "the behaviour has changed")
PY
