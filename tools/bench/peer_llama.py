#!/usr/bin/env python3
"""Cairn and llama.cpp on the same GGUF files, in the same minutes, beside the limits of the machine.

    pip install xllamacpp==2026.10.11549
    python tools/bench/peer_llama.py FILE... [--rounds N] > report.md

Measures, in turn,

- reading a prompt of 512 tokens, and writing 128 after 128, 1, 2, 4 and 8 texts at once: Cairn with
  `cairn bench`, llama.cpp in its own server, with the prompts read before the clock starts,
- 1 and 8 clients over HTTP, who read 32 tokens and write 64, three requests each, and the memory
  that the servers have then taken at most,
- one question on the command line, from the start of the process to its end: `cairn run`, and a
  process that starts llama.cpp's server for this question; and their memory.

Cairn's figures come from processes that have warmed up, but for the last. Each figure is the median
of the rounds. A limit is what the machine could do at most, by `cairn doctor`: reading all weights
from memory once for each step, or multiplying in float32.
"""

import argparse
import concurrent.futures
import contextlib
import datetime
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAIRN = str(ROOT / "cairn")
PROMPT, DEPTH, NEW = 512, 128, 128
SEQUENCES = (1, 2, 4, 8)
CLIENTS, REQUESTS, READ, WRITTEN = (1, 8), 3, 32, 64
QUESTION = "What is the capital of France?"
THREADS = len(os.sched_getaffinity(0))


# llama.cpp, in processes of their own: this file, started with --llama-... instead of files.


def start_llama(file, slots, warmup):
    import xllamacpp

    p = xllamacpp.CommonParams()
    p.model.path = file
    p.n_parallel = slots
    p.n_ctx = 1024 * slots
    p.port, p.verbosity, p.use_jinja, p.warmup = 0, -1, True, warmup
    p.cpuparams.n_threads = p.cpuparams_batch.n_threads = THREADS
    return xllamacpp.Server(p)


def serve(file, slots):
    server = start_llama(file, int(slots), True)
    print(server.listening_address, flush=True)
    sys.stdin.read()


def once(file, question):
    server = start_llama(file, 1, False)
    body = {"messages": [{"role": "user", "content": question}], "max_tokens": 60, "temperature": 0}
    print(post(server.listening_address, "/v1/chat/completions", body)["choices"][0]["message"]["content"])


# Servers of both.


def post(address, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{address}{path}: {error}: {error.read().decode(errors='replace')}")


@contextlib.contextmanager
def running(command, address=None, ready="/health"):
    """A server's address and its process, once it is ready."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        address = address or process.stdout.readline().strip()
        for _ in range(1200):
            if process.poll() is not None:
                sys.exit(f"{command}: ended with status {process.returncode}")
            try:
                urllib.request.urlopen(address + ready, timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        else:
            sys.exit(f"{command}: was not ready after two minutes")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def cairn_server(file):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [CAIRN, "serve", str(file), "--port", str(port), "--no-traces"]
    return running(command, f"http://127.0.0.1:{port}", "/ready")


def llama(file, slots):
    return running([sys.executable, __file__, "--llama-serve", str(file), str(slots)])


def peak(pid):
    """The most memory that a process has taken, in MB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024 / 1e6


def tokens(model, count, seed):
    """Any tokens; the first few of a vocabulary are often special."""
    return [100 + (i + 333 * seed) * 7919 % (model["vocab_size"] - 100) for i in range(count)]


def together(work, items, count):
    """Runs work for all items, so many at once; seconds."""
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        list(pool.map(work, items))
    return time.perf_counter() - start


# What is measured.


def cairn_bench(file):
    """{name: tokens per second}"""
    numbers = f"-p {PROMPT} -n {NEW} -d {DEPTH} --parallel {','.join(map(str, SEQUENCES))} -r 1 --train 0"
    tests = json.loads(output([CAIRN, "bench", str(file), "--format", "json", *numbers.split()]))["tests"]
    return {
        what_writes(test["parallel"]) if test["n_gen"] else what_reads(): test["avg_ts"] for test in tests
    }


def what_reads():
    return f"reading {PROMPT} tokens"


def what_writes(count):
    return f"writing after {DEPTH}, {count} at once"


def llama_bench(file, model):
    rates = {}
    with llama(file, max(SEQUENCES)) as (address, _):

        def complete(slot, length, new, keep):
            body = {
                "prompt": tokens(model, length, slot),
                "n_predict": new,
                "id_slot": slot,
                "cache_prompt": keep,
                "temperature": 0,
                "ignore_eos": True,
            }
            return post(address, "/completion", body)

        complete(0, PROMPT, 1, False)
        rates[what_reads()] = complete(0, PROMPT, 1, False)["timings"]["prompt_per_second"]
        for count in SEQUENCES:
            slots = range(count)
            together(lambda slot: complete(slot, DEPTH, 1, True), slots, count)
            seconds = together(lambda slot: complete(slot, DEPTH, NEW, True), slots, count)
            rates[what_writes(count)] = count * NEW / seconds
    return rates


def over_http(server, model, extra):
    """{name: value} of clients that ask a server, and its memory."""
    figures = {}
    with server as (address, pid):
        name = post(address, "/v1/models")["data"][0]["id"]

        def ask(number):
            body = {"model": name, "prompt": tokens(model, READ, number), "max_tokens": WRITTEN}
            usage = post(address, "/v1/completions", body | {"temperature": 0} | extra)["usage"]
            written.append(usage["completion_tokens"])

        written = []
        for number in range(4):
            ask(900 + number)
        for count in CLIENTS:
            written.clear()
            asked = range(100 * count, 100 * count + REQUESTS * count)
            seconds = together(ask, asked, count)
            figures[f"{count} client{'s' if count > 1 else ''} over HTTP"] = sum(written) / seconds
        figures["memory of the server"] = peak(pid)
    return figures


def one_answer(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: ended with status {process.returncode}")
    return {"one answer": seconds, "memory of one answer": usage.ru_maxrss * 1024 / 1e6}


def output(command):
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if run.returncode:
        sys.exit(run.stderr.strip() or f"{command}: ended with status {run.returncode}")
    return run.stdout


def one_round(file, model, has_peer):
    """({name: value}) of Cairn and of llama.cpp, one right after the other: the machine drifts."""
    cairn, peer = cairn_bench(file), {}
    if has_peer:
        peer |= llama_bench(file, model)
    cairn |= over_http(cairn_server(file), model, {})
    if has_peer:
        peer |= over_http(llama(file, max(CLIENTS)), model, {"ignore_eos": True, "cache_prompt": False})
    cairn |= one_answer([CAIRN, "run", str(file), "--max-tokens", "60", QUESTION])
    if has_peer:
        peer |= one_answer([sys.executable, __file__, "--llama-once", str(file), QUESTION])
    return cairn, peer


# The report.


def unit(name):
    return "MB" if "memory" in name else "s" if name == "one answer" else "tokens/s"


def limit(name, model, machine):
    """What the machine could do at most; None where that is not known."""
    if name == what_reads() and "oneDNN, f32" in machine:
        return machine["oneDNN, f32"] * 1e9 / (2 * model["parameters"])
    if name.startswith("writing"):
        return int(name.split()[3]) * machine["memory bandwidth"] * 1e9 / model["weight_bytes"]
    return None


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def report(file, rounds, model, machine):
    print(f"\n{file.name}\n\n| | Cairn | llama.cpp | ratio in each round | limit |\n|---|---|---|---|---|")
    for name in rounds[0][0]:
        ratios = sorted(cairn[name] / peer[name] for cairn, peer in rounds if peer)
        most = limit(name, model, machine)
        cells = [
            f"{name}, {unit(name)}",
            number(statistics.median(cairn[name] for cairn, _ in rounds)),
            number(statistics.median(peer[name] for _, peer in rounds)) if ratios else "",
            " to ".join(f"{ratio:.2f}" for ratio in sorted({*ratios[:1], *ratios[-1:]})),
            "" if most is None else number(most),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


def would_take_minutes(model):
    """llama.cpp computes in bfloat16 where the file does, and slowly where the processor cannot."""
    stored = model["dtypes"]
    mostly = max(stored, key=stored.get)
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return mostly == "BF16" and "avx512_bf16" not in flags and "amx_bf16" not in flags


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE", help="a model in one GGUF file")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (3)")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds: expected at least 1, found {arguments.rounds}")
    try:
        import xllamacpp
    except ImportError:
        sys.exit(f"{sys.executable} has no xllamacpp; run pip install xllamacpp==2026.10.11549, or use another Python")
    files = [file.resolve() for file in arguments.files]
    for file in files:
        if not file.is_file():
            sys.exit(f"{file}: no such file; expected a model in one GGUF file")
    output([CAIRN, "--version"])  # builds it, if sources have changed
    doctor = json.loads(output([CAIRN, "doctor", "--json"]))
    machine = {name: float(text.split()[0]) for name, text in doctor["speed"].items()}
    commit = output(["git", "describe", "--always", "--dirty", "--exclude=*"]).strip()
    print(
        f"{doctor['machine']['processor']} ({doctor['machine']['vectors']}), {THREADS} threads, "
        f"{datetime.date.today()}, commit {commit}, xllamacpp {xllamacpp.__version__}; "
        f"memory {doctor['speed']['memory bandwidth']}, "
        f"float32 products {doctor['speed'].get('oneDNN, f32', 'not by oneDNN')}"
    )
    for file in files:
        model = json.loads(output([CAIRN, "show", str(file), "--json"]))
        has_peer = not would_take_minutes(model)
        report(file, [one_round(file, model, has_peer) for _ in range(arguments.rounds)], model, machine)
        if not has_peer:
            print("\nllama.cpp is left out: it would take minutes in bfloat16, which this processor lacks")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--llama-serve"]:
        serve(*sys.argv[2:])
    elif sys.argv[1:2] == ["--llama-once"]:
        once(*sys.argv[2:])
    else:
        main()
