#!/bin/bash
# What does not go together in daemon.json, judged by engines that start with
# it or do not: the system's, and a newer one with the system's containerd.
set -u
# shellcheck source=tests/lib/engine.sh
. tests/lib/engine.sh
fwbox=${FWBOX:-$PWD/fwbox}
engine_need
net_new host

starts() { # CONFIG
	(
		# shellcheck disable=SC2317 # engine_start calls it
		bail() {
			engine_cleanup
			exit 1
		}
		engine_start host "$1" >"$tmp/said" 2>&1
		engine_cleanup
	)
}

judge() { # reads lines `WANT CONFIG`; WANT: what both say, or `OURS/THEIRS`
	local want config we they

	while read -r want config; do
		printf '%s' "$config" >"$tmp/daemon.json"
		we=taken they=taken
		"$fwbox" docker-cfg -f "$tmp/daemon.json" --check \
			>"$tmp/ours" 2>&1 || we=refused
		starts "$config" || they=refused
		[[ $we/$they == "${want%/*}/${want#*/}" ]]
		ok $? "$1: $config: $want" || diag "$we/$they
			$(tail -n 3 "$tmp/ours" "$tmp/said")"
	done
}

# Outside its network, fixed-cidr gives addresses that lead nowhere: dockerd
# starts with it, and we refuse it all the same.
judge "the system's" <<-EOT
	refused {"iptables":false,"icc":false}
	taken   {"iptables":false,"userland-proxy":false}
	refused {"bip":"10.1.0.1/24","bridge":"br9"}
	refused {"bip":"10.1.0.1/24","default-gateway":"10.2.0.1"}
	taken   {"bip":"10.1.0.1/24","fixed-cidr":"10.1.0.0/25"}
	refused/taken {"bip":"10.1.0.1/24","fixed-cidr":"10.2.0.0/24"}
	refused {"default-runtime":"crun","runtimes":{"kata":{"path":"/x"}}}
	taken   {"default-runtime":"crun","runtimes":{"crun":{"path":"/x"}}}
EOT

newer=$PWD/build/peers/dockerd-forky
[[ -d $newer ]] || {
	skip 'not unpacked: scripts/setup.sh test' 'a newer engine'
	done_testing
}
libraries=$(echo "$newer"/usr/lib/*-linux-gnu*)
mkdir "$tmp/newer"
ln -s "$newer"/usr/sbin/docker-proxy "$tmp/newer"
cat >"$tmp/newer/dockerd" <<-EOT
	#!/bin/sh
	exec '$libraries'/ld-linux-*.so.* --argv0 dockerd \\
		--library-path '$libraries' '$newer/usr/sbin/dockerd' "\$@"
EOT
chmod +x "$tmp/newer/dockerd"
engine_path=$tmp/newer:$engine_path
judge 'a newer one' <<-EOT
	refused {"iptables":false,"icc":false}
	refused {"icc":false,"ip6tables":false,"ipv6":true}
	taken   {"icc":false,"ip6tables":false}
	refused {"bip6":"2001:db8::1/64","bridge":"br9"}
	refused {"host-gateway-ip":"192.0.2.1","host-gateway-ips":["192.0.2.1"]}
	refused {"default-runtime":"crun"}
	taken   {"default-runtime":"io.containerd.foo.v2"}
EOT

done_testing
