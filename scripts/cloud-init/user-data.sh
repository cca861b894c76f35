#!/bin/sh
# Prints user-data made of a template and a binary, which lies in it compressed.
#   user-data.sh TEMPLATE BINARY
# Clouds have a limit for it: 16 KB with EC2, where fwbox has to be in the image
# (image.yaml), 64 KB with many others, for which it can be compressed.
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
