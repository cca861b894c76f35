#!/bin/bash
# The services: each is started by its real init as the first process of a
# guest, with nothing changed in it, and the rules are read from the kernel.
set -u
# shellcheck source=tests/services/systemd.sh
. tests/services/systemd.sh
unit=scripts/systemd/fwbox.service
unset FWBOX_RULES

# What the kernel has after fw-init by hand is what each service must load.
rules() { # LINE...
	printf '%s\n' 'default deny incoming' "$@"
}
net_new reference
expected() { # LINE...
	rules "$@" >"$tmp/expected"
	net_run reference "$fwbox" fw-init -r "$tmp/expected" &&
		net_run reference nft list ruleset
}
before=$(expected 'allow 22/tcp')
after=$(expected 'allow 22/tcp' 'allow https')

files() { # NAME: the root of a guest, with a rules file
	mkdir -p "$tmp/$1/etc/fwbox"
	rules 'allow 22/tcp' >"$tmp/$1/etc/fwbox/rules"
	chmod 600 "$tmp/$1/etc/fwbox/rules"
}

edit() { # LINE...: the guest's rules file
	guest_run sh -c 'printf "%s\n" "$@" >/etc/fwbox/rules' sh \
		"default deny incoming" "$@"
}

# What the network's service runs, to tell what it found.
probe='fw-status >/run/seen; ip link add eth0 type veth peer eth1'
seen() { # NAME
	guest_wait ip link show eth0
	ok $? "$1: booted" || diag "$(guest_run ip link 2>&1)"
	like "$(guest_run cat /run/seen)" '22/tcp' \
		"$1: the rules stand before the first interface"
}

# systemd.

unit_is_closed "$unit"
unit_filter "$unit"
calls() { # NAME COMMAND...
	local name=$1

	shift
	net_run reference strace -f -qq -o "$tmp/trace" "$@" \
		>"$tmp/out" 2>&1 </dev/null
	ok $? "systemd: $name" || diag "$(<"$tmp/out")"
	unit_calls "$name"
}
calls 'fw-init' "$fwbox" fw-init -r "$tmp/expected"
calls 'fw-init, of a new file' "$fwbox" fw-init -r "$tmp/new" OpenSSH http
cp "$tmp/new" "$tmp/new.rollback"
calls 'fw-init, after a change that was never confirmed' \
	"$fwbox" fw-init -r "$tmp/new"
calls 'fw-stop' "$fwbox" fw-stop

files systemd
etc=$tmp/systemd/etc/systemd/system
mkdir -p "$etc/sysinit.target.wants"
cp "$unit" "$etc/"
ln -s ../fwbox.service "$etc/sysinit.target.wants/"
cat >"$etc/network.service" <<-EOT
	[Unit]
	DefaultDependencies=no
	After=network-pre.target
	[Service]
	ExecStart=/bin/sh -c '$probe'
EOT
cat >"$etc/test.target" <<-EOT
	[Unit]
	Requires=sysinit.target
	Wants=network.service
EOT
units_of_others "$etc"
# The same sandbox around a program that tries what fwbox has no need of.
sandbox() { # NAME COMMAND
	sed -e '/^Exec/d' -e "s|^Type=.*|&\nExecStart=/usr/bin/busybox $2|" \
		-e '/^RemainAfterExit/d' \
		-e "/^\[Service/a StandardOutput=file:/run/$1.out" \
		-e "/^\[Service/a StandardError=file:/run/$1.err" \
		"$unit" >"$etc/$1.service"
}
sandbox status 'cat /proc/self/status'
sandbox inside 'touch /etc/fwbox/inside'
sandbox outside 'touch /etc/outside'
sandbox temporary 'touch /tmp/outside'
sandbox hostname 'hostname other'
sandbox mount 'mount -t tmpfs other /tmp'
sandbox inet 'nc -l -p 7777'
sandbox chown 'chown 1 /etc/fwbox/rules'

guest_start systemd /usr/lib/systemd/systemd --unit=test.target \
	--log-target=null --show-status=no
guest_wait systemctl is-active test.target ||
	diag "$(guest_run systemctl --no-pager list-units)"
unit_verified fwbox.service
seen systemd
guest_has "$before" 'systemd: booted, the rules are those of fw-init'
state() {
	guest_run systemctl show -P "$1" fwbox.service
}
is "$(state ActiveState)" active 'systemd: it is active'
edit 'allow 22/tcp' 'allow https'
guest_run systemctl reload fwbox
ok $? 'systemd: reload'
guest_has "$after" 'systemd: reload: the new rules'
edit 'allow 22/nothing'
guest_run systemctl reload fwbox 2>/dev/null
is $? 1 'systemd: reload of a bad file fails'
guest_has "$after" 'systemd: and the rules stay'
is "$(state ActiveState)" active 'systemd: and the service too'
guest_run systemctl stop fwbox
guest_has '' 'systemd: stopped, there is no firewall'
edit 'allow 22/tcp'
guest_run systemctl start fwbox
guest_has "$before" 'systemd: started again'
guest_run systemctl stop fwbox
guest_run rm /etc/fwbox/rules
guest_run systemctl start fwbox
ok $? 'systemd: without a rules file no failure'
is "$(state ConditionResult)" no 'systemd: but a condition'
guest_has '' 'systemd: and no firewall'
edit 'allow 22/tcp'

in_sandbox() { # NAME WANTED
	guest_run systemctl start "$1" 2>/dev/null
	is $? "$2" "systemd: sandbox: $1: exit $2"
}
in_sandbox status 0
status=$(guest_run cat /run/status.out)
for line in CapEff:$'\t'0000000000001000 CapBnd:$'\t'0000000000001000 \
	NoNewPrivs:$'\t'1 Seccomp:$'\t'2; do
	like "$status" "$line" "systemd: sandbox: ${line/$'\t'/ }"
done
in_sandbox inside 0
for name in outside temporary hostname mount inet chown; do
	in_sandbox $name 1
	like "$(guest_run cat /run/$name.err)" \
		'Read-only file system|not permitted|not supported|denied' \
		"systemd: sandbox: $name: refused"
done
guest_stop

# OpenRC.

sh -n scripts/openrc/fwbox
ok $? 'OpenRC: its syntax'
files openrc
etc=$tmp/openrc/etc
mkdir -p "$etc/init.d" "$etc/conf.d" "$etc/runlevels/boot"
cp scripts/openrc/fwbox "$etc/init.d/"
printf '#!/sbin/openrc-run\nstart() { return 0; }\n' >"$etc/init.d/localmount"
cat >"$etc/init.d/network" <<-EOT
	#!/sbin/openrc-run
	depend() { provide net; }
	start() { $probe; }
EOT
chmod 755 "$etc/init.d"/*
for name in network fwbox; do # the order of the names is not that of the start
	ln -s "/etc/init.d/$name" "$etc/runlevels/boot/"
done
: >"$etc/rc.conf"
: >"$etc/fstab"
guest_start openrc sh -c 'mkdir -p /run/openrc
	: >/run/openrc/softlevel
	openrc boot >/run/log 2>&1
	exec sleep infinity'
guest_wait rc-service fwbox status || diag "$(guest_run cat /run/log)"
seen OpenRC
guest_has "$before" 'OpenRC: booted, the rules are those of fw-init'
edit 'allow 22/tcp' 'allow https'
service() { # COMMAND
	guest_run rc-service fwbox "$1" >"$tmp/out" 2>&1
}
service check
ok $? 'OpenRC: check of a good file'
service reload
ok $? 'OpenRC: reload' || diag "$(<"$tmp/out")"
guest_has "$after" 'OpenRC: reload: the new rules'
edit 'allow 22/nothing'
service check
is $? 1 'OpenRC: check of a bad file'
service reload
is $? 1 'OpenRC: reload of a bad file fails'
guest_has "$after" 'OpenRC: and the rules stay'
service stop
ok $? 'OpenRC: stop'
guest_has '' 'OpenRC: stopped, there is no firewall'
guest_run rm /etc/fwbox/rules
service start
is $? 1 'OpenRC: without a rules file it does not start'
like "$(<"$tmp/out")" /etc/fwbox/rules 'OpenRC: and says so'
guest_stop

# runit.

hold() { # until the rules are the new ones
	local i

	for ((i = 0; i < 300; i++)); do
		[[ $(guest_rules) != "$1" ]] || return 0
		sleep 0.1
	done
	return 1
}


for file in scripts/runit/core-services.sh scripts/runit/fwbox/run \
	scripts/runit/fwbox/control/h; do
	sh -n "$file"
	ok $? "runit: ${file##*/}: its syntax"
done
files runit
etc=$tmp/runit/etc
mkdir -p "$etc/runit/core-services" "$etc/service"
cp scripts/runit/core-services.sh "$etc/runit/core-services/98-fwbox.sh"
cp -R scripts/runit/fwbox "$etc/service/"
cat >"$etc/runit/1" <<-EOT
	#!/bin/sh
	for f in /etc/runit/core-services/*.sh; do . \$f; done
	$probe
EOT
printf '#!/bin/sh\nexec runsvdir /etc/service\n' >"$etc/runit/2"
chmod 755 "$etc/runit/1" "$etc/runit/2"
guest_start runit /sbin/runit
seen runit
hold "$before"
guest_has "$before" 'runit: booted, the rules are those of fw-init'
guest_wait sv check fwbox
ok $? 'runit: the service is up'
edit 'allow 22/tcp' 'allow https'
guest_run sv hup fwbox >/dev/null
hold "$after"
ok $? 'runit: hup: the new rules'
edit 'allow 22/nothing'
guest_run sv hup fwbox >/dev/null
guest_has "$after" 'runit: hup with a bad file: the rules stay'
guest_run sv down fwbox >/dev/null
guest_has "$after" 'runit: down: the rules stay'
guest_run fw-stop 2>/dev/null
guest_has '' 'runit: fw-stop takes them away'
edit 'allow 22/tcp'
guest_run sv up fwbox >/dev/null
hold "$before"
ok $? 'runit: up: the rules are back'
guest_stop
done_testing
