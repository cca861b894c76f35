#!/bin/bash
# Rules of all actions, on packets: first match, reject's answers, limit's
# counting, lists of addresses, defaults; and the edits of the file.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

net_new host peer
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 10.1.0.3/24 fd01::2/64 fd01::3/64
listeners=()
for port in 22 23 24 25 26 27 28 8080; do
	for any in 0.0.0.0 ::; do
		listeners+=("tcp,$any,$port" "udp,$any,$port")
	done
done
net_serve host "${listeners[@]}"

run() { # APPLET ARGUMENT...
	net_run host "$fwbox" "$@" >"$tmp/out" 2>&1
	status=$?
	out=$(<"$tmp/out")
	return $status
}

load() { # the rules on standard input
	cat >"$FWBOX_RULES"
	run fw-init || diag "$out"
}

both() { # lines with HOST as the address
	sed 's/HOST/10.1.0.1/' "$1"
	sed 's/HOST/fd01::1/; s/icmp:3\/3/icmp:1\/4/' "$1"
}

load <<-EOT
	reject 22/tcp
	reject 23/udp
	reject 24
	deny 25
	allow 25
	allow in on eth1 to any port 26
	deny in on eth0 to any port 27
	allow 27
	allow in on eth+ to any port 28 proto tcp
EOT
cat >"$tmp/actions" <<-EOT
	tcp HOST 22 reset
	udp HOST 22 timeout
	udp HOST 23 icmp:3/3
	tcp HOST 23 timeout
	tcp HOST 24 reset
	udp HOST 24 icmp:3/3
	tcp HOST 25 timeout
	tcp HOST 26 timeout
	tcp HOST 27 timeout
	tcp HOST 28 open
	udp HOST 28 timeout
EOT
tries peer 'actions' < <(both "$tmp/actions")

printf 'default reject incoming\nallow 22\n' | load
cat >"$tmp/default" <<-EOT
	tcp HOST 22 open
	udp HOST 23 icmp:3/3
EOT
tries peer 'default reject' < <(both "$tmp/default")
printf 'default allow incoming\ndeny 22\n' | load
cat >"$tmp/default" <<-EOT
	tcp HOST 22 timeout
	tcp HOST 23 open
EOT
tries peer 'default allow' < <(both "$tmp/default")

# limit: five, and the sixth is refused; one port's visitors do not block
# another's; neither address nor /64 does another's.
printf 'limit 22/tcp\nlimit 23/tcp\nallow 24\n' | load
for family in 10.1.0.1 fd01::1; do
	for _ in 1 2 3 4 5; do
		echo "tcp $family 22 open"
	done
done >"$tmp/limit"
tries peer 'limit' <"$tmp/limit"
tries peer 'limit, the sixth' <<-EOT
	tcp 10.1.0.1 22 icmp:3/3
	tcp fd01::1 22 icmp:1/4
	tcp 10.1.0.1 23 open
	tcp fd01::1 23 open
	tcp 10.1.0.1 24 open
EOT
run fw-init
tries peer 'limit, after a second fw-init' <<<'tcp 10.1.0.1 22 icmp:3/3'
net_run peer ip route change 10.1.0.0/24 dev eth0 src 10.1.0.3
tries peer 'limit, another address' <<<'tcp 10.1.0.1 22 open'
net_run peer ip route change 10.1.0.0/24 dev eth0 src 10.1.0.2
run fw-delete limit 22/tcp
run fw-delete limit 23/tcp
unlike "$(net_run host nft list ruleset)" 'limit4|rate-limit' \
	'without limits no set is left'

# Lists of addresses.
printf '%s\n' '# bad ones' 10.9.0.0/16 '10.1.0.2 # this one' '' \
	fd01::/126 192.0.2.1 >"$tmp/list"
load <<-EOT
	deny from @$tmp/list to any port 22
	allow 22
EOT
cat >"$tmp/listed" <<-EOT
	tcp HOST 22 timeout
EOT
tries peer 'a listed address' < <(both "$tmp/listed")
printf '10.9.0.0/16\n' >"$tmp/list"
run fw-init
sed 's/timeout/open/' "$tmp/listed" >"$tmp/unlisted"
tries peer 'the list is reread' < <(both "$tmp/unlisted")
seq 1 100000 | awk '{printf "11.%d.%d.%d\n", $1/65536, $1/256%256, $1%256}' \
	>"$tmp/list"
echo 10.1.0.2 >>"$tmp/list"
run fw-init
is "$status$out" 0 'a list of 100,000 lines loads'
tries peer 'and holds' <<-EOT
	tcp 10.1.0.1 22 timeout
	tcp fd01::1 22 open
EOT
printf '10.9.0.0/16\n\n10.300.0.1\n' >"$tmp/list"
run fw-init
like "$status: $out" "^1: .*/list:3:1: " 'a wrong line of a list is named'
tries peer 'and the firewall stays' <<<'tcp 10.1.0.1 22 timeout'

# Edits.
: >"$FWBOX_RULES"
run fw-allow 22/tcp
run fw-deny 23
run fw-allow prepend 24
run fw-reject insert 2 25
run fw-limit ssh
is "$(<"$FWBOX_RULES")" $'allow 24\nreject 25\nlimit ssh\ndeny 23' \
	'prepend, insert; another action takes the place'
run fw-allow prepend 23
is "$status: $out" "0: fw-allow: skipping 'allow 23': rule 4 is about the \
same packets: delete it first" '... but not of one that would move'
run fw-allow 24 comment 'with words'
like "$(<"$FWBOX_RULES")" "^allow 24 comment 'with words'" 'a new comment'
run fw-delete 4 2
is "$(<"$FWBOX_RULES")" $'allow 24 comment \'with words\'\nlimit ssh' \
	'several numbers'
run fw-delete allow 24
run fw-delete 99
like "$status: $out" "^2: fw-delete: no rule number '99': there are 1" \
	'a number too high'
run fw-delete allow 99
is "$status: $out" "0: fw-delete: no rule 'allow 99'" 'a rule that is not there'
run fw-default reject
run fw-default allow routed
run fw-logging medium
is "$(paste -sd, "$FWBOX_RULES")" \
	'limit ssh,default reject,default allow routed,logging medium' \
	'defaults and logging'
run fw-default deny incoming
is "$(grep -c default "$FWBOX_RULES")" 2 'one line for each default'
run fw-logging loud
like "$status: $out" "^2: fw-logging: bad logging level 'loud': must be off," \
	'a wrong level'
run fw-allow route in on eth0 out on eth1 to 10.2.0.0/16
like "$(net_run host nft list chain inet fwbox routed)" \
	'iifname "eth0" oifname "eth1" ip daddr 10.2.0.0/16 accept' \
	'a routed rule'
done_testing
