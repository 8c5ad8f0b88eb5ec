#!/usr/bin/env python3
"""Writes the data of `cairn new --template classification`.

Messages to a shop, put together from parts written for this purpose. The test set uses things that
the training set does not have. Run it from the repository's root:

    python3 tools/goldens/classification_template.py
"""

import json
import pathlib
import random

FOLDER = pathlib.Path("core/src/main/resources/dev/cairn/recipe/start/classification")

TRAIN_THINGS = ["lamp", "table", "coat", "kettle", "clock", "chair", "basket", "hat", "book", "box"]
TEST_THINGS = ["bag", "cup", "ring", "bell", "rug", "shoe"]

PATTERNS = {
    "order": [
        "I would like to buy {n} {t}s.",
        "Please send me {n} {t}s.",
        "I want to order a {t}.",
        "Please put a {t} aside for me, I will pay today.",
        "We need {n} {t}s by {d}, please send them.",
        "One {t}, please, to my old address.",
        "I will take the {t} from the window.",
        "Please add a {t} to what I bought on {d}.",
    ],
    "complaint": [
        "The {t} came broken.",
        "My {t} stopped working on {d}.",
        "I paid for {n} {t}s, but only one came.",
        "This is the wrong {t}, and I am not happy.",
        "The {t} is dirty and has a hole. I want my money back.",
        "I have waited for my {t} since {d}, and nothing came.",
        "The {t} fell apart after {n} days.",
        "Nobody answers me about the bad {t}.",
    ],
    "question": [
        "How much is the {t}?",
        "Do you have the {t} in red?",
        "Is the {t} still there on {d}?",
        "When do you open on {d}?",
        "How long does it take to send {n} {t}s?",
        "Where was the {t} made?",
        "Can I bring the {t} back if it does not fit?",
        "Which {t} is better for a child?",
    ],
    "thanks": [
        "The {t} is lovely, thank you.",
        "Thank you for sending the {t} so soon.",
        "We are very happy with the {n} {t}s.",
        "My mother loves her new {t}. Thanks!",
        "Thanks for your kind help on {d}.",
        "What a good {t}! I will come again.",
        "You were right about the {t}, thank you.",
        "The {t} came on {d}, and all is well. Many thanks.",
    ],
}
NUMBERS = ["two", "three", "four", "five"]
DAYS = ["Monday", "Tuesday", "Friday", "Saturday", "Sunday"]


def messages(rng, things, each):
    lines = []
    for kind, patterns in PATTERNS.items():
        seen = set()
        tries = 0
        while len(seen) < each:
            # In turn, also past patterns that have no new text left.
            pattern = patterns[tries % len(patterns)]
            tries += 1
            text = pattern.format(t=rng.choice(things), n=rng.choice(NUMBERS), d=rng.choice(DAYS))
            if text not in seen:
                seen.add(text)
                lines.append({"prompt": text, "completion": kind})
    rng.shuffle(lines)
    return "".join(json.dumps(line) + "\n" for line in lines)


def main():
    rng = random.Random(7)
    (FOLDER / "train.jsonl").write_text(messages(rng, TRAIN_THINGS, 72), encoding="utf-8")
    # The same text twice, such as that of the opening hours, would have been learnt.
    learnt = set((FOLDER / "train.jsonl").read_text(encoding="utf-8").splitlines())
    test = messages(rng, TEST_THINGS, 16).splitlines()
    kept = [line for line in test if line not in learnt]
    (FOLDER / "test.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
