"""Small tokenizers of the kinds that published models have, and what other programs read in texts
with them, for TokenizerGoldenTest to compare with.

A tool for making fixtures; neither the product nor its tests run it. Made with

    transformers 5.24.0, tokenizers 0.23.3, lm-eval 0.4.13 on PyTorch 2.15.0 (Python 3.11)

    python tools/goldens/tokenizer_files.py core/src/test/resources/tokenizer-files/cases.json

Every tokenizer is loaded the way a user's is: with AutoTokenizer, from a folder with
tokenizer.json, tokenizer_config.json and, in some, special_tokens_map.json. Of each there is

    texts    the ids of a text by itself (add_special_tokens=False), and what they decode to
    tokens   what each id of the vocabulary decodes to by itself, special tokens as they are called
    prompts  the ids of a text that a model reads (add_special_tokens=True), without tokens behind
             it: lm-eval's tok_encode, which leaves a text alone that begins with BOS already
    pairs    the ids of a context and a continuation in lm-eval's loglikelihood
    targets  the ids of prompt + target beyond those of the prompt, as TRL's SFTTrainer has them

A case with "refused" is one where the library numbers an added token in another way than the
file; "refused" has the token, the file's id and the library's.
"""

import json
import pathlib
import sys
import tempfile

import tokenizers
import transformers
from lm_eval.models.huggingface import HFLM

LETTERS = [chr(c) for c in range(ord("a"), ord("z") + 1)] + list("ATW.,?:\n")
WORDS = ["▁the", "▁Ann", "▁sat", "▁on", "▁mat", "▁roof", "▁What", "Answer"]


def merged(words, alphabet):
    """A BPE model that makes these words out of letters, from left to right."""
    vocab = {token: i for i, token in enumerate(alphabet)}
    merges = []
    for word in words:
        left = word[0]
        for letter in word[1:]:
            if left + letter not in vocab:
                vocab[left + letter] = len(vocab)
                merges.append([left, letter])
            left += letter
    return vocab, merges


def special(index, content, **more):
    token = dict(id=index, content=content, single_word=False, lstrip=False, rstrip=False,
                 normalized=False, special=True)
    return token | more


def template(*pieces, **ids):
    """A post-processor; "$" is the text."""
    def of(pieces, text):
        return [{"Sequence": {"id": text, "type_id": 0}} if piece == "$"
                else {"SpecialToken": {"id": piece, "type_id": 0}} for piece in pieces]
    return {"type": "TemplateProcessing", "single": of(pieces, "A"),
            "pair": of(pieces, "A") + [{"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {name: {"id": name, "ids": [i], "tokens": [name]} for name, i in ids.items()}}


def pieces(post_processor, prepends=True):
    """The kind of a SentencePiece vocabulary as Llama 2 has it: a blank is put before a text."""
    names = ["<unk>", "<s>", "</s>"]
    vocab, merges = merged(WORDS, names + ["<0x0A>", "▁"] + LETTERS[:-1])
    normalizers = [{"type": "Prepend", "prepend": "▁"}] if prepends else []
    normalizers.append({"type": "Replace", "pattern": {"String": " "}, "content": "▁"})
    decoders = [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                {"type": "Fuse"}]
    if prepends:
        decoders.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [special(i, name) for i, name in enumerate(names)],
            "normalizer": {"type": "Sequence", "normalizers": normalizers}, "pre_tokenizer": None,
            "post_processor": post_processor, "decoder": {"type": "Sequence", "decoders": decoders},
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True,
                      "ignore_merges": False, "vocab": vocab, "merges": merges}}


def gemma(post_processor):
    """As Gemma has it: no blank before a text, a split that never splits, and runs of blanks and of
    line breaks as added tokens that are not special."""
    file = pieces(post_processor, False)
    file["normalizer"] = file["normalizer"]["normalizers"][0]
    file["pre_tokenizer"] = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
                             "invert": False}
    vocab = file["model"]["vocab"]
    for run in ("\n\n", "\n\n\n", "▁▁", "▁▁▁"):
        vocab[run] = len(vocab)
        file["added_tokens"].append(special(vocab[run], run, special=False))
    for byte in ("ë".encode()):
        vocab[f"<0x{byte:02X}>"] = len(vocab)
    return file


def metaspace(post_processor):
    """The same vocabulary in the form of newer files, with Metaspace for the blanks."""
    file = pieces(post_processor)
    file["normalizer"] = None
    file["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    return file


def byte_level(post_processor=None, added=(), vocab=None, split=None, words=()):
    """Byte-level BPE as GPT-2 has it, over a few letters."""
    if vocab is None:
        vocab, merges = merged([w.replace(" ", "Ġ") for w in words], ["Ġ", "Ċ"] + LETTERS[:-1])
    else:
        merges = []
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": split is None}
    before = level if split is None else {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": split}, "behavior": "Isolated", "invert": False}, level]}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": list(added),
            "normalizer": None, "pre_tokenizer": before, "post_processor": post_processor,
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                      "ignore_merges": False, "vocab": vocab, "merges": merges}}


LLAMA = dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>")
BOS = template("<s>", "$", **{"<s>": 1})
BOTH = template("<s>", "$", "</s>", **{"<s>": 1, "</s>": 2})
TWO = template("<s>", "</s>", "$", **{"<s>": 1, "</s>": 2})
END = "<|end|>"

TEXTS = ["Ann sat on the mat.", " Ann", "the", "", " ", "\n", "Ann\nsat  on", "<s>Ann sat", "Ann</s>sat"]
PROMPTS = ["Ann sat on the", "", "<s>Ann sat on the", "\n", " the"]
PAIRS = [("Ann sat on the", " mat"), ("Ann sat on the ", "mat"), ("", "mat"), ("", "<s>mat"),
         ("<s>Ann sat on the", " mat"), ("\n", "mat"), ("Ann:\n\n", "the"), ("Ann", ".")]
TARGETS = [("What?\nAnswer:", " mat"), ("What?\nAnswer:\n", "mat"), ("Answer:\n", " mat"),
           ("<s>Answer:", " the mat"), ("Answer:</s>", "mat"), ("Answer:", "")]
END_TEXTS = ["a<|end|>", "<|end|>", "ab<|end|>c<|end|>", "a <|end|>b"]


def cases():
    # What a tokenizer puts before a text.
    yield "bos", pieces(BOS), LLAMA, None, dict(prompts=PROMPTS, pairs=PAIRS, targets=TARGETS, texts=TEXTS)
    yield "bos, metaspace", metaspace(BOS), LLAMA, None, dict(prompts=PROMPTS, pairs=PAIRS, targets=TARGETS)
    yield "bos, no blank before a text", pieces(BOS, False), LLAMA, None, dict(
        prompts=PROMPTS, pairs=PAIRS, targets=TARGETS)
    yield "gemma", gemma(template("<s>", "$", **{"<s>": 1})), LLAMA, None, dict(
        prompts=PROMPTS, pairs=PAIRS, targets=TARGETS,
        texts=TEXTS + ["Ann  sat", "a\n\nb", "a\n\n\nb", "  Ann   sat on\n\n the\tmat ", "Zoë"])
    yield "no post-processor", pieces(None), LLAMA | dict(add_bos_token=True), None, dict(
        prompts=PROMPTS, pairs=PAIRS, targets=TARGETS)
    yield "bos and eos", pieces(BOTH), LLAMA, None, dict(prompts=PROMPTS, behind=1)
    yield "two tokens before", pieces(TWO), LLAMA, None, dict(prompts=PROMPTS[:3], pairs=PAIRS[:5])
    yield "add_bos_token false", pieces(BOS), LLAMA | dict(add_bos_token=False), None, dict(
        prompts=PROMPTS, pairs=PAIRS)
    level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    start = [special(0, "<|start|>"), special(1, END)]
    words = [" the", " mat", " Ann", " sat", " on", "Answer"]
    vocab = ["<|start|>", END]
    file = byte_level({"type": "Sequence", "processors": [level, template("<|start|>", "$", **{"<|start|>": 0})]},
                      start, None, None, words)
    shifted = {t: i + 2 for t, i in file["model"]["vocab"].items()}
    file["model"]["vocab"] = {t: i for i, t in enumerate(vocab)} | shifted
    yield "byte level in a sequence", file, dict(bos_token="<|start|>", eos_token=END), None, dict(
        prompts=["Ann sat", "", "<|start|>Ann sat"], pairs=[("Ann sat on the", " mat"), ("", "mat"), ("\n", "mat")],
        targets=[("What?\nAnswer:", " mat"), ("What?\n", "mat")])
    roberta = json.loads(json.dumps(file))
    roberta["post_processor"] = {"type": "RobertaProcessing", "sep": [END, 1], "cls": ["<|start|>", 0],
                                 "trim_offsets": True, "add_prefix_space": False}
    yield "cls and sep", roberta, dict(bos_token="<|start|>", eos_token=END), None, dict(
        prompts=["Ann sat", "", "<|start|>Ann sat"], behind=1)
    plain = json.loads(json.dumps(file))
    plain["post_processor"] = level
    yield "byte level alone", plain, dict(bos_token="<|start|>", eos_token=END), None, dict(
        prompts=["Ann sat", "<|start|>Ann"], pairs=[("Ann sat on the", " mat"), ("", "mat"), ("", "<|start|>mat")],
        targets=[("What?\nAnswer:", " mat")])

    # Special tokens that tokenizer.json does not list.
    vocab = {t: i for i, t in enumerate(["a", "b", "c", "Ġ", END, "<|pad|>", "<", "|", "e", "n", "d", ">", "p"])}
    token = dict(__type="AddedToken", content=END, special=True, lstrip=False, rstrip=False, normalized=False, single_word=False)
    of = lambda config, more=None, added=(): (byte_level(None, added, vocab), config, more, dict(texts=END_TEXTS))
    yield "eos as a text", *of(dict(eos_token=END))
    yield "eos as an object", *of(dict(eos_token=token))
    yield "in added_tokens_decoder", *of(dict(added_tokens_decoder={"4": {k: v for k, v in token.items() if k != "__type"}}))
    yield "in special_tokens_map.json", *of(dict(), dict(eos_token=END))
    yield "in additional_special_tokens", *of(dict(additional_special_tokens=[END]))
    yield "in extra_special_tokens", *of(dict(extra_special_tokens=[END]))
    yield "added, but not as special", *of(dict(eos_token=END), None, [special(4, END, special=False)])
    yield "takes the blank on its left", *of(dict(eos_token=token | dict(lstrip=True)))
    yield "named, but in no vocabulary", *of(dict(eos_token=END, mask_token="<mask>"))

    # Patterns with possessive and lazy quantifiers, and with look-arounds that repeat.
    texts = dict(texts=["a the  mat,\nAnn 1234567 ?!?\n\n  on", "1234567,89", "the\n\n\nmat", "Ann's 'the"])
    vocab, merges = merged(["Ġthe", "Ġmat", "Ann", "Ġon", "Ċ", "1234", "567", "12", "34", "89", "?!", "ĠĠ"],
                           list("abcdefghijklmnopqrstuvwxyzA0123456789?!,'") + ["Ġ", "Ċ"])
    for name, pattern in (
            ("possessive", r"[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"),
            ("possessive at the ends", r" ?\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s+(?!\S)|\s++"),
            ("lazy", r"\p{L}+?|\p{N}{1,3}?| ??[^\s\p{L}\p{N}]*?\S|\s+"),
            ("digits from the right", r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))|[^\r\n\p{L}\p{N}]?\p{L}+|\s+|[^\s\p{L}\p{N}]+"),
            ("atomic and named groups", r"(?>\p{L}+)|(?<digits>\p{N}{1,3})|(?i:'S)|\s+|[^\s\p{L}\p{N}]+")):
        file = byte_level(None, [], vocab, pattern)
        file["model"]["merges"] = merges
        yield name, file, dict(), None, texts

    # Ids of added tokens that leave gaps.
    vocab = {t: i for i, t in enumerate("abcdef")}
    both = dict(texts=["ab<|end|>c", "<|x|>"])
    yield "no gap", byte_level(None, [special(6, END), special(7, "<|x|>")], vocab), dict(eos_token=END), None, both
    yield "a gap", byte_level(None, [special(9, END)], vocab), dict(eos_token=END), None, dict(refused=END)
    yield "a gap between two", byte_level(None, [special(6, END), special(9, "<|x|>")], vocab), dict(
        eos_token=END), None, dict(refused="<|x|>")
    yield "in another order", byte_level(None, [special(7, "<|x|>"), special(6, END)], vocab), dict(
        eos_token=END), None, dict(refused="<|x|>")
    holes = {"a": 0, "b": 1, "c": 2, "d": 3, "e": 5}
    yield "after a hole in the vocabulary", byte_level(None, [special(6, END)], holes), dict(
        eos_token=END), None, dict(refused=END)
    yield "in the vocabulary's hole", byte_level(None, [special(3, END)], {"a": 0, "b": 1, "c": 2}), dict(
        eos_token=END), None, dict(texts=["ab<|end|>c"])

    # Tokens with characters that stand for no byte.
    names = ["a", "b", "→", "Ġ→", "●b", "Ġb", "Ċ", "é", "Ã©", "▁b"]
    yield "outside the byte alphabet", byte_level(None, [], {t: i for i, t in enumerate(names)}), dict(
    ), None, dict(tokens=True)


class Reader(HFLM):
    """lm-eval's model, as far as it encodes texts."""

    def __init__(self, tokenizer):
        self.tokenizer, self.backend, self.add_bos_token = tokenizer, "causal", None
        self.custom_prefix_token_id, self.enable_thinking = None, False

    def _loglikelihood_tokens(self, requests, **more):
        return [(context, continuation) for _, context, continuation in requests]

    def pair(self, context, continuation):
        class Request:
            args = (context, continuation)
        return self.loglikelihood([Request()], disable_tqdm=True)[0]


def told(name, file, config, special_map, asked):
    with tempfile.TemporaryDirectory() as folder:
        files = {"tokenizer.json": file,
                 "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast"} | config}
        if special_map is not None:
            files["special_tokens_map.json"] = special_map
        for one, content in files.items():
            pathlib.Path(folder, one).write_text(json.dumps(content), encoding="utf-8")
        case = {"name": name, "files": files}
        if "refused" in asked:
            by_id = {t["content"]: t["id"] for t in file["added_tokens"]}
            library = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json")
            wrong = [t for t, i in by_id.items() if library.token_to_id(t) != i]
            assert asked["refused"] in wrong, (name, wrong)
            case["refused"] = [asked["refused"], by_id[asked["refused"]], library.token_to_id(asked["refused"])]
            return case
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        reader = Reader(tokenizer)
        for text in asked.get("texts", []):
            ids = tokenizer.encode(text, add_special_tokens=False)
            case.setdefault("texts", []).append(
                {"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True)})
        for text in asked.get("prompts", []):
            ids = reader.tok_encode(text)
            alone = tokenizer.encode(text, add_special_tokens=False)
            if len(ids) > len(alone):  # a prompt goes on: without what stands behind a text
                ids = ids[:len(ids) - asked.get("behind", 0)]
            case.setdefault("prompts", []).append({"text": text, "ids": ids})
        for context, continuation in asked.get("pairs", []):
            before, after = reader.pair(context, continuation)
            if not before:
                continue  # lm-eval fails without a context
            case.setdefault("pairs", []).append({"context": context, "continuation": continuation,
                                                 "context_ids": before, "continuation_ids": after})
        for prompt, target in asked.get("targets", []):
            before = reader.tok_encode(prompt)
            whole = reader.tok_encode(prompt + target)
            assert whole[:len(before)] == before, (name, prompt, target)
            case.setdefault("targets", []).append(
                {"prompt": prompt, "target": target, "prompt_ids": before, "ids": whole[len(before):]})
        if asked.get("tokens"):
            library = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json")
            case["tokens"] = [library.decode([i], skip_special_tokens=False) for i in range(library.get_vocab_size())]
        return case


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    done = [told(*case) for case in cases()]
    out.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in done) + "\n]\n", encoding="utf-8")
