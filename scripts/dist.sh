#!/bin/bash
# The release, in build/dist: the sources, the binary with its install.sh and
# services, and the sums of both. The same commit gives the same bytes.
#   scripts/dist.sh VERSION        behind make dist
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1
machine=$(${CC:-cc} -dumpmachine)
name=fwbox-$version
binary=$name-linux-${machine%%-*}
out=$PWD/build/dist
stamp=$(git log -1 --format=%ct)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf 'dist: %s\n' "$*" >&2; }

# Names, owners, modes and times that do not depend on who packs, or when.
pack() { # FOLDER: as $out/FOLDER.tar.gz
	tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner \
		--mode=u=rwX,go=rX --format=ustar \
		--mtime="@$stamp" -c "$1" |
		gzip -9n >"$out/$1.tar.gz"
}

sums() { # FILE...
	sha256sum "$@" | LC_ALL=C sort -k 2
}

git diff --quiet HEAD -- || say "what is not committed is not in the sources"
rm -rf "$out"
mkdir -p "$out" "$work/$name" "$work/$binary"
git archive HEAD | tar -C "$work/$name" -x
pack "$name"

cp fwbox scripts/install.sh README.md "$work/$binary/"
cp -R scripts/systemd scripts/openrc scripts/runit scripts/man \
	scripts/completion scripts/initramfs "$work/$binary/"
mkdir "$work/$binary/cloud-init"
cp scripts/cloud-init/{meta-data,image.yaml} build/cloud-init/*.yaml \
	"$work/$binary/cloud-init/"
cd "$work/$binary"
mapfile -t files < <(find . -type f -printf '%P\n' | LC_ALL=C sort)
sums "${files[@]}" >SHA256SUMS
pack "$binary"
cd "$out"
sums ./*.tar.gz | sed 's,\./,,' >SHA256SUMS
cat SHA256SUMS
