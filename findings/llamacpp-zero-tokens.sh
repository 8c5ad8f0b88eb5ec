#!/usr/bin/env bash
# One would guess: max_tokens 0 (n_predict 0) generates nothing, which is how a client asks for the figures of a prompt
#   alone.
# What happens: llama.cpp's server generates one token, returns its text and counts it, on all three routes.
# Why it matters here: a scorer that asks for nothing gets a token that is not its own. What Cairn's server does with
#   0 is its own rule and cannot be checked against llama.cpp's.
# Versions: xllamacpp 2026.10.11549, a random model.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q gguf==0.19.0 numpy==2.4.6 xllamacpp==2026.10.11549
PYTHONPATH=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
cd "$dir"
venv/bin/python - <<'PY'
import importlib.metadata, sys
import tiny_llama

print("xllamacpp", importlib.metadata.version("xllamacpp"))
tiny_llama.write("m.gguf", template="{{ messages[0].content }}")
server = tiny_llama.serve("m.gguf")
options = {"temperature": 0, "grammar": 'root ::= "abc"'}
native = tiny_llama.post(server, "/completion", prompt="Hi", n_predict=0, **options)
text = tiny_llama.post(server, "/v1/completions", prompt="Hi", max_tokens=0, **options)
turns = [{"role": "user", "content": "Hi"}]
chat = tiny_llama.post(server, "/v1/chat/completions", messages=turns, max_tokens=0, **options)
seen = {
    "/completion": (native["content"], native["tokens_predicted"]),
    "/v1/completions": (text["choices"][0]["text"], text["usage"]["completion_tokens"]),
    "/v1/chat/completions": (chat["choices"][0]["message"]["content"], chat["usage"]["completion_tokens"]),
}
for route, (written, counted) in seen.items():
    print(route, "asked for 0 tokens, wrote", repr(written), "counted", counted)
sys.exit(0 if all(value == ("a", 1) for value in seen.values()) else "the behaviour has changed")
PY
