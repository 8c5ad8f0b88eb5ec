#!/usr/bin/env bash
# The experiment of docs/evidence.md: five systems, two kinds of questions, three seeds. If it was
# interrupted, run it again to continue.
#
#   examples/evidence/run.sh BABI [JOBS]
#
# BABI is the folder with bAbI's *_train.txt and *_test.txt. JOBS trainings run in parallel, on one
# core each (default: the number of cores).
set -eu
if [ $# -lt 1 ] || [ ! -d "$1" ]; then
    echo "usage: examples/evidence/run.sh BABI [JOBS], where BABI holds bAbI's *_train.txt and *_test.txt" >&2
    exit 2
fi
babi=$(CDPATH='' cd "$1" && pwd)
jobs=${2:-$(nproc)}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=out/evidence

# The first ten tasks that have files, in the order of their numbers.
mkdir -p "$out/babi/train" "$out/babi/test" "$out/stories"
for task in 1 2 4 6 7 9 10 11 12 13; do
    cp -f "$babi"/qa${task}_*_train.txt "$out/babi/train/"
    cp -f "$babi"/qa${task}_*_test.txt "$out/babi/test/"
done
./cairn --version >&2 # in a clone this builds, before several of them start at once
./cairn stories "$out/stories/held-out.jsonl" --split held-out --count 500
./cairn stories "$out/stories/harder.jsonl" --split harder --count 500

# Trains and evaluates one system on one kind of questions with one seed.
one() {
    local system=$1 set=$2 seed=$3 data questions
    local name=$system-$seed
    case $set in
    stories)
        data="stories: {seed: $seed, count: 2500}"
        questions="--data $out/stories/held-out.jsonl --data $out/stories/harder.jsonl"
        ;;
    babi)
        data="{path: train, sample: 3000, seed: $seed}"
        questions="--data $out/babi/test --limit 100"
        ;;
    esac
    [ -f "$out/$set/$name/done" ] && return
    sed -e "s|^output_dir: .*|output_dir: $name|" \
        -e "s|^base_model: ../../|base_model: ../../../|" \
        -e "/^data:/,/^\$/c data: $([ "$set" = babi ] && echo "$data" || echo "{$data}")\n" \
        -e "s|^  seed: .*|  seed: $seed|" \
        "examples/evidence/$system.yaml" >"$out/$set/$name.yaml"
    export CAIRN_JAVA_OPTS="${CAIRN_JAVA_OPTS:-} -Dcairn.threads=1"
    ./cairn train "$out/$set/$name.yaml" --resume 2>"$out/$set/$name.log"
    # shellcheck disable=SC2086 # several options in one variable
    ./cairn eval "$out/$set/$name.yaml" $questions --output_path "$out/$set/$name/eval" \
        >"$out/$set/$name.txt" 2>>"$out/$set/$name.log"
    touch "$out/$set/$name/done"
    echo "$set $name done" >&2
}
export -f one
export out

# The longest ones first, so that no core waits for them at the end.
for set in babi stories; do
    for system in big-direct big-chain stack chain direct; do
        for seed in 1 2 3; do
            echo "$system $set $seed"
        done
    done
done | xargs -P "$jobs" -I{} bash -c 'set -eu; one $0' {}

for set in stories babi; do
    systems=()
    for system in stack direct chain big-direct big-chain; do
        systems+=("$system=$out/$set/$system-1/eval,$out/$set/$system-2/eval,$out/$set/$system-3/eval")
    done
    ./cairn compare "${systems[@]}" --report "$out/$set.html" >"$out/$set.txt"
    cat "$out/$set.txt"
done
