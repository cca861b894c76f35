#!/bin/bash
# The applets under ASan and UBSan: their tests once more, and what a process
# that stays must give back.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
# shellcheck source=tests/lib/again.sh
. tests/lib/again.sh
net_need
make -s build/san/fwbox || bail 'it does not compile'
fwbox=$PWD/build/san/fwbox

# Of a rules file that is wrong, each time that docker-chains looks at it.
net_new host
echo 'allow 22/tcp' >"$tmp/rules"
echo '{"iptables": false}' >"$tmp/daemon.json"
on() {
	FWBOX_RULES=$tmp/rules net_run host "$@"
}
ASAN_OPTIONS=detect_leaks=0 on "$fwbox" fw-init >"$tmp/out" 2>&1
ok $? 'a firewall' || diag "$(<"$tmp/out")"
echo 'allow nosuchservice' >>"$tmp/rules"
on "$fwbox" docker-chains -f "$tmp/daemon.json" -b br-x -s 10.9.0.0/24 \
	>"$tmp/out" 2>&1
is "$?$(<"$tmp/out")" 0 'docker-chains gives back a rules file that is wrong'

# At their end processes leave things to the kernel.
export ASAN_OPTIONS=detect_leaks=0 FWBOX=$fwbox
for name in sets rules fw docker-cfg docker-chains; do
	again "tests/$name.t" "$name"
done
done_testing
