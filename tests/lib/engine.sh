# shellcheck shell=bash
# A real Docker engine in a network namespace of the test: its own daemon.json,
# data, socket, process and mount namespaces, so that nothing of it is left
# when it ends.  ENGINE_ROOT is an engine unpacked,
# which in a folder of `scripts/setup.sh engines` has all that it needs with it
# and is started in a root of its own.

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
engine_root=${ENGINE_ROOT:-$PWD/build/peers/engine}
engine_libs=$engine_root/usr/lib/$(uname -m)-linux-gnu
engine_path=$PATH
[[ -d $engine_libs ]] ||
	engine_path=$engine_root/usr/sbin:$engine_root/usr/bin:$PATH
engine_pid=
engine_dir=

engine_missing() { # says why there can be no engine; fails when there can
	local tool

	net_missing && return
	[[ -x $engine_root/usr/sbin/dockerd ]] || {
		echo 'no engine: scripts/setup.sh test'
		return
	}
	for tool in iptables busybox tar; do
		command -v $tool >/dev/null || { echo "needs $tool"; return; }
	done
	[[ -n $(compgen -G '/sys/fs/cgroup/*') ]] || {
		echo 'needs cgroups'
		return
	}
	return 1
}

engine_need() {
	local why

	! why=$(engine_missing) || skip_all "$why"
}

engine_is_whole() {
	[[ -d $engine_libs ]]
}

# A program of the engine's root with the libraries it was made for.
engine_tool() { # FILE [ARGUMENT...]
	local file=$1

	shift
	if engine_is_whole; then
		XTABLES_LIBDIR=$engine_libs/xtables exec -a "${file##*/}" \
			"$engine_libs"/ld-linux-*.so.* --argv0 "${file##*/}" \
			--library-path "$engine_libs" \
			"$engine_root/usr/$file" "$@"
	fi
	PATH=$engine_path exec "${file##*/}" "$@"
}
export -f engine_is_whole engine_tool
export engine_root engine_path engine_libs

docker_() { # ARGUMENT...: the client
	(engine_tool bin/docker -H "unix://$engine_dir/docker.sock" "$@")
}

engine_ask() { # WHAT: of the engine's API; needs curl
	curl -s --unix-socket "$engine_dir/docker.sock" "http://engine/$1"
}

engine_save() { # NAME: all of iptables' rules there, by the engine's iptables
	local six

	for six in '' 6; do
		net_run "$1" bash -c "engine_tool \
			sbin/ip${six}tables-nft-save" 2>/dev/null
	done
}

# The same without what is of iptables and not of who made the rules.
engine_saved() { # NAME
	engine_save "$1" | grep -v '^#\|^:\(INPUT\|FORWARD\|OUTPUT\) \|^:P'
}

# peer 10.1.0.2, fd01::2 -- 10.1.0.1, fd01::1 host, where the engine will be.
# Without forwarding, or the engine's first start leaves the forward policy.
engine_hosts() {
	net_new host peer
	net_link host eth0 peer eth0
	net_address host eth0 10.1.0.1/24 fd01::1/64
	net_address peer eth0 10.1.0.2/24 fd01::2/64
	net_run peer ip route add 172.16.0.0/12 via 10.1.0.1
	net_run peer ip route add fd00::/16 via fd01::1
	net_run host sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
		echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables' \
		2>/dev/null
}

# What runs inside: a private copy of /etc, or a root of its own, then dockerd
# as the second process of its namespace, so that all it started ends with the
# first.
engine_etc() { # DIR
	mkdir "$1/etc" &&
		mount -t tmpfs etc "$1/etc" &&
		cp -a /etc/. "$1/etc" &&
		mkdir -p "$1/etc/docker" &&
		mount --bind "$1/etc" /etc &&
		cp "$1/daemon.json" /etc/docker/daemon.json
}

engine_new_root() { # DIR
	local name root=$1/root

	mkdir -p "$root" &&
		mount -t tmpfs root "$root" &&
		mkdir -p "$root"/{proc,sys,dev,tmp,run,usr,etc,opt,var/lib} &&
		mkdir -p "$root$1" &&
		cp -a "$engine_root/etc/." "$root/etc" &&
		mount --bind "$engine_root/usr" "$root/usr" &&
		mount --bind "$1" "$root$1" || return
	for name in proc sys dev; do
		mount --rbind "/$name" "$root/$name" || return
	done
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$root/$name" || return
	done
	for name in iptables ip6tables; do
		ln -s "/usr/sbin/$name-nft" "$root/opt/$name" || return
	done
	cp /etc/resolv.conf /etc/hosts /etc/passwd /etc/group "$root/etc"
}

engine_inside() { # DIR
	local enter=()

	if engine_is_whole; then
		engine_new_root "$1" || return
		enter=(chroot "$1/root")
		PATH=/opt:/usr/sbin:/usr/bin:$PATH
	else
		engine_etc "$1" || return
	fi
	exec "${enter[@]}" dockerd --config-file "$1/daemon.json" \
		--data-root "$1/data" --exec-root "$1/run" \
		--pidfile "$1/docker.pid" -H "unix://$1/docker.sock" \
		--storage-driver vfs --cgroup-parent "$engine_cgroup" \
		--exec-opt native.cgroupdriver=cgroupfs
}
export -f engine_inside engine_etc engine_new_root

# NAME is a network namespace; CONFIG a file, or the text of one, or ''.
# The data is kept in between: a second start is a restart.
engine_start() { # NAME CONFIG
	local i

	if [[ -z $engine_dir ]]; then
		engine_dir=${tmp:?}/engine
		engine_cgroup=/fwbox-test-$$
		export engine_cgroup
		mkdir "$engine_dir" "$engine_dir/data"
		at_exit engine_cleanup
	fi
	if [[ -f $2 ]]; then
		cp "$2" "$engine_dir/daemon.json"
	else
		printf '%s\n' "${2:-{\}}" >"$engine_dir/daemon.json"
	fi
	rm -rf "${engine_dir:?}/etc"
	PATH=$engine_path nsenter --net="$(net_of "$1")" -- \
		setpriv --pdeathsig KILL \
		unshare --mount --propagation private \
		--pid --fork --kill-child=KILL --mount-proc \
		bash -c "engine_inside '$engine_dir'" \
		>"$engine_dir/log" 2>&1 </dev/null &
	engine_pid=$!
	for ((i = 0; i < 600; i++)); do
		[[ -S $engine_dir/docker.sock ]] &&
			docker_ version >/dev/null 2>&1 && return
		kill -0 "$engine_pid" 2>/dev/null || break
		sleep 0.1
	done
	diag "$(tail -n 20 "$engine_dir/log")"
	bail 'the engine did not start'
}

engine_stop() { # TERM, and what is left after 15 s is killed
	local dockerd i

	[[ -n $engine_pid ]] || return 0
	# The pid file holds a number of its own namespace.
	dockerd=$(pgrep -P "$engine_pid" | head -n 1)
	[[ -z $dockerd ]] || kill "$dockerd"
	for ((i = 0; i < 150; i++)); do
		kill -0 "$engine_pid" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL "$engine_pid" 2>/dev/null
	wait "$engine_pid" 2>/dev/null
	engine_pid=
}

# The containers' network namespaces are net.sh's from then on: the engine knows
# their processes by the numbers that they have inside.
engine_join() { # CONTAINER...
	local name here there
	local -A outer=()

	while read -r here there _; do
		[[ ! $there ]] || outer[$there]=$here
	done < <(grep -ls "$engine_cgroup" /proc/[0-9]*/cgroup |
		sed 's/cgroup$/status/' |
		xargs sed -n 's/^NSpid:[[:space:]]*//p' 2>/dev/null)
	while read -r name there; do
		# shellcheck disable=SC2034 # it is of net.sh
		net_pid[${name#/}]=${outer[$there]}
	done < <(docker_ inspect -f '{{.Name}} {{.State.Pid}}' "$@")
}

# A new one that knows nothing of the last: no networks, no containers.
engine_again() { # NAME CONFIG
	local link

	engine_stop
	rm -rf "${engine_dir:?}/data"/*
	net_run "$1" nft flush ruleset
	for link in $(net_run "$1" ip -br link show type bridge |
		cut -d ' ' -f 1); do
		net_run "$1" ip link del "$link"
	done
	engine_start "$1" "$2"
	engine_image
}

engine_cleanup() {
	engine_stop
	find /sys/fs/cgroup -depth -type d -path "*$engine_cgroup*" \
		-exec rmdir {} + 2>/dev/null
}

# An image `box` of a static busybox: httpd, nc, wget, ip.
engine_image() {
	local root=$engine_dir/box

	mkdir -p "$root/bin" "$root/www" "$root/tmp"
	cp "$(command -v busybox)" "$root/bin/busybox"
	ln -sf busybox "$root/bin/sh"
	echo 'a page' >"$root/www/index.html"
	tar -C "$root" -c . | docker_ import - box >/dev/null
}

# A container that serves a page on its port 80.
engine_web() { # NAME DOCKER-RUN-OPTION...
	local name=$1

	shift
	docker_ run -d --stop-signal KILL --name "$name" "$@" box \
		/bin/busybox httpd -f -p 80 -h /www >/dev/null
}

engine_webs() { # several at once, of lines `NAME DOCKER-RUN-OPTION...`
	local words pids=() pid

	while read -ra words; do
		engine_web "${words[@]}" </dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || return
	done
}
