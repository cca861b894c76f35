#!/bin/bash
# The main job, shown: sets up, builds, makes two network namespaces, runs the
# four lines in one, and shows from the other which ports answer before and
# after.  Changes nothing outside of them: /etc is a copy there.
set -u
cd "$(dirname "$0")/.." || exit 1

say() { printf '\n== %s\n' "$*"; }
die() {
	printf 'demo: %s\n' "$*" >&2
	exit 1
}

((EUID == 0)) || die 'needs root: network namespaces and the firewall in them'
say 'Setting up and building'
./scripts/setup.sh build demo || die 'cannot set up'
make fwbox size || die 'cannot build'

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
! why=$(net_missing) || die "$why"
mkdir "$tmp/bin"
./fwbox --install -s "$tmp/bin" || die 'cannot link the applets'
PATH=$tmp/bin:$PATH
unset FWBOX_RULES

net_new host peer
net_link host eth0 peer eth0
net_address host eth0 192.0.2.1/24 2001:db8::1/64
net_address peer eth0 192.0.2.2/24 2001:db8::2/64
net_own_etc host || die 'cannot make a private /etc'
net_run_etc host fw-status >"$tmp/out" 2>&1 ||
	die "the kernel's nf_tables cannot be used: $(<"$tmp/out")"
ports=(22 80 443 8080)
listeners=()
for port in "${ports[@]}"; do
	listeners+=("tcp,0.0.0.0,$port" "tcp,::,$port")
done
net_serve host "${listeners[@]}"

on_host() { # COMMAND...: as one would type it
	printf '# %s\n' "$*"
	net_run_etc host "$@" || die "'$*' failed"
}

wrong=0
from_peer() { # RESULT-FOR-8080
	local address port want got proto

	for address in 192.0.2.1 2001:db8::1; do
		for port in "${ports[@]}"; do
			want=open
			((port != 8080)) || want=$1
			echo "tcp $address $port $want"
		done
	done >"$tmp/tries"
	while read -r proto address port want got; do
		printf '  %s %-12s %5s  %s\n' "$proto" "$address" "$port" \
			"$got"
		[[ $got == "$want" ]] || wrong=1
	done < <(net_try peer <"$tmp/tries")
}

say 'Before: what answers the neighbour'
from_peer open
say 'Before: /etc/docker/daemon.json (an example, made in a copy of /etc)'
net_run_etc host sh -c 'mkdir -p /etc/docker
	rm -f /etc/fwbox/rules
	cat >/etc/docker/daemon.json' <<-'EOT'
	{
	    "log-driver": "json-file",
	    "log-opts": { "max-size": "10m" }
	}
EOT
on_host cat /etc/docker/daemon.json

say 'The four lines'
on_host fw-init
on_host fw-allow OpenSSH http https
on_host docker-cfg .iptables=false
on_host docker-chains

say 'After: what answers the neighbour'
from_peer timeout
say 'After: daemon.json, the rules, the chains'
on_host cat /etc/docker/daemon.json
on_host fw-status
if command -v nft >/dev/null; then
	on_host nft list table inet fwbox
else
	echo '(nft is not installed: what the applets sent, as nft scripts)'
	on_host fw-init -n
	on_host docker-chains -n
fi

((wrong == 0)) || die 'a port did not answer as it should have'
say 'As it should be. Both namespaces are gone now, and this host is as it was'
