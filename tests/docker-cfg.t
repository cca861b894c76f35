#!/bin/bash
# docker-cfg on the command line: what it says, prints, refuses, and what
# becomes of the file.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
cd "$tmp" || exit 1

f=$tmp/daemon.json
cfg() { "$fwbox" docker-cfg -f "$f" "$@"; }

becomes() { # BEFORE AFTER NAME EXPR...: exit 0
	local before=$1 after=$2 name=$3

	shift 3
	printf '%b' "$before" >"$f"
	cfg "$@" >out 2>&1
	is "$?:$(cat "$f" && echo .)" "0:$(printf '%b' "$after" && echo .)" \
		"$name" || diag "$(cat out)"
}

refuses() { # BEFORE STATUS PATTERN NAME EXPR...: the file stays as it is
	local before=$1 status=$2 pattern=$3 name=$4 said was

	shift 4
	printf '%b' "$before" >"$f"
	cp "$f" before
	was=$(stat -c '%i %y' "$f")
	said=$(cfg "$@" 2>&1)
	like "$?: $said" "^$status: .*$pattern" "$name"
	cmp -s "$f" before && [[ $(stat -c '%i %y' "$f") == "$was" ]]
	ok $? "$name: untouched"
}

prints() { # TEXT WANT NAME EXPR...
	local text=$1 want=$2 name=$3

	shift 3
	printf '%b' "$text" >"$f"
	is "$(cfg "$@" 2>&1)" "$want" "$name"
}

# Edits.
becomes '{}' '{\n  "iptables": false\n}' 'the main job' .iptables=false
becomes '' '{\n  "iptables": false\n}\n' 'an empty file' iptables=false
becomes ' \n' '{\n  "iptables": false\n}\n' 'a blank one' iptables=false
becomes '{"icc": true}\r\n' '{"icc": true, "mtu": 1400}\r\n' 'one line' mtu=1400
becomes '{"debug":true}' \
	'{"debug":false,"dns":["192.0.2.1"],"bip":"10.1.0.1/24"}' \
	'several are one edit' debug=false \
	'dns+="192.0.2.1"' 'bip="10.1.0.1/24"'
becomes '{"dns":["192.0.2.1"],"icc":true}' '{"dns":[]}' 'takes away' \
	'dns-="192.0.2.1"' 'del(.icc)'
becomes '{"icc":true,"mtu":1}' '{}' 'deletes' -d icc -d .mtu
becomes '{"\\u0069cc":true}' '{"\\u0069cc":false}' 'an escaped key' icc=false
becomes '{"icc":true,"icc":true}' '{"icc":false}' 'a doubled key' icc=false
becomes '{}' '{\n  "log-opts": {\n    "max-file": "3"\n  }\n}' \
	'objects on the way' 'log-opts.max-file="3"'
becomes '{"foo":1}' '{"foo":1,"mtu":9000}' 'what was wrong before may stay' \
	mtu=9000
becomes '{"foo":1,"mtu":9000}' '{"mtu":9000}' 'and may go' -d foo
becomes '\xef\xbb\xbf{"mtu":1}' '{"mtu":2}' 'a byte order mark goes' mtu=2
like "$(cat out)" 'byte order mark' 'and that is said'

# Printing.
prints '{"icc":true}' '{"icc":true}' 'no EXPR prints the file'
prints '{"a":{"b":["x",2]}}' '["x",2]' 'a value' a.b
prints '{"a":"x\\\\n\\u0041"}' '"x\\n\u0041"' 'a string' .a
prints '{"a":"x\\u0041"}' 'xA' 'raw' -r .a
prints '{"icc":true}' $'{"icc":false}' '-n' -n icc=false
is "$(cat "$f")" '{"icc":true}' '-n changes nothing'
prints '{"icc":true}' $'true\nunchanged' 'sets and prints' icc=true icc
rm "$f"
is "$(cfg)" '{}' 'a missing file is as {}'
[[ ! -e $f ]]
ok $? 'and printing makes none'

# Unchanged.
for text in '{"icc":true}' '{ "icc" : true }\n' '{"icc":true,"dns":["a"]}'; do
	refuses "$text" 0 unchanged "unchanged: $text" icc=true 'dns-="x"'
done

# Refused.
refuses '{"icc":true,}' 1 ':1:13: unexpected .}.' 'a comma too many' icc=false
refuses '{\n  // no\n}' 1 ':2:3: unexpected ./.*comments' 'a comment' icc=false
refuses '{"a":"\xff"}' 1 ':1:7: .*0xff: not UTF-8' 'not UTF-8' icc=false
refuses '{"a":1} x' 1 ':1:9: .*nothing more' 'something behind' icc=false
refuses '{"a":1\x00}' 1 ':1:7: .*0x00' 'a NUL byte' icc=false
refuses '\xff\xfe{\x00' 1 'UTF-16' 'UTF-16' icc=false
refuses '{}' 2 "not JSON: 'no': strings need quotes" 'no JSON' iptables=no
refuses '{}' 2 'not JSON' 'all or nothing' icc=true ip=127.0.0.1
refuses '{"dns":{}}' 1 "'dns' is an object, not a list" 'a type' \
	'dns+="192.0.2.1"'
refuses '{}' 2 'not a path' 'no path' '.a[=1'
refuses '{}' 2 'not an expression' 'no expression' 'icc==true'
refuses '{}' 2 'unknown option' 'an option' --nonsense
refuses '{}' 1 'not set' 'what is not there' icc

done_testing
