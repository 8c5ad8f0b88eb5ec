"""Renders chat templates with transformers, for ChatTemplateGoldenTest to compare with.

A tool for making fixtures; neither the product nor its tests run it. Made with

    transformers 5.23.0, jinja2 3.1.6, tokenizers 0.23.3 (Python 3.11)

The committed fixture, from the committed templates:

    python tools/goldens/chat_templates.py core/src/test/resources/chat-templates

Templates from anywhere else (*.jinja in a folder), for docs/chat-templates.md; the comparison is
made by the test when it is given the folder:

    python tools/goldens/chat_templates.py FOLDER
    tools/mvn test -Dtest=ChatTemplateGoldenTest -DargLine=-Dcairn.chatTemplates=FOLDER

Either writes expected.json into the folder. Every template is loaded the way a user's is: from a
model directory with tokenizer.json, tokenizer_config.json and the template.
"""

import datetime
import json
import pathlib
import sys
import tempfile

import jinja2
import tokenizers
import transformers
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

NOW = datetime.datetime(2024, 2, 9, 15, 4, 5)  # ChatTemplateGoldenTest sets the same time
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}

S, U, A = "system", "user", "assistant"
CONVERSATIONS = {
    "user": [(U, "Where is the key?")],
    "system": [(S, "You list the facts."), (U, "Where is the key?")],
    "turns": [(U, "Hello."), (A, "Good day."), (U, "Who are you?")],
    "long": [(S, "Be brief."), (U, "One?"), (A, "1"), (U, "Two?"), (A, "2"), (U, "Three?")],
    "answered": [(U, "One?"), (A, "1")],
    "spaces": [(S, "  a \n"), (U, "\n\t b\n\n"), (A, "  c  "), (U, " \u00a0d\u2028 ")],
    "unicode": [(S, "Grüße, 世界"), (U, "🙂 e\u0301 \U0001f469\u200d\U0001f680 ẞ ŉ"), (A, "ὈΔΥΣΣΕΎΣ"), (U, "ok?")],
    "signs": [(U, "<b>\"q\" & 'a'</b> \\n {{ x }} {% if %} {# #} $1 <|im_end|> </s> [INST]")],
    "empty": [(U, "")],
    "empty system": [(S, ""), (U, "x")],
    "thinking": [(U, "q1"), (A, "<think>\nso\n</think>\n\nr1"), (U, "q2"), (A, "<think>t</think>r2"), (U, "q3")],
    "lines": [(U, "a\nb\r\nc\rd\n"), (A, "\n\n1.\n  2.\n"), (U, "e")],
    "only system": [(S, "alone")],
    "two users": [(U, "a"), (U, "b")],
    "assistant first": [(A, "a"), (U, "b")],
    "late system": [(U, "a"), (S, "b"), (U, "c")],
    "tool": [(U, "a"), (A, "b"), ("tool", '{"c": 1}'), (A, "d"), (U, "e")],
    "odd role": [("Poet", "a"), (U, "b")],
    "none": [],
}

# What a caller may hand to a template beside the conversation.
VARIABLES = [
    {"enable_thinking": False},
    {"enable_thinking": True, "bos_token": "<begin>"},
    {"tone": {"words": ["calm", "kind"], "weight": 0.5, "limit": 20, "other": None}},
]


class FixedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


def tokenizer(template):
    """A tokenizer of no words, loaded from a directory that holds the template."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory)
        bare = tokenizers.Tokenizer(tokenizers.models.BPE())
        bare.save(str(path / "tokenizer.json"))
        (path / "tokenizer_config.json").write_text(
            json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **SPECIAL})
        )
        (path / "chat_template.jinja").write_bytes(template.read_bytes())
        return PreTrainedTokenizerFast.from_pretrained(path)


def render(tokenizer, conversation, add_generation_prompt, variables={}):
    messages = [{"role": role, "content": content} for role, content in conversation]
    try:
        text = tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=add_generation_prompt, **variables
        )
        return {"text": text}
    except Exception as e:  # what a template raises, and what Python raises in it
        return {"error": f"{type(e).__name__}: {e}"}


def main(folder):
    chat_template_utils.datetime = FixedDatetime
    results = {}
    for template in sorted(folder.glob("*.jinja")):
        loaded = tokenizer(template)
        results[template.name] = [
            {"conversation": name, "addGenerationPrompt": add, **render(loaded, conversation, add)}
            for name, conversation in CONVERSATIONS.items()
            for add in (False, True)
        ] + [
            {
                "conversation": "thinking",
                "addGenerationPrompt": True,
                "variables": variables,
                **render(loaded, CONVERSATIONS["thinking"], True, variables),
            }
            for variables in VARIABLES
        ]
    expected = {
        "made with": f"transformers {transformers.__version__}, jinja2 {jinja2.__version__}",
        "special": SPECIAL,
        "conversations": {
            name: [{"role": role, "content": content} for role, content in conversation]
            for name, conversation in CONVERSATIONS.items()
        },
        "templates": results,
    }
    (folder / "expected.json").write_text(
        json.dumps(expected, ensure_ascii=True, indent=1) + "\n", encoding="utf-8"
    )
    cases = [case for cases in results.values() for case in cases]
    errors = sum("error" in case for case in cases)
    print(f"{folder}: {len(results)} templates, {len(cases)} cases, of them {errors} errors")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
