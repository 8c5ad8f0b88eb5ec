#!/usr/bin/env bash
# One would guess: `completion_probabilities` of llama.cpp's server has one entry for every generated token, in the
#   order of `tokens`.
# What happens: tokens that end inside a UTF-8 character have none of their own. Their bytes are put before those of
#   the token that completes the character, whose entry shows its own id and probability alone: the list is shorter
#   than `tokens`, and zipping the two pairs each token with another one's probability. /v1/chat/completions, where
#   logprobs.content must have one entry a token, does the same.
# Why it matters here: comparing log-probabilities with llama.cpp token by token must match ids, or use text without
#   characters of several tokens (tools/checks/lora_llamacpp.py, tools/checks/real_models.py).
# Versions: xllamacpp 2026.10.11549. The model is random; every byte is a token, so characters are rarely whole.
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
grammar = 'root ::= "a" "\u00e9" "b" "\u20ac" "c"'  # bytes 1 + 2 + 1 + 3 + 1
answer = tiny_llama.post(server, "/completion", prompt="Hi", n_predict=8, n_probs=1, temperature=0, grammar=grammar,
                         return_tokens=True)
tokens, entries = answer["tokens"], answer["completion_probabilities"]
print("text", answer["content"], "tokens", tokens)
for entry in entries:
    print("  entry: id", entry["id"], "token", repr(entry["token"]), "bytes", entry["bytes"])
same = answer["content"] == "a\u00e9b\u20acc" and len(tokens) == 8 and len(entries) == 5
same &= [entry["id"] for entry in entries] == [tokens[i] for i in (0, 2, 3, 6, 7)]
same &= [len(entry["bytes"]) for entry in entries] == [1, 2, 1, 3, 1]
chat = tiny_llama.post(server, "/v1/chat/completions", messages=[{"role": "user", "content": "Hi"}], max_tokens=8,
                       logprobs=True, top_logprobs=1, temperature=0, grammar=grammar)
content, used = chat["choices"][0]["logprobs"]["content"], chat["usage"]["completion_tokens"]
print("chat: completion_tokens", used, "entries", len(content))
same &= used == 8 and len(content) == 5
sys.exit(0 if same else "the behaviour has changed")
PY
