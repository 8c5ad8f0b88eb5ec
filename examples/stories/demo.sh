#!/usr/bin/env bash
# The main job from end to end: trains a stack and the adapters it is compared with, asks it a
# question, evaluates all of them and writes report.html. After an interruption, run it again: it
# continues where it stopped.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
stories=examples/stories
sets=out/stories/questions
log=out/stories/comparison.log

step() {
    printf '\n== %s\n' "$*" >&2
}

# A small model does not keep several cores busy, so two trainings run side by side, on one core
# each; the results do not depend on that.
train() {
    CAIRN_JAVA_OPTS="${CAIRN_JAVA_OPTS:-} -Dcairn.threads=1" ./cairn train "$stories/$1.yaml" --resume
}

step "Some twelve minutes on two cores of a processor from 2017, less on newer ones; if you stop it, run it again and it continues"

step "Training the stack, and for comparison one adapter that answers at once and one that writes the whole chain (log: $log)"
mkdir -p "$(dirname "$log")"
./cairn --version >&2 # in a clone this builds, before two of them start at once
set -m # a process group of its own, so that all of it can be stopped
(train direct && train chain) >"$log" 2>&1 &
comparison=$!
set +m
trap 'kill -- -"$comparison" 2>/dev/null || true' EXIT
train stack
wait "$comparison" || {
    cat "$log" >&2
    exit 1
}
cat "$log" >&2

step "A question, and what every stage makes of it"
./cairn run "$stories/stack.yaml" --trace \
    "Emma went to the park. Paul ran to the kitchen. Emma took the ball. Emma walked to the school. Paul took the hat.
Where is the ball?"

step "Evaluation: questions like those of the training, and three grades of harder ones: unseen names, these in longer stories, and one step more"
data=()
for split in held-out unseen harder deeper; do
    ./cairn stories "$sets/$split.jsonl" --split "$split" --count 200
    data+=(--data "$sets/$split.jsonl")
done
./cairn eval "$stories/stack.yaml" "$stories/chain.yaml" "$stories/direct.yaml" "$stories/base.yaml" \
    "${data[@]}" --report report.html

step "Which stage is to blame for the stack's wrong answers"
./cairn stories "$sets/why.jsonl" --split held-out --count 60 --seed 2
./cairn eval "$stories/stack.yaml" --data "$sets/why.jsonl" --why

step "To edit what a stage wrote and see what follows from it: ./cairn serve $stories/stack.yaml"
