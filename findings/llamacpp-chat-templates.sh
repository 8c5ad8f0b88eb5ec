#!/usr/bin/env bash
# One would guess: a chat template in a GGUF file makes the same prompt in llama.cpp as Jinja2 makes of it in
#   transformers, or fails.
# What happens: llama.cpp has an engine of its own. Lists, tuples and dicts are printed without their punctuation (a
#   dict is nothing at all), none is printed as nothing, `default` also replaces none, length and indexes of a text
#   count bytes, upper knows ASCII alone, and an index of -1 into a text gives nothing. Each is silent.
# Why it matters here: Cairn's templates are held to Jinja2 (docs/chat-templates.md), so prompts of such templates
#   differ from llama.cpp's on the same file, and llama.cpp is no judge of them.
# Versions: xllamacpp 2026.10.11549, jinja2 3.1.6.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q gguf==0.19.0 numpy==2.4.6 xllamacpp==2026.10.11549 jinja2==3.1.6
PYTHONPATH=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
cd "$dir"
venv/bin/python - <<'PY'
import importlib.metadata, sys
import jinja2.sandbox
import tiny_llama

print("xllamacpp", importlib.metadata.version("xllamacpp"), "jinja2", importlib.metadata.version("jinja2"))
jinja = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
messages = [{"role": "user", "content": "\u00e9\u00e8"}]
cases = {  # expression: (Jinja2, llama.cpp)
    "true": ("True", "True"),
    "['a', 1, none]": ("['a', 1, None]", "a1"),
    "{'a': 1}": ("{'a': 1}", ""),
    "none": ("None", ""),
    "none | default('x')": ("None", "x"),
    "messages[0].content | length": ("2", "4"),
    "messages[0].content[1:]": ("\u00e8", None),
    "messages[0].content | upper": ("\u00c9\u00c8", "\u00e9\u00e8"),
    "'abc'[-1]": ("c", ""),
    "'abc'[::-1]": ("cba", "cba"),
}
same = True
for number, (expression, (right, other)) in enumerate(cases.items()):
    # The message appears once more after the mark: a template without it is read in another way.
    template = "{{ " + expression + " }}|{{ messages[0].content }}"
    tiny_llama.write(f"{number}.gguf", template=template)
    ours = jinja.from_string(template).render(messages=messages).split("|")[0]
    server = tiny_llama.serve(f"{number}.gguf")
    theirs = tiny_llama.post(server, "/apply-template", messages=messages)["prompt"].split("|")[0]
    print(f"{expression:32} Jinja2 {ours!r:20} llama.cpp {theirs!r}")
    same &= ours == right and (theirs == other if other is not None else theirs != right)
    del server
sys.exit(0 if same else "the behaviour has changed")
PY
