#!/bin/bash
# Changes by others in between, and what befalls a change on trial: none is
# lost, and it is taken back whatever becomes of who made it.
# EDITS while others change the ruleset.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
# shellcheck source=tests/lib/streams.sh
. tests/lib/streams.sh
net_need
for tool in nft strace; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules
edits=${EDITS:-200}
net_new host peer
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24
net_address peer eth0 10.1.0.2/24
net_serve host tcp,0.0.0.0,22 tcp,0.0.0.0,8080 udp,0.0.0.0,8080
streams_many_from peer

host_() { net_run host "$@" >"$tmp/out" 2>&1 </dev/null; }
listing() { net_run host nft list table inet fwbox; }
host_ "$fwbox" fw-init ssh
ok $? 'fw-init ssh' || bail 'nothing to test with'

# Somebody else, a change a line.
noise() {
	while :; do
		echo 'add table ip noise'
		echo 'delete table ip noise'
	done
}
exec {to_nft}> >(exec nsenter --net="$(net_of host)" -- setpriv \
	--pdeathsig KILL nft -i >/dev/null 2>&1)
nft_pid=$!
noise >"/dev/fd/$to_nft" 2>/dev/null &
noise_pid=$!
disown
exec {to_nft}>&-
at_exit "kill -KILL $noise_pid $nft_pid"
failed=0 restarted=0
for ((i = 0; i < edits; i++)); do
	host_ strace -qq -e trace=sendto -o "$tmp/trace" \
		"$fwbox" fw-allow $((10000 + i))/tcp || {
		failed=$((failed + 1))
		diag "$(<"$tmp/out")"
	}
	[[ $(grep -c BATCH_BEGIN "$tmp/trace") -lt 2 ]] ||
		restarted=$((restarted + 1))
done
kill -0 "$nft_pid" && kill -KILL "$noise_pid" "$nft_pid"
ok $? 'somebody changes the ruleset all the time'
is "$failed" 0 "$edits edits meanwhile"
is "$(grep -c '^allow 1' "$tmp/rules")" "$edits" 'none is lost in the file'
[[ $restarted -gt 0 ]]
ok $? 'some had to begin again' && diag "$restarted of $edits"
before=$(listing)
host_ "$fwbox" fw-init
is "$(listing)" "$before" 'nor in the kernel'

# On trial.
cp "$tmp/rules" "$tmp/former"
state=$(listing)
settled() { # NAME: waits until nothing is on trial
	local i

	for ((i = 0; i < 200; i++)); do
		[[ -e $tmp/rules.rollback ]] || break
		sleep 0.05
	done
	# The lock is let go of when all is done.
	flock "$tmp/rules.lock" true
	[[ $(listing) == "$state" ]] && cmp -s "$tmp/rules" "$tmp/former"
	ok $? "$1: taken back" || diag "$(tail -n 2 "$tmp/rules")"
}

terminal() { # HOW TEXT COMMAND...
	said=$(net_run host "$python" "$lib/terminal.py" "$@")
}

terminal hangup 'press Enter' "$fwbox" fw-allow --confirm 1 77
like "$said" '^SIGHUP fw-allow: taken back in 1 seconds, unless you press' \
	'a hangup ends who waits'
like "$(<"$tmp/rules")" 'allow 77' 'the change holds yet'
settled 'a hangup'
# shellcheck disable=SC2016 # for the inner shell
terminal kill 'press Enter' sh -c '"$@"; sleep 60' sh \
	"$fwbox" fw-allow --confirm 1 77
like "$said" '^SIGKILL' 'its process group is killed'
settled 'the whole process group killed'
# From the first moment on: as soon as there is something to take back.
for ((i = 0; i < 5; i++)); do
	setsid nsenter --net="$(net_of host)" -- \
		"$fwbox" fw-allow --confirm 1 77 >/dev/null 2>&1 </dev/null &
	pid=$!
	until [[ -e $tmp/rules.rollback ]]; do :; done
	kill -KILL -- "-$pid"
	wait "$pid" 2>/dev/null
	# It died before its guard stood, or that does what it is for.
	[[ -z $(pgrep -f -- '--confirm 1 77') ]] || sleep 1.2
	host_ "$fwbox" fw-init
	settled "killed in the midst of it, $i"
done
terminal enter 'press Enter' "$fwbox" fw-allow --confirm 60 77
like "$said" '^0 .*confirmed$' 'Enter confirms'
[[ ! -e $tmp/rules.rollback ]]
ok $? 'nothing is on trial any more'
host_ "$fwbox" fw-delete allow 77

# Nobody who reads what it says waits for the guard.
said=$(timeout 20 nsenter --net="$(net_of host)" -- \
	"$fwbox" fw-allow --confirm 600 78 2>&1 </dev/null)
like "$?: $said" '^0: fw-allow: taken back in 600 seconds, unless conf' \
	'its output ends with it'
host_ "$fwbox" fw-init --keep
for ((i = 0; i < 100; i++)); do
	pgrep -f -- "$fwbox fw-allow --confirm 600 78" >/dev/null || break
	sleep 0.05
done
[[ $i -lt 100 ]]
ok $? 'kept: its guard ends at once'
host_ "$fwbox" fw-delete allow 78
is "$(listing)" "$state" 'and all is as it was'

# A file edited by hand: back to what was loaded, and the edit is not lost.
echo 'allow 79' >>"$tmp/rules"
host_ "$fwbox" fw-init --confirm 1
like "$(<"$tmp/out")" "rules' was edited: it is also kept as '.*unconfirmed'" \
	'edited by hand: says where it is kept'
like "$(listing)" 'dport .*79' 'the edit holds yet'
settled 'edited by hand'
is "$(tail -n 1 "$tmp/rules.unconfirmed")" 'allow 79' 'the edit is kept'
cp "$tmp/rules.unconfirmed" "$tmp/rules"
host_ "$fwbox" fw-init --confirm 60
host_ "$fwbox" fw-init --keep
is "$(tail -n 1 "$tmp/rules")" 'allow 79' 'confirmed: it stays'
host_ "$fwbox" fw-delete allow 79
is "$(listing)" "$state" 'and all is as it was before it'

# The rollback is one transaction.
stream_start peer closed 10.1.0.1 8080
stream_start peer open 10.1.0.1 22
for ((i = 0; i < 5; i++)); do
	host_ "$fwbox" fw-allow --confirm 1 prepend "$((9000 + i))"
	settled "under a stream of connections, $i"
done
stream_end open
is "$bad" 0 'no try to an open port failed'
[[ $tries -gt 100 ]]
ok $? 'and there were many' && diag "$tries"
stream_end closed
is "$bad" 0 'no try to a closed port was answered'
[[ $tries -gt 1000 ]]
ok $? 'and there were many' && diag "$tries"

# With a link in the place of the file.
mkdir "$tmp/elsewhere"
mv "$tmp/rules" "$tmp/elsewhere/real"
ln -s elsewhere/real "$tmp/rules"
host_ "$fwbox" fw-allow --confirm 1 77
for ((i = 0; i < 200; i++)); do
	[[ -e $tmp/elsewhere/real.rollback ]] || break
	sleep 0.05
done
flock "$tmp/elsewhere/real.lock" true
is "$(readlink "$tmp/rules")" elsewhere/real 'a link stays a link'
cmp -s "$tmp/rules" "$tmp/former"
ok $? 'what it leads to is taken back'
done_testing
