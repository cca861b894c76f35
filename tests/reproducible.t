#!/bin/bash
# The same sources, built in another folder, at another time and by a process
# with other habits, are the same bytes.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
tree=$tmp/a/folder/with/a/longer/name

mkdir -p "$tree/scripts" "$tree/build"
cp -R Makefile config.h core applets "$tree/"
cp -R scripts/pack "$tree/scripts/"
[[ ! -d build/deps ]] || ln -s "$(readlink -f build/deps)" "$tree/build/deps"
find "$tree" -type f -exec touch -d '2001-02-03 04:05:06' {} +
umask 077
env -i PATH="$PATH" HOME="$tmp" USER=another TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
	TMPDIR="$tmp" make -C "$tree" fwbox >"$tmp/out" 2>&1
ok $? 'built in another folder' || bail "$(tail -n 3 "$tmp/out")"
is "$(sha256sum <"$tree/fwbox")" "$(sha256sum <fwbox)" 'the same bytes'
is "$(strings -a "$tree/build/musl/fwbox" | grep -F "$tmp")" '' \
	'the folder is nowhere in it, nor in what it is packed from'
done_testing
