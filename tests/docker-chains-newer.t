#!/bin/bash
# docker-chains against the newer suite's iptables-nft, which scripts/setup.sh
# unpacks beside its own libraries.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/again.sh
. tests/lib/again.sh
root=$PWD/build/peers/iptables
if [[ ! -d $root ]]; then
	ok 0 "the system's iptables is the newest: see docker-chains.t"
	done_testing
fi
wrappers=$(mktemp -d)
at_exit "rm -rf '$wrappers'"
libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
for name in iptables-nft iptables-nft-save iptables-nft-restore; do
	cat >"$wrappers/$name" <<-EOT
		#!/bin/sh
		XTABLES_LIBDIR='$libraries/xtables' exec \\
			'$libraries'/ld-linux-*.so.* --argv0 $name \\
			--library-path '$libraries' \\
			'$root/usr/sbin/xtables-nft-multi' "\$@"
	EOT
	chmod +x "$wrappers/$name"
done
version=$("$wrappers/iptables-nft" --version)
diag "$version"
like "$version" '^iptables v1\.8\.([1-9][0-9]|9) ' 'a newer iptables'
PATH=$wrappers:$PATH again tests/docker-chains.t "${version#iptables }"
done_testing
