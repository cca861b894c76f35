#!/bin/bash
# make install, and --install: the binary and its links.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=$PWD/fwbox
export FWBOX_RULES=$tmp/rules
mapfile -t applets < <("$fwbox" --list)

works() { # FOLDER NAME: each applet in it is there and is itself
	local applet usage bad=0

	for applet in "${applets[@]}"; do
		usage=$("$1/$applet" --help | head -n 1)
		[[ "$usage " == "usage: $applet "* ]] || {
			diag "$1/$applet"
			bad=1
		}
	done
	ok $bad "$2: each applet works by its name"
	is "$(find "$1" -mindepth 1 ! -name fwbox | wc -l)" \
		"${#applets[@]}" "$2: and there is nothing else"
}

# Tests run beside each other: nothing may rebuild ./fwbox here.
install() { # VARIABLE...
	make -o fwbox install DESTDIR="$tmp/root" "$@" >"$tmp/out" 2>&1
	ok $? "make install $*" || diag "$(<"$tmp/out")"
}

install
works "$tmp/root/usr/local/sbin" 'in /usr/local'
cmp -s fwbox "$tmp/root/usr/local/sbin/fwbox"
ok $? 'in /usr/local: the binary'
is "$(stat -c %a "$tmp/root/usr/local/sbin/fwbox")" 755 'its mode is 755'
install
ok $? 'twice is as once'
install PREFIX=/usr
works "$tmp/root/usr/sbin" 'PREFIX=/usr'
make -o fwbox install DESTDIR="$(realpath --relative-to=. "$tmp")/relative" \
	>"$tmp/out" 2>&1
ok $? 'a relative DESTDIR' || diag "$(<"$tmp/out")"
[[ -s $tmp/relative/usr/local/share/man/man8/fw-init.8 ]]
ok $? '... has the manual pages too'
link=$(readlink "$tmp/root/usr/sbin/fw-init")
is "$link" fwbox 'the links are not to DESTDIR'

# --install takes the binary it is in, wherever that is.
mkdir "$tmp/bin" "$tmp/hard" "$tmp/soft"
cp fwbox "$tmp/bin/fwbox"
"$tmp/bin/fwbox" --install "$tmp/hard" 2>"$tmp/err"
ok $? '--install' || diag "$(<"$tmp/err")"
works "$tmp/hard" '--install'
[[ $tmp/hard/fw-init -ef $tmp/bin/fwbox && ! -L $tmp/hard/fw-init ]]
ok $? '--install: hard links'
"$tmp/bin/fwbox" --install -s "$tmp/soft" 2>"$tmp/err"
ok $? '--install -s' || diag "$(<"$tmp/err")"
works "$tmp/soft" '--install -s'
is "$(readlink "$tmp/soft/fw-init")" "$tmp/bin/fwbox" '--install -s: symlinks'
"$tmp/bin/fwbox" --install -s "$tmp/hard" 2>"$tmp/err"
ok $? '--install -s over hard links' || diag "$(<"$tmp/err")"
works "$tmp/hard" '--install -s over hard links'

refused() { # STATUS NAME ARGUMENT...
	local want=$1 name=$2

	shift 2
	"$tmp/bin/fwbox" --install "$@" >"$tmp/out" 2>"$tmp/err"
	is $? "$want" "$name: exit $want"
	like "$(<"$tmp/err")" '^fwbox: .' "$name: says so"
}

refused 2 'no folder named'
refused 2 'two folders named' "$tmp/hard" "$tmp/soft"
refused 1 'a folder that is not there' "$tmp/none"
refused 1 'a file for a folder' "$tmp/bin/fwbox"
is "$(find "$tmp/bin" | wc -l)" 2 'the binary stays alone in its folder'
done_testing
