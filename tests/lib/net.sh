# shellcheck shell=bash
# Throwaway networks: namespaces without a name, each held by a process that
# dies with the test, veth pairs between them, servers and tries in them.
# Needs tap.sh.

lib=${BASH_SOURCE[0]%/*}
# The system's: a version manager's takes a second to start.
python=$(PATH=/usr/bin:$PATH type -P python3)
declare -A net_pid=() # namespace -> the process that holds it
net_servers=()

net_missing() { # says why there can be no networks; fails when there can
	((EUID == 0)) || { echo 'needs root'; return; }
	command -v ip >/dev/null || { echo 'needs iproute2'; return; }
	command -v python3 >/dev/null || { echo 'needs python3'; return; }
	unshare --net true 2>/dev/null || {
		echo 'needs network namespaces'
		return
	}
	return 1
}

net_need() { # skips the test where there can be no networks
	local why

	! why=$(net_missing) || skip_all "$why"
}

net_new() { # NAME...
	local name pid

	for name; do
		unshare --net --mount --propagation private \
			setpriv --pdeathsig KILL sleep infinity &
		pid=$!
		net_pid[$name]=$pid
		at_exit "kill $pid; wait $pid"
		while [[ /proc/$pid/ns/net -ef /proc/self/ns/net ]]; do
			sleep 0.01
		done
		# A duplicate is impossible here, and looking for one costs
		# seconds.
		net_run "$name" sh -c '
			cd /proc/sys/net/ipv6/conf
			echo 0 | tee all/accept_dad default/accept_dad
			ip link set lo up' >/dev/null
	done
}

net_of() { # NAME: the path of its namespace
	echo "/proc/${net_pid[$1]}/ns/net"
}

net_run() { # NAME COMMAND...
	local name=$1

	shift
	nsenter --net="/proc/${net_pid[$name]}/ns/net" -- "$@"
}

# The same with the mounts of the namespace, which are a copy of ours until
# net_own_etc.
net_run_etc() { # NAME COMMAND...
	local name=$1

	shift
	nsenter --target "${net_pid[$name]}" --net --mount --root \
		--wd="$PWD" -- "$@"
}

net_own_etc() { # NAME: what happens to its /etc is gone with it
	mkdir "${tmp:?}/etc.$1"
	# shellcheck disable=SC2016 # for the inner shell
	net_run_etc "$1" sh -ec 'mount -t tmpfs etc "$0"
		cp -a /etc/. "$0"
		mount --bind "$0" /etc' "$tmp/etc.$1"
}

net_link() { # NAME IFACE NAME IFACE
	net_run "$1" ip link add "$2" type veth peer name "$4" \
		netns "${net_pid[$3]}"
	net_run "$1" ip link set "$2" up
	net_run "$3" ip link set "$4" up
}

net_address() { # NAME IFACE ADDRESS/LEN...
	local name=$1 iface=$2 address

	shift 2
	for address; do
		case $address in
		*:*) set -- nodad ;;
		*) set -- ;;
		esac
		net_run "$name" ip addr add "$address" dev "$iface" "$@"
	done
}

net_forward() { # NAME: makes it a router
	net_run "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
}

net_serve() { # NAME PROTO,ADDRESS,PORT...: echoes; see serve.py
	local name=$1 ready

	shift
	ready=${tmp:?}/ready.${#net_servers[@]}
	mkfifo "$ready"
	nsenter --net="$(net_of "$name")" -- setpriv --pdeathsig KILL \
		"$python" "$lib/serve.py" "$@" >"$ready" &
	net_server=$!
	net_servers+=("$net_server")
	at_exit "kill $net_server; wait $net_server"
	read -r _ <"$ready" || bail "a server in $name did not start"
}

net_try() { # NAME: lines `PROTO ADDRESS PORT [EXPECTED]`; see try.py
	net_run "$1" "$python" "$lib/try.py"
}

tries() { # NAME PREFIX: one check for each line of what net_try reads
	local name=$1 prefix=$2 proto address port want got

	while read -r proto address port want got; do
		is "$got" "$want" "$prefix: $proto $address $port: $want"
	done < <(net_try "$name" | sed 's/^$/? ? ? answers nothing/')
}
