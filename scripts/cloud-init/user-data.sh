#!/bin/sh
# Prints user-data made of a template and a binary, which lies in it compressed.
#   user-data.sh TEMPLATE BINARY
# It has about 100 KB. A NoCloud seed, a disk or a folder, takes that; many
# clouds take 64 KB at most and EC2 16 KB: there fwbox has to be in the image,
# with image.yaml.
set -eu
service=$(dirname "$0")/../systemd/fwbox.service

# Each line of the input, as far in as the word it stands for.
fill() { # WORD
	awk -v word="$1" -v text="$2" '
		{ at = index($0, word) }
		!at { print; next }
		{
			while ((getline line <text) > 0)
				print line == "" ? "" : \
					substr($0, 1, at - 1) line
		}'
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gzip -9nc "$2" | base64 >"$work/fwbox"
sed 's,/usr/sbin/,/usr/local/sbin/,' "$service" >"$work/service"
fill @FWBOX@ "$work/fwbox" <"$1" | fill @SERVICE@ "$work/service"
