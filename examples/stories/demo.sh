#!/usr/bin/env bash
# The main job from end to end: trains a stack and what it is compared with, asks it something,
# evaluates all of them, and writes report.html. Called again, it goes on where it was stopped.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
stories=examples/stories
sets=out/stories/questions

step() {
    printf '\n== %s\n' "$*" >&2
}

step "Training: four stages, and for comparison one adapter that answers at once and one that writes the whole chain"
for system in stack direct chain; do
    ./cairn train "$stories/$system.yaml" --resume
done

step "A question, and what every stage makes of it"
./cairn run "$stories/stack.yaml" --trace \
    "Emma went to the park. Paul ran to the kitchen. Emma took the ball. Emma walked to the school. Paul took the hat.
Where is the ball?"

step "Evaluation: questions of the training kind, and harder ones with unseen names and longer stories"
./cairn stories "$sets/held-out.jsonl" --split held-out --count 300
./cairn stories "$sets/harder.jsonl" --split harder --count 300
./cairn eval "$stories/stack.yaml" "$stories/chain.yaml" "$stories/direct.yaml" "$stories/base.yaml" \
    --data "$sets/held-out.jsonl" --data "$sets/harder.jsonl" --report report.html
