#!/usr/bin/env bash
# One would guess: an AOT cache of the JVM (JEP 483 and 514) speeds up a program that uses jdk.incubator.vector as it
#   does any other; the module is part of the JDK, and --add-modules with other modules does no harm.
# What happens: with an incubator module in the graph, neither the module graph nor linked classes nor lambdas are
#   taken from the cache, without a warning (only -Xlog:aot says "archive was created without full module graph").
#   Every lambda is made anew at each start. With --add-modules java.sql in its place they come from the cache.
# Why it matters here: engines on the JVM multiply matrices with that module. For Cairn it makes a start half a second
#   longer on a slow machine (docs/decisions/0012-cold-start.md).
# Version: JDK 25 (25.0.3+9 of Temurin), in JAVA_HOME; no other package.
set -euo pipefail
jdk=${JAVA_HOME:?a JDK 25 is needed}
"$jdk/bin/java" -version 2>&1 | head -1
"$jdk/bin/java" -version 2>&1 | grep -q '"25[."]' || { echo "expected JDK 25"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >Twice.java <<'JAVA'
import java.util.function.IntUnaryOperator;

public class Twice {
    public static void main(String[] args) {
        IntUnaryOperator next = x -> x + 1;
        IntUnaryOperator twice = x -> 2 * x;
        System.out.println(next.andThen(twice).applyAsInt(20));
    }
}
JAVA
"$jdk/bin/javac" Twice.java
"$jdk/bin/jar" cf twice.jar ./*.class

# How many of the program's lambdas come from the cache when it is started with these flags.
from_cache() {
    rm -f start.aot
    "$jdk/bin/java" "$@" -XX:AOTCacheOutput=start.aot -cp twice.jar Twice >/dev/null 2>&1
    "$jdk/bin/java" "$@" -XX:AOTCache=start.aot -XX:AOTMode=on -Xlog:class+load -cp twice.jar Twice 2>/dev/null |
        grep -c 'Twice\$\$Lambda.*source: shared objects file' || true
}

plain=$(from_cache)
other=$(from_cache --add-modules=java.sql)
vector=$(from_cache --add-modules=jdk.incubator.vector)
echo "lambdas from the cache: $plain, with java.sql $other, with jdk.incubator.vector $vector"
[ "$plain" = 2 ] && [ "$other" = 2 ] && [ "$vector" = 0 ] || { echo "the behaviour has changed"; exit 1; }
