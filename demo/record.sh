#!/bin/sh
# record.sh [FILE]: makes the recording that ships in benchtui anew, on this machine.
# It is a real run; what it says of its machine and its day stands in it. Let nothing
# else run meanwhile, and look at it before you commit it: benchtui replay demo/demo.btr
set -eu
cd "$(dirname "$0")/.."
file=${1:-demo/demo.btr}
# A contender in Rust, one in Go, one on the JVM, and Express, of which the article
# reports 75 % failures: the recording shows where they come from. With a quarter more
# users than the article's, one event loop is at its end for certain.
contenders="axum golang robaho expressjs"
${GO:-go} build -trimpath -o bin/benchtui .
# shellcheck disable=SC2086 # one word each
bin/benchtui build $contenders
# shellcheck disable=SC2086
bin/benchtui run $contenders -w article --users 10000 --tiers auto --plain --record "$file.new" >"bin/demo.txt"
# Whose home it was made in is nobody's business; and it is packed once, but shipped often.
gunzip <"$file.new" | sed "s|$HOME/|~/|g" | gzip -9n >"$file"
rm "$file.new"
cat bin/demo.txt
