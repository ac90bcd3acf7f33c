#!/bin/sh
# PostgreSQL's archive_command: keep a segment of WAL, whole or not at all.
#
#   archive_command = '/path/to/archive-wal.sh "%p" "%f" /archive'
#
# Called again for a segment that is there already (the server was killed before it had noted that
# down) it succeeds if both are the same, and never overwrites one that is not.
set -eu
segment=$1 name=$2 archive=$3

if [ -f "$archive/$name" ]; then
    cmp -s "$segment" "$archive/$name" && exit 0
    echo "archive-wal: $archive/$name is there already and is another one" >&2
    exit 1
fi
cp "$segment" "$archive/.$name.unfinished"
sync "$archive/.$name.unfinished"
mv "$archive/.$name.unfinished" "$archive/$name"
sync "$archive"
