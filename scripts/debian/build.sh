#!/bin/sh
# Builds the Debian packages from the tree, into a folder.
#   scripts/debian/build.sh [FOLDER]        FOLDER: build/debian
# libmnl.a is libmnl-dev's (1.0.5 and newer), or that of scripts/setup.sh.
set -eu
cd "$(dirname "$0")/../.."
out=${1:-build/debian}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/fwbox"
cp -R Makefile README.md config.h core applets scripts "$work/fwbox/"
cp -R scripts/debian "$work/fwbox/debian"
rm "$work/fwbox/debian/build.sh"
checks=
if [ -d build/deps ]; then
	# What libmnl-dev is asked for, this has.
	mkdir "$work/fwbox/build"
	cp -RH build/deps "$work/fwbox/build/"
	checks=-d
fi
cd "$work/fwbox"
# shellcheck disable=SC2086 # none or one
dpkg-buildpackage -us -uc -b $checks
cp ../*.deb ../*.changes ../*.buildinfo "$out/"
