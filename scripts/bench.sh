#!/bin/bash
# Measures fwbox beside its peers, in one run, in namespaces of its own.
#   scripts/bench.sh [main|limit|load|add|packets|json|size]...    none: all
# Tables and plots go to standard output, the same as JSON and SVG to
# build/bench/NAME.json and NAME.svg.
# ROUNDS=N sets how often each contestant runs, FWBOX=FILE the binary.
# shellcheck disable=SC2154 # tmp: of tap.sh
set -eu
cd "$(dirname "$0")/.."
# Debian's peers, whatever stands before them.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
fwbox=${FWBOX:-./fwbox}
all=(main limit load add packets json size)

die() {
	echo "bench: $*" >&2
	exit 1
}

compile() { # the small programs that measure
	local name
	local headers=(-idirafter /usr/include
		-idirafter "/usr/include/$(gcc -print-multiarch)")

	mkdir -p build/bench/bin
	for name in alternate copy replay send; do
		musl-gcc -static -O2 -Wall -Wextra "${headers[@]}" \
			-o "build/bench/bin/$name" "scripts/bench/$name.c"
	done
}

# Inside a network and a mount namespace of our own.

private_etc() { # with a Docker that leaves its chains to docker-chains
	cp -a /etc "$tmp/etc"
	mount --bind "$tmp/etc" /etc
	mkdir -p "$tmp/docker"
	echo '{"iptables": false, "ip6tables": false}' \
		>"$tmp/docker/daemon.json"
	rm -rf /etc/docker
	ln -s "$tmp/docker" /etc/docker
}

private_ufw() { # it has fixed paths: they lead to copies here
	cp -a /etc/ufw "$tmp/ufw"
	cp -a /etc/default/ufw "$tmp/ufw.default"
	cp -a /lib/ufw "$tmp/ufw.lib"
	printf '%s\n' '[OpenSSH]' 'title=SSH' 'description=SSH' 'ports=22/tcp' \
		>"$tmp/ufw/applications.d/openssh-server"
	sed -i 's/^ENABLED=.*/ENABLED=no/' "$tmp/ufw/ufw.conf"
	cp -a "$tmp/ufw" "$tmp/ufw.fresh"
	mount --bind "$tmp/ufw" /etc/ufw
	mount --bind "$tmp/ufw.default" /etc/default/ufw
	mount --bind "$tmp/ufw.lib" /lib/ufw
	mount -t tmpfs tmpfs /run # its lock, and that of iptables
}

inside() { # NAME...
	local name

	# shellcheck source=tests/lib/tap.sh
	. tests/lib/tap.sh
	# shellcheck source=tests/lib/net.sh
	. tests/lib/net.sh
	# shellcheck source=scripts/bench/lib.sh
	. scripts/bench/lib.sh
	# What is done at the end must be done to the end.
	trap 'status=$?; set +e; (exit $status); run_at_exit' EXIT
	mount -t tmpfs tmpfs "$tmp"
	at_exit "umount -l '$tmp'"
	disk=$PWD/build/bench/disk
	mkdir -p "$disk"
	at_exit "rm -rf '$disk'"
	# A copy, so that a build in the meantime changes nothing.
	mkdir "$tmp/bin"
	cp "$fwbox" "$tmp/fwbox"
	"$tmp/fwbox" --install -s "$tmp/bin" || die 'cannot make the links'
	private_etc
	private_ufw
	for name; do
		# shellcheck source=/dev/null
		. "scripts/bench/$name.sh"
		"bench_$name"
	done
}

if [[ ${1-} == --inside ]]; then
	shift
	inside "$@"
	exit
fi
for name; do
	[[ " ${all[*]} " == *" $name "* ]] ||
		die "unknown name '$name': it is one of ${all[*]}"
done
((EUID == 0)) || die 'needs root, for namespaces and firewalls'
./scripts/setup.sh build test
[[ -n ${FWBOX-} ]] || make -s fwbox
compile
[[ $# -gt 0 ]] || set -- "${all[@]}"
exec unshare --net --mount --propagation private "$0" --inside "$@"
