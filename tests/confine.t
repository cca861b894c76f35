#!/bin/bash
# What the program has the kernel refuse it.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}

# Each applet, before anything else it does; docker-chains first has no huge
# pages any more.
for applet in $("$fwbox" --list); do
	strace -o "$tmp/log" -e trace=prctl,open,openat "$fwbox" "$applet" \
		--nothing >/dev/null 2>&1
	like "$(grep -v THP_DISABLE "$tmp/log" | head -n 2)" \
		'NO_NEW_PRIVS, 1, .* = 0.*MODE_FILTER, .* = 0' \
		"$applet: no new privileges, a filter of system calls"
done

# What the filter refuses, and what not.
if command -v musl-gcc >/dev/null; then
	musl-gcc -w -D_GNU_SOURCE -I. -idirafter /usr/include \
		-idirafter "/usr/include/$(gcc -print-multiarch)" \
		-static -o "$tmp/try" tests/lib/confined.c core/base/confine.c
	ok $? 'with musl'
	is "$("$tmp/try")" "$(<tests/lib/confined.want)" 'what is refused'
else
	skip 'no musl-gcc' 'what is refused'
fi

# The one that stays.
unshare -n "$fwbox" docker-chains --watch --socket "$tmp/none" \
	-f "$tmp/none.json" --no-sysctl --force >"$tmp/out" 2>&1 &
pid=$!
at_exit "kill $pid"
for ((i = 0; i < 100; i++)); do
	status=$(<"/proc/$pid/status")
	[[ $status != *Seccomp:?2* ]] || break
	sleep 0.05
done
for ((i = 0; i < 100; i++)); do
	status=$(<"/proc/$pid/status")
	[[ $status != *CapPrm:?0000000000001000* ]] || break
	sleep 0.05
done
like "$status" 'Cap(Prm|Eff):.0000000000001000.*Seccomp:.2' \
	'docker-chains --watch: CAP_NET_ADMIN alone, filtered' ||
	diag "$status$(<"$tmp/out")"
like "$status" 'NoNewPrivs:.1' '... no new privileges'
done_testing
