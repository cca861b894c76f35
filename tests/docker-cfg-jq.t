#!/bin/bash
# docker-cfg against jq: what it writes means what jq's edit means, and every
# byte outside of the edit stays.
set -u
fwbox=${FWBOX:-$PWD/fwbox}
CASES=${CASES:-10000} FILES=${FILES:-250} SEED=${SEED:-1}
[ ! -w /dev/shm ] || export TMPDIR="${TMPDIR:-/dev/shm}" # no disk to wait for
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
command -v jq >/dev/null || skip_all 'jq is not installed'

cfg() { "$fwbox" docker-cfg "$@"; }

${HOSTCC:-gcc} -std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined \
	-fno-sanitize-recover=all -I. -o "$tmp/gen" tests/fuzz/json_gen.c \
	core/json/*.c core/base/{buf,err,file,read,text,xattr}.c
ok $? "the maker of cases is built"

judge() { # NAME
	local said

	said=$(jq -nr -f tests/fuzz/json_judge.jq)
	case $said in
	"$2 cases, 0 wrong") ok 0 "$1: $said" ;;
	*) ok 1 "$1" || diag "${said:0:9000}" ;;
	esac
}

# Made texts, by the functions themselves.
judge "edits, seed $SEED" "$CASES" < <("$tmp/gen" edit "$SEED" "$CASES")

# Made texts, in files, by the applet.
mkdir "$tmp/files"
"$tmp/gen" files "$SEED" "$FILES" "$tmp/files"
bad=0
for ((i = 0; i < FILES; i++)); do
	cfg --any -f "$tmp/files/$i.json" "$(<"$tmp/files/$i.expr")" \
		>"$tmp/out" 2>&1 || { bad=1; diag "$i: $(<"$tmp/out")"; }
done
ok $bad "docker-cfg edits $FILES files"
judge "files" "$FILES" < <("$tmp/gen" pack "$SEED" "$FILES" "$tmp/files")

# Collected texts, each in six layouts.
back_again() { # FILE: what is added and deleted leaves the first bytes
	[[ $1 != *empty* ]] || return 0
	cp "$1" "$tmp/edited"
	cfg --any -f "$tmp/edited" x.y=1 && ! cmp -s "$1" "$tmp/edited" &&
		cfg --any -f "$tmp/edited" -d x && cmp "$1" "$tmp/edited"
}

check() { # FILE
	cfg --any -n -f "$1" iptables=false >"$tmp/1" &&
		cfg --any -n -f "$1" '.["log-opts"]."max-size" = "10m"' \
			>"$tmp/2" &&
		cfg --any -n -f "$1" 'del(.dns)' -d iptables >"$tmp/3" &&
		cfg --any -n -f "$1" 'dns+="192.0.2.99"' >"$tmp/4" &&
		back_again "$1" && jq -en 'reduce inputs as $i ([]; . + [$i]) |
			.[0] as $was | .[1:] == [($was | .iptables = false),
			($was | .["log-opts"]."max-size" = "10m"),
			($was | del(.dns, .iptables)),
			($was | .dns += ["192.0.2.99"])]' \
			"$1" "$tmp"/[1-4] >/dev/null
}

for file in tests/docker-cfg/*.json; do
	name=${file##*/}
	bad=0
	for layout in as-is crlf tabs four none compact; do
		made=$tmp/$layout-$name
		case $layout in
		as-is) cp "$file" "$made" ;;
		crlf) sed 's/$/\r/' "$file" >"$made" ;;
		tabs) jq --tab . "$file" >"$made" ;;
		four) jq --indent 4 . "$file" >"$made" ;;
		none) jq . "$file" | sed 's/^ *//' >"$made" ;;
		compact) printf '%s' "$(jq -c . "$file")" >"$made" ;;
		esac
		check "$made" 2>"$tmp/said" || { bad=1; diag "$layout"; }
	done
	ok $bad "$name in six layouts"
done

done_testing
