#!/bin/bash
# The services of docker-chains --watch: each is started by its real init as the
# first process of a guest, with nothing changed in it, and the chains are read
# from the kernel; what it must not do it cannot.
set -u
# shellcheck source=tests/services/systemd.sh
. tests/services/systemd.sh
unit=scripts/systemd/docker-chains.service
words='{"iptables": false}'

# What docker-chains alone makes of these networks is what each must make.
bridge='ip link add BR type bridge && ip addr add SUB dev BR'
bridge_add() { # RUN BRIDGE SUBNET
	local command=${bridge//BR/$2}

	$1 sh -c "${command//SUB/$3}"
}
net_new reference
on_reference() {
	net_run reference "$@"
}
echo "$words" >"$tmp/daemon.json"
expected() {
	on_reference "$fwbox" docker-chains -f "$tmp/daemon.json" \
		--socket "$tmp/none" --no-sysctl >/dev/null 2>&1
	on_reference nft list ruleset
}
bridge_add on_reference docker0 172.17.0.1/16
one=$(expected)
bridge_add on_reference br-0123456789ab 172.18.0.1/16
two=$(expected)
like "$one" docker0 'the reference: one network'
like "$two" br-0123456789ab 'the reference: two'

files() { # NAME: the root of a guest where Docker makes no chains
	mkdir -p "$tmp/$1/etc/docker"
	echo "$words" >"$tmp/$1/etc/docker/daemon.json"
	chmod 600 "$tmp/$1/etc/docker/daemon.json"
}

comes_to() { # RULES NAME
	local i

	for ((i = 0; i < 300; i++)); do
		[[ $(guest_rules) != "$1" ]] || break
		sleep 0.1
	done
	guest_has "$1" "$2"
}

follows() { # INIT: the guest has docker0, and the service is up
	comes_to "$one" "$1: started, the chains are those of docker-chains"
	is "$(guest_run cat /proc/sys/net/ipv4/ip_forward)" 1 \
		"$1: it turned on forwarding"
	bridge_add guest_run br-0123456789ab 172.18.0.1/16
	comes_to "$two" "$1: a new network has its chains"
	guest_run nft flush ruleset
	comes_to "$two" "$1: those that somebody took away are back"
}

# systemd.

unit_is_closed $unit
unit_filter $unit
nsenter --net="$(net_of reference)" -- setpriv --pdeathsig KILL \
	strace -f -qq -o "$tmp/trace" "$fwbox" docker-chains --watch \
	-f "$tmp/daemon.json" --socket "$tmp/none" 2>"$tmp/said" &
tracer=$!
at_exit "kill $tracer; wait $tracer"
on_reference nft flush ruleset
for _ in {1..300}; do
	[[ $(on_reference nft list ruleset) != "$two" ]] || break
	sleep 0.1
done
on_reference ip link del br-0123456789ab
for _ in {1..300}; do
	[[ $(on_reference nft list ruleset) != "$one" ]] || break
	sleep 0.1
done
is "$(on_reference nft list ruleset)" "$one" 'systemd: traced, it watches'
# The tracer passes no signal on.
kill "$(pgrep -P "$tracer")"
wait "$tracer"
is $? 0 'systemd: and ends' || diag "$(<"$tmp/said")"
unit_calls '--watch'

files systemd
etc=$tmp/systemd/etc/systemd/system
mkdir -p "$etc/test.target.wants"
cp $unit "$etc/"
ln -s ../docker-chains.service "$etc/test.target.wants/"
units_of_others "$etc"
printf '[Unit]\nRequires=sysinit.target\n' >"$etc/test.target"
sed -e '/^Exec/d' -e '/^Restart/d' \
	-e 's|^Type=.*|Type=oneshot\nExecStart=/bin/cat /proc/self/status|' \
	-e '/^\[Service/a StandardOutput=file:/run/status.out' \
	$unit >"$etc/status.service"
guest_start systemd /usr/lib/systemd/systemd --unit=test.target \
	--log-target=null --show-status=no
guest_wait systemctl is-active docker-chains ||
	diag "$(guest_run systemctl --no-pager status docker-chains)"
unit_verified docker-chains.service
bridge_add guest_run docker0 172.17.0.1/16
follows systemd
state() {
	guest_run systemctl show -P "$1" docker-chains.service
}
is "$(state ActiveState) $(state NRestarts)" 'active 0' \
	'systemd: it says that it is ready, once'
pid=$(state MainPID)
guest_run systemctl reload docker-chains
ok $? 'systemd: reload'
is "$(state ActiveState) $(state MainPID)" "active $pid" \
	'systemd: and it is the same process'
guest_run systemctl stop docker-chains
ok $? 'systemd: stop'
is "$(state ActiveState) $(state Result)" 'inactive success' \
	'systemd: it ended well'
guest_has "$two" 'systemd: stopped, the chains stay'
guest_run systemctl start status
status=$(guest_run cat /run/status.out)
for line in CapEff:$'\t'0000000000001000 CapBnd:$'\t'0000000000001000 \
	NoNewPrivs:$'\t'1 Seccomp:$'\t'2; do
	like "$status" "$line" "systemd: sandbox: ${line/$'\t'/ }"
done
guest_stop

# OpenRC.

sh -n scripts/openrc/docker-chains
ok $? 'OpenRC: its syntax'
files openrc
etc=$tmp/openrc/etc
mkdir -p "$etc/init.d" "$etc/conf.d" "$etc/runlevels/default"
cp scripts/openrc/docker-chains "$etc/init.d/"
chmod 755 "$etc/init.d/docker-chains"
ln -s /etc/init.d/docker-chains "$etc/runlevels/default/"
: >"$etc/rc.conf"
: >"$etc/fstab"
guest_start openrc sh -c 'mkdir -p /run/openrc
	: >/run/openrc/softlevel
	openrc default >/run/log 2>&1
	while :; do sleep 1; done' # and ends who has no parent
guest_wait rc-service docker-chains status || diag "$(guest_run cat /run/log)"
bridge_add guest_run docker0 172.17.0.1/16
follows OpenRC
guest_run rc-service docker-chains reload >"$tmp/out" 2>&1
ok $? 'OpenRC: reload' || diag "$(<"$tmp/out")"
guest_run rc-service docker-chains status >/dev/null 2>&1
ok $? 'OpenRC: and it is still up'
guest_run rc-service docker-chains stop >"$tmp/out" 2>&1
ok $? 'OpenRC: stop' || diag "$(<"$tmp/out")"
guest_has "$two" 'OpenRC: stopped, the chains stay'
guest_stop

# runit.

sh -n scripts/runit/docker-chains/run
ok $? 'runit: its syntax'
files runit
etc=$tmp/runit/etc
mkdir -p "$etc/runit" "$etc/service"
cp -R scripts/runit/docker-chains "$etc/service/"
printf '#!/bin/sh\n:\n' >"$etc/runit/1"
printf '#!/bin/sh\nexec runsvdir /etc/service\n' >"$etc/runit/2"
chmod 755 "$etc/runit/1" "$etc/runit/2" "$etc/service/docker-chains/run"
guest_start runit /sbin/runit
guest_wait sv check docker-chains
ok $? 'runit: the service is up'
bridge_add guest_run docker0 172.17.0.1/16
follows runit
guest_run sv hup docker-chains >/dev/null
guest_run sv check docker-chains >/dev/null
ok $? 'runit: hup, and it is still up'
guest_run sv down docker-chains >/dev/null
guest_has "$two" 'runit: down: the chains stay'
guest_stop
done_testing
