#!/bin/bash
# Nobody is locked out, and a change on trial is taken back.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v nft >/dev/null || skip_all 'needs nft'
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules
net_new host peer
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64

on() {
	net_run host "$@"
}

run() { # APPLET ARGUMENT...
	on "$fwbox" "$@" >"$tmp/out" 2>&1 </dev/null
	status=$?
	out=$(<"$tmp/out")
	return $status
}

listing() {
	on nft list ruleset
}

# Over SSH.
export SSH_CONNECTION='10.1.0.2 50000 10.1.0.1 22'
run fw-init
like "$status: $out" '^1: fw-init: .*in use \(port 22\): the default' \
	'fw-init over SSH without a rule for it'
is "$(listing)$(ls "$tmp"/rules 2>/dev/null)" '' 'changes nothing'
run fw-init OpenSSH
is "$status$out" 0 'with one it closes the rest'
state=$(listing)$(<"$FWBOX_RULES")
for words in 'deny prepend 22/tcp' 'deny prepend from 10.1.0.0/24' \
	'reject prepend in on eth0 from any' 'deny prepend in on eth+' \
	'delete 1' 'delete allow OpenSSH'; do
	# shellcheck disable=SC2086
	run fw-${words%% *} ${words#* }
	[[ $words != *eth+ ]] || continue
	like "$status: $out" 'refuses the SSH connection' "fw-$words"
done
is "$(listing)$(<"$FWBOX_RULES")" "$state" 'change nothing'
for words in 'deny prepend 23' 'deny prepend from 10.2.0.0/24 to any port 22' \
	'deny prepend in on eth1' 'deny from 10.1.0.2'; do
	[[ $words != *eth1 ]] || words+=' to any port 22'
	# shellcheck disable=SC2086
	run fw-${words%% *} ${words#* }
	is "$status$out" 0 "fw-$words"
done
run fw-deny --force prepend 22/tcp
is "$status$out" 0 'with --force'
run fw-delete deny 22/tcp
SSH_CONNECTION='fd01::2 50000 fd01::1 2222' run fw-init
like "$out" 'refuses the SSH connection in use \(port 2222\)' 'over IPv6'
# As sudo does: the parent has it, we have not.
# shellcheck disable=SC2016
on sh -c 'env -u SSH_CONNECTION "$1" fw-deny prepend 22/tcp; true' sh \
	"$fwbox" >"$tmp/out" 2>&1 </dev/null
like "$(<"$tmp/out")" 'refuses the SSH connection' "the parent's SSH_CONNECTION"
unset SSH_CONNECTION

# From cloud-init: a warning that names the port.
cp "$(readlink -f "$(command -v nc)")" "$tmp/sshd"
nsenter --net="$(net_of host)" -- "$tmp/sshd" -l 2022 \
	>/dev/null 2>&1 </dev/null &
at_exit "kill $! 2>/dev/null"
for _ in {1..100}; do
	! on grep -q ':07E6 .* 0A ' /proc/net/tcp /proc/net/tcp6 || break
	sleep 0.02
done
: >"$tmp/rules"
setsid -w nsenter --net="$(net_of host)" "$fwbox" fw-init \
	>"$tmp/out" 2>&1 </dev/null
like "$(<"$tmp/out")" 'WARNING: sshd listens on port 2022, which' \
	'an sshd that nobody would reach'
# Its first netlink socket is for nf_tables, the second asks for sockets.
setsid -w nsenter --net="$(net_of host)" strace -o /dev/null \
	-e trace=socket -e inject=socket:error=EPROTONOSUPPORT:when=2+ \
	"$fwbox" fw-init >"$tmp/out" 2>&1 </dev/null
like "$(<"$tmp/out")" 'WARNING: sshd listens on port 2022, which' \
	'the same by /proc, where the kernel has no sock_diag'
run fw-allow 2022/tcp
run fw-init
is "$out" '' 'no warning once its port is open'

# On trial.
state=$(listing)
before=$(<"$FWBOX_RULES")
run fw-allow --confirm 1 77
like "$out" 'taken back in 1 seconds, unless confirmed: fw-init --keep' \
	'--confirm says what will be'
like "$(listing)" 'dport 77 accept' 'the change holds'
run fw-allow 78
like "$status: $out" '^1: fw-allow: a change waits to be confirmed' \
	'no other change meanwhile'
for _ in {1..100}; do
	[[ -e $tmp/rules.rollback ]] || break
	sleep 0.05
done
sleep 0.1
is "$(listing)" "$state" 'not confirmed: the ruleset is the former'
is "$(<"$FWBOX_RULES")" "$before" 'and so is the file'
run fw-allow --confirm 1 77
run fw-init --keep
is "$status$out" 0 'confirmed'
sleep 1.3
like "$(listing)$(<"$FWBOX_RULES")" 'dport 77 accept.*allow 77' 'it stays'
run fw-init --keep
is "$status: $out" '1: fw-init: no change waits to be confirmed' \
	'nothing to keep'
run fw-stop
run fw-init --confirm 1
sleep 1.3
is "$(listing)" '' 'a firewall that was not there goes again'
run fw-init

# The guard dies with the machine: the former file comes back.
before=$(<"$FWBOX_RULES")
run fw-allow -r "$tmp/rules" --confirm 600 79
kill -KILL "$(pgrep -f "fw-allow -r $tmp/rules --confirm")"
sleep 0.1
run fw-init
like "$out" 'a change that was never confirmed is undone' 'after a power cut'
is "$(<"$FWBOX_RULES")" "$before" 'the former file is back'
unlike "$(listing)" 'dport 79' 'and loaded'
run fw-allow --confirm 0 80
like "$status: $out" "^2: fw-allow: bad time '0'" 'a wrong time'
done_testing
