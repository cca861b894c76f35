#!/bin/bash
# The program as a file and as a set of applets: what it is made of, its
# names, help and exit statuses, a full standard output.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules
ceiling=98304

run() { # COMMAND...: sets status, out and err
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	out=$(<"$tmp/out") err=$(<"$tmp/err")
}

# The file.
size=$(stat -c %s "$fwbox")
[[ $size -le $ceiling ]]
ok $? "at most $ceiling bytes" || diag "$size"
diag "$size bytes"
header=$(readelf -h "$fwbox")
like "$header" 'Machine: +Advanced Micro Devices X86-64' 'for x86-64'
like "$header" 'Type: +DYN' 'an executable to be loaded anywhere'
segments=$(readelf -lW "$fwbox")
like "$segments" LOAD 'has segments to load'
unlike "$segments" 'INTERP' 'static, with no interpreter'
dynamic=$(readelf -dW "$fwbox")
unlike "$dynamic" NEEDED '... and no library'
like "$dynamic" '\(NULL\) [^
]*$' 'what libc reads of it at the start has its end'
unlike "$segments" 'GNU_STACK.* RWE' 'its stack cannot be executed'
sections=$(readelf -SW "$fwbox")
like "$sections" 'no sections' 'no symbols, nothing of the build in it'
unlike "$segments" 'LOAD .* RWE ' 'nothing both writable and code'
like "$segments" 'GNU_RELRO .* R  ' 'some of it is only read once it runs'

# While it runs, held before it says anything.
maps() { # its pages: address, mode, what of
	local pid child='' tries

	strace -o "$tmp/log" -e trace=write \
		-e inject=write:delay_enter=400000 "$fwbox" --version \
		>"$tmp/out" &
	pid=$!
	for ((tries = 0; tries < 100; tries++)); do
		sleep 0.02
		child=$(cut -d ' ' -f 1 "/proc/$pid/task/$pid/children")
		[[ ! $child || $(<"/proc/$child/syscall") != '1 '* ]] || break
	done
	awk '{ print $1, $2, $6 }' "/proc/$child/maps"
	wait "$pid"
}
base() { # the first of the program's addresses
	sed -n "s,^\([0-9a-f]*\)-.*$fwbox\$,\1,p" <<<"$1" | head -n 1
}
one=$(maps) other=$(maps)
[[ $(base "$one") && $(base "$one") != "$(base "$other")" ]]
ok $? 'at each start it stands elsewhere' || diag "$one" "$other"
unlike "$one" ' .w.. /' 'nothing that came with the file can be written'
unlike "$one" ' .wx' 'nothing can be written and executed'
is "$(grep -c ' rw' <<<"$one")" 2 'what can: its variables and its stack'
pages() { # STRACE_OPTION...: how fw-init's pages change; sets status, out
	out=$(strace -o "$tmp/log" -e trace=mmap,mprotect,memfd_create \
		"$@" "$fwbox" fw-init -n -r "$tmp/none" 2>&1)
	status=$?
	memory=$(sed -n 's/ *= /=/p' "$tmp/log")
	unlike "$memory" 'PROT_WRITE.PROT_EXEC' 'never written and executed'
}
pages
like "$memory" 'mprotect\(0x[0-9a-f]+000, [0-9]+, PROT_READ.PROT_EXEC\)=0' \
	'what is unpacked cannot be written'
whole=$out
# Every other call is to make code; the others, to write again, are allowed.
pages -e inject=mprotect:error=EACCES:when=1+2
like "$memory" 'mmap\(0x[0-9a-f]+000, [0-9]+, PROT_READ.PROT_EXEC, .*=0x' \
	'where what was written may not be executed: from a file in memory'
is "$status$out" "0$whole" '... runs as ever'
pages -e inject=mprotect:error=EACCES:when=1+2 \
	-e inject=memfd_create:error=ENOSYS
is "$status$out" '1fwbox: no code can be made here' '... nor that: says so'
# Where no page may gain the right to be executed any more, and a group comes
# between others that are code already.
ln -s "$fwbox" "$tmp/fw-why"
# shellcheck disable=SC2317 # for run
strict() { # COMMAND...
	python3 -c 'import ctypes, os, sys
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
if ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0):
    sys.exit(77)
os.execv(sys.argv[1], sys.argv[1:])' "$@"
}
run strict "$tmp/fw-why" --help
if [[ $status == 77 ]]; then
	skip 'Linux before 6.3' 'in a process that may make no more code'
else
	is "$status:$out" "0:$("$fwbox" fw-why --help)" \
		'in a process that may make no more code'
fi
rm "$tmp/fw-why"
groups() { # APPLET WORD...: how many groups of its code are unpacked
	strace -o "$tmp/log" -e trace=madvise "$fwbox" "$@" &>/dev/null
	grep -c POPULATE_WRITE "$tmp/log"
}
is "$(groups docker-cfg -!) $(groups fw-init -!) $(groups docker-chains -!)" \
	'2 2 4' 'each applet has only unpacked what it may need'
for applet in docker-cfg fw-init docker-chains fw-why; do
	is "$("$fwbox" "$applet" -! 2>&1)" \
		"$applet: unknown option '-!': see --help" '... whole texts'
done
is "$(groups docker-cfg --help)" 5 '... and its usage only to print it'
echo '{"mtu": 1400}' >"$tmp/small"
strace -qq -o "$tmp/log" -e trace=mmap,brk \
	"$fwbox" docker-cfg -f "$tmp/small" mtu=1500
is "$(<"$tmp/log"):$(<"$tmp/small")" ':{"mtu": 1500}' \
	'... a small edit has room where it was unpacked'
strace -qq -o "$tmp/log" -e trace=mprotect -e inject=mprotect:error=EIO:when=2 \
	"$fwbox" docker-cfg -f "$tmp/none" >"$tmp/out" 2>&1
is "$?:$(<"$tmp/out")" '1:fwbox: no code can be made here' \
	'... and it ends where there is no room for it'
if [[ -e build/musl/fwbox ]]; then
	is "$(build/musl/fwbox fw-init -n -r "$tmp/none")" "$whole" \
		'as the linker made it: runs too'
fi

# The names.
run "$fwbox"
is "$status" 0 'alone: exit 0'
about=$out
run "$fwbox" --help
is "$out" "$about" '--help: the same'
run "$fwbox" --version
like "$out" '^fwbox [0-9]+\.[0-9]+\.[0-9]+$' '--version'
run "$fwbox" --list
is "$status" 0 '--list: exit 0'
mapfile -t applets <"$tmp/out"
like " ${applets[*]} " ' fw-init .*fw-allow .*fw-status .*fw-stop ' \
	'--list: the firewall'
like " ${applets[*]} " ' docker-cfg .*docker-chains ' '--list: Docker'

for applet in "${applets[@]}"; do
	[[ $'\n'$about == *$'\n'"  $applet "*[a-z]* ]]
	ok $? "$applet: has its line in the list"
	run "$fwbox" "$applet" --help
	is "$status" 0 "$applet --help: exit 0"
	like "$out " "^usage: ${applet}[[:space:]]" \
		"$applet --help: on standard output"
	is "$err" '' "$applet --help: nothing else"
	help=$out
	ln -s "$fwbox" "$tmp/$applet"
	run "$tmp/$applet" --help
	is "$out" "$help" "$applet: by a link of its name"
	run "$fwbox" "$applet" --no-such-option
	is "$status" 2 "$applet --no-such-option: exit 2"
	like "$err" "^$applet: .*'?--?n" "$applet --no-such-option: says so"
	"$fwbox" "$applet" --help >/dev/full 2>"$tmp/err"
	is $? 1 "$applet --help, to a full device: exit 1"
	like "$(<"$tmp/err")" "^$applet: .*No space left on device" \
		"$applet --help, to a full device: says so"
done

run "$fwbox" no-such
is "$status" 127 'no such applet: exit 127'
is "$err" "fwbox: applet 'no-such' not found" 'no such applet: says so'
is "$out" '' 'no such applet: nothing else'
ln -s "$fwbox" "$tmp/fwbox-1"
run "$tmp/fwbox-1" --list
is "$out" "$(printf '%s\n' "${applets[@]}")" 'by another name of the program'
run "$fwbox" --no-such
is "$status" 2 'no such option: exit 2'
for word in --list --version --help; do
	"$fwbox" $word >/dev/full 2>"$tmp/err"
	is $? 1 "$word, to a full device: exit 1"
done
"$fwbox" fw-init -n >/dev/full 2>"$tmp/err"
is $? 1 'fw-init -n, to a full device: exit 1'
echo '{}' >"$tmp/daemon.json"
"$fwbox" docker-cfg -n -f "$tmp/daemon.json" .debug=true >/dev/full \
	2>"$tmp/err"
is $? 1 'docker-cfg -n, to a full device: exit 1'

# Without a static libmnl make says how to come by one.
if ! compgen -G '/usr/lib/*/libmnl.a' >/dev/null; then
	like "$(make -B -n DEPS="$tmp/none" MNL_CFLAGS= 2>&1)" \
		'scripts/setup.sh-build' 'no libmnl: make names the remedy'
fi

# An applet is one file and one line.
mkdir "$tmp/tree" "$tmp/tree/build"
mkdir "$tmp/tree/scripts"
cp -a Makefile config.h core applets "$tmp/tree/"
cp -a scripts/pack "$tmp/tree/scripts/"
for dir in build/musl build/deps; do
	[[ ! -d $dir ]] || cp -a "$dir" "$tmp/tree/build/"
done
cat >"$tmp/tree/applets/fw-hello.c" <<-'EOT'
	#include "applet.h"

	/* Behind .data, as small data is on riscv64. */
	static volatile int there __attribute__((section(".data1"))) = 1;

	static const char usage[] = "greet\n\n";

	static int hello(int argc, char **argv)
	{
		(void)argc;
		(void)argv;
		print_str(there ? "hello\n" : "lost\n");
		return 0;
	}

	const struct applet fw_hello_applet = {
		.name = "fw-hello", .usage = usage, .main = hello
	};
EOT
sed -i 's/A(fw_stop)/A(fw_hello)/' "$tmp/tree/config.h"
run make -C "$tmp/tree" fwbox
is "$status" 0 'a line of config.h changed: builds' || diag "$err"
run "$tmp/tree/fwbox" fw-hello
is "$out" hello 'the new applet is there'
run "$tmp/tree/fwbox" fw-hello --help
is "$out" 'usage: fw-hello' 'its usage'
run "$tmp/tree/fwbox" fw-stop
is "$status" 127 'the one left out is not'

# What comes with the file can only be read.
sed -i 's/\.data1/.data.there/' "$tmp/tree/applets/fw-hello.c"
run make -C "$tmp/tree" fwbox
is "$status" 2 'a variable that does not begin as 0: not linked'
like "$err" 'a variable that does not begin as 0' '... says so'
sed -i 's/\.data\.there/.data1/' "$tmp/tree/applets/fw-hello.c"

# What is behind the image has no place in the file.
sed -i 's/BEFORE .bss/AFTER .data/' "$tmp/tree/scripts/pack/pack.ld"
run make -C "$tmp/tree" fwbox
is "$status" 2 'data behind the image: not packed'
like "$err" 'pack: data behind the image would be lost' '... says so'
done_testing
