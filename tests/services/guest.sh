# shellcheck shell=bash
# A guest: namespaces of its own with an init as its first process, on a root
# of a few files over this machine's /usr.  It has no network but lo.

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
fwbox=$PWD/fwbox
guest_peers=$PWD/build/peers/init
guest_here=$PWD/tests/services
guest_pid=

guest_need() {
	net_need
	[[ -x $guest_peers/sbin/openrc-run ]] ||
		skip_all 'no other init: scripts/setup.sh test'
	guest_cgroup=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
	[[ -n $guest_cgroup ]] || skip_all 'needs cgroup2'
	guest_cgroup=$guest_cgroup/fwbox-test-$$
}
guest_need

# What lies over /usr: fwbox, where the services expect it, and other inits.
guest_layer() {
	local usr=${tmp:?}/layer

	mkdir -p "$usr/sbin" "$usr/bin"
	cp -a "$guest_peers/usr/." "$usr/"
	cp -a "$guest_peers/sbin" "$guest_peers/lib" "$usr/"
	cp "$fwbox" "$usr/sbin/fwbox"
	cp "$(command -v busybox)" "$usr/bin/busybox"
	"$usr/sbin/fwbox" --list | while read -r name; do
		ln -s fwbox "$usr/sbin/$name"
	done
}

# The files that the caller laid in $tmp/NAME are its root's.
guest_start() { # NAME COMMAND...: the first process
	local root=$tmp/$1 i

	shift
	[[ -d $tmp/layer ]] || guest_layer
	mkdir "$guest_cgroup" || bail 'a cgroup of our own'
	at_exit guest_stop
	bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$guest_cgroup" \
		setpriv --pdeathsig KILL unshare --mount --pid --net --uts \
		--ipc --cgroup --propagation private --fork \
		--kill-child=KILL bash "$guest_here/inside.sh" "$tmp" \
		"$root" "$@" >"$tmp/guest.log" 2>&1 </dev/null &
	guest_holder=$!
	for ((i = 0; i < 300; i++)); do
		guest_pid=$(pgrep -P "$guest_holder" | head -n 1)
		[[ -z $guest_pid ]] || [[ ! -e $root/ready ]] || return 0
		kill -0 "$guest_holder" 2>/dev/null || break
		sleep 0.1
	done
	diag "$(<"$tmp/guest.log")"
	bail 'the guest did not start'
}

guest_run() { # COMMAND...
	nsenter --target "$guest_pid" --mount --pid --net --ipc --uts \
		--cgroup --root -- env -C / -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null
}

guest_rules() { # what its kernel has
	nsenter --net="/proc/$guest_pid/ns/net" -- nft list ruleset
}

guest_has() { # RULES NAME: a check that these are its kernel's
	local rules

	rules=$(guest_rules)
	[[ $rules == "$1" ]]
	ok $? "$2" || diag "$(diff <(echo "$1") <(echo "$rules"))"
}

guest_wait() { # COMMAND...: until it succeeds in the guest, or 30 s
	local i

	for ((i = 0; i < 300; i++)); do
		! guest_run "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	return 1
}

guest_stop() {
	[[ -n $guest_pid ]] || return 0
	kill -KILL "$guest_pid" 2>/dev/null
	wait "$guest_holder" 2>/dev/null
	guest_pid=
	find "$guest_cgroup" -depth -type d -exec rmdir {} +
}
