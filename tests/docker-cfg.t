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
	'several are one edit' debug=false dns+=192.0.2.1 bip=10.1.0.1/24
becomes '{"dns":["192.0.2.1"],"icc":true}' '{"dns":[]}' 'takes away' \
	'dns-=192.0.2.1' 'del(.icc)'
becomes '{"icc":true,"mtu":1}' '{}' 'deletes' -d icc -d .mtu
becomes '{"\\u0069cc":true}' '{"\\u0069cc":false}' 'an escaped key' icc=false
becomes '{"icc":true,"icc":true}' '{"icc":false}' 'a doubled key' icc=false
becomes '{}' '{\n  "log-opts": {\n    "max-file": "3"\n  }\n}' \
	'a number where a string is wanted' log-opts.max-file=3
becomes '{}' '{\n  "ip": "127.0.0.1"\n}' 'no quotes' 'ip = 127.0.0.1'
becomes '{}' '{\n  "x": 1\n}' '--any' --any x=1
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
refuses '{}' 2 "iptables: wants true or false, not 'no'" 'no' iptables=no
refuses '{}' 1 'wants true or false, not "false"' 'a string' 'iptables="false"'
refuses '{}' 1 'wants true or false, not 0' 'a number' iptables=0
refuses '{}' 1 "no key of dockerd.*'iptables'" 'a slip' iptable=false
refuses '{}' 1 "mean 'iptables'" 'capitals' Iptables=false
refuses '{}' 1 'no key of dockerd, which does not start' 'no key' \
	xyzzy=1
refuses '{}' 1 'wants a list of addresses, not "x"' 'an address' dns+=x
refuses '{}' 1 'wants an address such as' 'a network' bip=10.0.0.0
refuses '{}' 1 'wants one of iptables, nftables, not' 'a choice' \
	firewall-backend=x
refuses '{}' 1 'wants a whole number from 0' 'a number' mtu=-1
refuses '{}' 2 'group: wants a string' 'a value not UTF-8' $'group=a\xff'
refuses '{"icc":false}' 1 'done with iptables' 'icc' iptables=false
refuses '{"bridge":"br9"}' 1 'bridge of your own' 'bip' bip=10.1.0.1/24
refuses '{"bip":"10.1.0.1/24"}' 1 'in the network of bip' 'fixed-cidr' \
	fixed-cidr=10.2.0.0/24
refuses '{}' 1 'no key' 'all or nothing' icc=true xyzzy=1
refuses '{}' 1 'nothing changed' 'all or nothing' icc=true bip=10.0.0.0
refuses '{"runtimes":{"kata":{}}}' 1 'default-runtime: none of runtimes' \
	'a runtime' default-runtime=crun
refuses '{}' 1 'must hold an object' 'no object' '.=5'
refuses '{}' 1 'no key of dockerd' 'a key in a whole value' '.={"xyzzy":1}'
refuses '{"dns":{}}' 1 "'dns' is an object, not a list" 'a type' dns+=192.0.2.1
refuses '{}' 2 'not a path' 'no path' '.a[=1'
refuses '{}' 2 'not an expression' 'no expression' 'icc==true'
refuses '{}' 2 'unknown option' 'an option' --nonsense
refuses '{}' 1 'not set' 'what is not there' icc
refuses '{}' 2 'go alone' '--check with an edit' --check icc=true

# What dockerd makes of it.
for value in null '""' '"1.2.3"' '"."' '"64iB"'; do
	refuses '{}' 1 'default-shm-size: wants a size' "a size: $value" \
		"default-shm-size=$value"
done
becomes '{"default-shm-size":0}' '{"default-shm-size":"1.5 GiB"}' 'a size' \
	'default-shm-size=1.5 GiB'
refuses '{}' 1 'no-proxy, not "foo"' 'a member of proxies' proxies.foo=x
becomes '{"proxies":{}}' '{"proxies":{"no-proxy":"x"}}' 'another' \
	proxies.no-proxy=x
becomes '{"log-level":""}' '{"log-level":"INFO"}' 'a level' log-level=INFO
refuses '{}' 1 'one of text' 'but no format' log-format=JSON
becomes '{"shutdown-timeout":1}' '{"shutdown-timeout":-5}' 'below 0' \
	shutdown-timeout=-5
becomes '{"default-runtime":""}' '{"default-runtime":"org.foo.v1"}' \
	"a runtime of containerd's" default-runtime=org.foo.v1
refuses '{}' 1 "mean 'iptables'" 'between two' ip-tables=false

# A character may be written in two ways.
for text in '{"labels":["caf\\u00e9=1"]}' '{"labels":["caf\xc3\xa9=1"]}'; do
	refuses "$text" 0 unchanged 'an escape is what it stands for' \
		'labels+=café=1' 'labels+="caf\u00E9=1"'
	becomes "$text" '{"labels":[]}' '... and taken away' 'labels-=café=1'
done
refuses '{"log-opts":{"\\u00e9\\ud83d\\ude00":"1"}}' 0 unchanged \
	'... in names too' 'log-opts={"é😀":"1"}'

# Warned of.
warns() { # BEFORE PATTERN EXPR...
	local pattern=$2

	printf '%b' "$1" >"$f"
	shift 2
	like "$(cfg "$@" 2>&1)" "$pattern" "warns: $*"
}
warns '{}' 'warning: iptables: .*ip6tables=false too' iptables=false
warns '{"iptables":false}' 'published ports' userland-proxy=false
warns '{}' 'null is as false' iptables=null
warns '{"mtu":"x"}' 'warning: mtu: wants a whole number' iptables=true
warns '{"Mtu":1}' "warning: Mtu: no key .*'mtu'" iptables=true
warns '{}' 'before 28.2 does not start' allow-direct-routing=true

# --check, recipes, undo.
printf '{"iptables":false,"icc":false,"mtu":1.5,"ip":null,"zz":1}' >"$f"
said=$(cfg --check 2>&1)
is $? 1 '--check fails'
like "$said" 'error: zz: no key.*error: icc: ' '--check says why'
like "$said" 'error: mtu: wants a whole number' 'and of types'
like "$said" 'ip-masq = false \(iptables is false\)' 'and what is effective'
if command -v jq >/dev/null; then
	is "$(cfg --check --json | jq -c '
		[.findings[] | select(.level == "error").key],
		.effective.icc, .effective."ip-masq"' | paste -sd ' ')" \
		'["mtu","zz","icc"] false false' '--check --json'
fi
printf '{"debug": true}\n' >"$f"
cfg --check >/dev/null
ok $? '--check of a good file'
cfg --no-iptables >out
ok $? '--no-iptables'
like "$(cat out)" 'docker-chains' 'it points on'
is "$(cat "$f")" '{"debug": true, "iptables": false, "ip6tables": false}' \
	'sets both'
is "$(cat "$f~")" '{"debug": true}' 'keeps the old file'
is "$(cfg --no-iptables)" unchanged 'twice is as once'
cfg --undo
is "$(cat "$f")" '{"debug": true}' '--undo'
refuses '{"debug": true}\n' 1 "no '.*~' to put back" '--undo twice' --undo
printf '{"debug":false}' >"$f~"
is "$(printf '{"debug":true}' >"$f" && cfg -n --undo && cat "$f" "$f~")" \
	'{"debug":false}{"debug":true}{"debug":false}' '-n --undo'
refuses '{"debug":true,}' 0 '.*' 'a broken file' -n --undo
printf '{"debug":true,}' >"$f"
cfg --undo
is "$?$(cat "$f" && ls "$f"*)" "0{\"debug\":false}$f" '... is put back'
for text in '{"debug":fal' '{"Debug":5}'; do
	printf '%s' "$text" >"$f~"
	refuses '{"debug":true}' 1 "daemon.json~:1:13: |no key of" \
		'--undo of a broken one' --undo
	is "$(cat "$f~")" "$text" '... which stays'
done
cfg --undo --any 2>/dev/null
is "$?$(cat "$f")" '0{"Debug":5}' '... but with --any'
printf '\xef\xbb\xbf{}' >"$f~"
cfg --undo --reload >out 2>&1
like "$?:$(od -An -c "$f" | tr -d ' '):$(cat out)" \
	'^1:357273277\{\}:docker-cfg: not reloaded: .* restarted for this$' \
	'... byte for byte, and no reload is enough'
printf '{"icc":true}' >"$f~"
printf '{"icc":false}' >"$f"
cfg -b --undo
is "$?$(cat "$f" "$f~")" '0{"icc":true}{"icc":false}' \
	'-b --undo keeps the one that was'
rm "$f~"
printf '{"iptables":null}' >"$f"
like "$(cfg --check)" 'iptables = false' 'null is false'
printf '{"icc":false}' >"$f"
refuses '{"icc":false}' 1 'icc=false is done with iptables' \
	'--no-iptables explains' --no-iptables
[[ ! -e $f~ ]]
ok $? 'without a copy'
is "$("$fwbox" docker-cfg --keys | wc -l)" 88 '--keys'

done_testing
