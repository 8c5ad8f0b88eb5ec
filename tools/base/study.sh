#!/usr/bin/env bash
# The study of docs/base.md: small bases that differ from study.yaml in one setting each, and what
# probes find. Runs that are done are not repeated; a run that was stopped goes on.
#
#   tools/base/study.sh DIR [NAME...]
#
# DIR receives a folder per run. NAME chooses runs; without it, all are made, one after the other on
# one thread each. A line of each tells what its probes found.
set -eu
if [ $# -lt 1 ]; then
    echo "usage: tools/base/study.sh DIR [NAME...]" >&2
    exit 2
fi
mkdir -p "$1"
dir=$(CDPATH='' cd "$1" && pwd)
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export CAIRN_JAVA_OPTS="${CAIRN_JAVA_OPTS:-} -Dcairn.threads=1"

# Where the runs' YAML files find them: a path with blanks could not stand in the list.
ln -sfn "$(cd .. && pwd)/shared/data/corpora/classic_books_children" "$dir/books"

# name, then what differs
runs='as-it-is
seed-2 seed=2
layers-1 num_hidden_layers=1
layers-2 num_hidden_layers=2
layers-6 num_hidden_layers=6
width-32 hidden_size=32 intermediate_size=128
width-96 hidden_size=96 intermediate_size=384
heads-2 num_attention_heads=2
heads-8 num_attention_heads=8
rotary-quarter rotary_pct=0.25
vocabulary-300 vocab_size=300
vocabulary-2048 vocab_size=2048
rate-third learning_rate=0.003
rate-double learning_rate=0.02
adamw optimizer=adamw
adamw-rate-third optimizer=adamw learning_rate=0.003
no-head-looks-back previous_token_heads=0
adamw-none-looks-back optimizer=adamw learning_rate=0.003 previous_token_heads=0
embeddings-untied tie_word_embeddings=false
documents-cut-at-64 sequence_len=64 batch_size=16
a-quarter-of-the-tokens batch_size=1
four-times-the-tokens batch_size=16
the-same-1000-documents count=1000
books-too files=[books/Robert_Louis_Stevenson__Treasure_Island.md,books/Frances_Hodgson_Burnett__The_Secret_Garden.md]'

make_one() {
    local name=$1 edits=(-e "s|^output_dir:.*|output_dir: $dir/$1|") setting
    shift
    for setting in "$@"; do
        edits+=(-e "s|^\( *\)${setting%%=*}: .*|\1${setting%%=*}: ${setting#*=}|")
    done
    sed "${edits[@]}" tools/base/study.yaml >"$dir/$name.yaml"
    ./cairn pretrain "$dir/$name.yaml" --resume >"$dir/$name.log" 2>&1 || {
        cat "$dir/$name.log" >&2
        exit 1
    }
    ./cairn probe "$dir/$name" --limit 100 >"$dir/$name.txt.new"
    mv "$dir/$name.txt.new" "$dir/$name.txt"
}

while read -r name settings; do
    if [ -z "$name" ] || { [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; }; then
        continue
    fi
    # shellcheck disable=SC2086 # settings are words
    [ -e "$dir/$name.txt" ] || make_one "$name" $settings
    printf '%-24s %s\n' "$name" "$(tail -n 1 "$dir/$name.txt")"
done <<<"$runs"
