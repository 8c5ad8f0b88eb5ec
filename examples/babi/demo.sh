#!/usr/bin/env bash
# Trains the stack on bAbI files and evaluates it.
#
#   examples/babi/demo.sh DIR
#
# DIR holds files such as qa1_single-supporting-fact_train.txt and ..._test.txt (the folder "en" of
# bAbI v1.2).
set -eu
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
    echo "usage: examples/babi/demo.sh DIR, where DIR holds bAbI's *_train.txt and *_test.txt" >&2
    exit 2
fi
from=$(CDPATH='' cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p out/babi/train out/babi/test
cp "$from"/*_train.txt out/babi/train/
cp "$from"/*_test.txt out/babi/test/
./cairn train examples/babi/stack.yaml --resume
./cairn eval examples/babi/stack.yaml --data out/babi/test --limit 100 --report out/babi/report.html
