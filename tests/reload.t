#!/bin/bash
# A list of 500 rules replaced 1,000 times while connections come: nothing
# that is closed ever answers, nothing that is open ever fails.  Beside it, as
# comments, what others do.  ROUNDS replacements, PEER_ROUNDS of iptables', and
# one of ufw's, which takes seconds.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
# shellcheck source=tests/lib/streams.sh
. tests/lib/streams.sh
net_need
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules
rounds=${ROUNDS:-1000} peer_rounds=${PEER_ROUNDS:-5}

net_new host peer ufw
net_link host eth0 peer eth0
net_link ufw eth0 peer eth1
net_address host eth0 10.1.0.1/24
net_address peer eth0 10.1.0.2/24
net_address ufw eth0 10.2.0.1/24
net_address peer eth1 10.2.0.2/24
streams_many_from peer
net_serve host tcp,0.0.0.0,22 tcp,0.0.0.0,8080 udp,0.0.0.0,8080
net_serve ufw tcp,0.0.0.0,22 tcp,0.0.0.0,8080 udp,0.0.0.0,8080

# Two lists of 500 rules that share none but the one for ssh; no two
# neighbours can be made one.
list() { # FIRST-PORT
	local i

	echo 'allow ssh'
	for ((i = 0; i < 499; i++)); do
		echo "allow in on eth$((i % 3)) from 192.0.$((i % 250)).0/24" \
			"to any port $(($1 + i)) proto tcp"
	done
}
list 10000 >"$tmp/one"
list 20000 >"$tmp/two"

now() { date +%s%N; }

# COMMAND, with 1 or 2 in turns, N times under both streams; sets
# closed_tries, answered, open_tries, refused, and each in microseconds.
under_streams() { # ADDRESS N COMMAND...
	local address=$1 n=$2 i start

	shift 2
	failed=0
	stream_start peer closed "$address" 8080
	stream_start peer open "$address" 22
	start=$(now)
	for ((i = 0; i < n; i++)); do
		"$@" $((i % 2 + 1)) >>"$tmp/out" 2>&1 || failed=$((failed + 1))
	done
	each=$((($(now) - start) / n / 1000))
	stream_end open
	open_tries=$tries refused=$bad
	stream_end closed
	closed_tries=$tries answered=$bad
}

figures() { # NAME ROUNDS
	diag "$1: $2 replacements of" \
		"$((each / 1000)).$(((each / 100) % 10)) ms:" \
		"$answered of $closed_tries tries to a closed port answered," \
		"$refused of $open_tries to an open one failed"
}

lists=("$tmp/one" "$tmp/two")
replace() { # 1|2
	nsenter --net="$host_net" -- "$fwbox" fw-init -r "${lists[$1 - 1]}"
}
host_net=$(net_of host)
replace 1
ok $? '500 rules are loaded'
under_streams 10.1.0.1 "$rounds" replace
is "$failed" 0 "replaced, $rounds times" || diag "$(tail -n 3 "$tmp/out")"
is "$answered" 0 'no try to a closed port is answered'
is "$refused" 0 'no try to an open port fails'
[[ $closed_tries -gt 2000 && $open_tries -gt 200 ]]
ok $? 'and there were many' || diag "$closed_tries, $open_tries"
figures fwbox "$rounds"
net_run host "$fwbox" fw-stop 2>"$tmp/out"

# Others, for comparison only.
# shellcheck disable=SC2317 # under_streams calls them
peer_restore() { # OPTION of iptables-restore, 1|2
	net_run ufw iptables-restore -w 5 <"$tmp/ipt.$1"
}
# shellcheck disable=SC2317
peer_flush() { # what scripts do that are not sure of what is there
	net_run ufw sh -c 'iptables -P INPUT ACCEPT; iptables -F INPUT
		iptables-restore -w 5 -n' <"$tmp/ipt.$1"
}
# shellcheck disable=SC2317
peer_ufw() { net_run_etc ufw ufw reload; }

ipt() { # FIRST-PORT
	local i

	printf '*filter\n:INPUT DROP [0:0]\n'
	echo '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'
	echo '-A INPUT -p tcp --dport 22 -j ACCEPT'
	for ((i = 0; i < 499; i++)); do
		echo "-A INPUT -i eth$((i % 3)) -s 192.0.$((i % 250)).0/24" \
			"-p tcp --dport $(($1 + i)) -j ACCEPT"
	done
	echo COMMIT
}

if command -v iptables-restore >/dev/null; then
	ipt 10000 >"$tmp/ipt.1"
	ipt 20000 >"$tmp/ipt.2"
	peer_restore 1
	under_streams 10.2.0.1 "$peer_rounds" peer_restore
	figures 'iptables-restore of the whole table' "$peer_rounds"
	under_streams 10.2.0.1 "$peer_rounds" peer_flush
	figures 'iptables -F, iptables-restore -n' "$peer_rounds"
	net_run ufw sh -c 'iptables -P INPUT ACCEPT; iptables -F; iptables -X'
else
	diag 'no iptables to compare with'
fi

ufw_rules() { # what `ufw allow` would have written, 499 times
	local i

	for ((i = 0; i < 499; i++)); do
		port=$((10000 + i)) net=192.0.$((i % 250)).0/24
		echo "### tuple ### allow tcp $port 0.0.0.0/0 any $net" \
			"in_eth$((i % 3))"
		echo "-A ufw-user-input -i eth$((i % 3)) -p tcp --dport $port" \
			"-s $net -j ACCEPT"
		echo
	done
}

if command -v ufw >/dev/null; then
	net_own_etc ufw
	in_ufw() { net_run_etc ufw sh -c "$1" >"$tmp/out" 2>&1; }
	in_ufw 'sed -i s/^IPV6=.*/IPV6=no/ /etc/default/ufw
		ufw --force reset; ufw allow 22/tcp; ufw --force enable'
	ufw_rules >"$tmp/ufw"
	in_ufw "sed -i '/^### END RULES/{
		r $tmp/ufw
		N
	}' /etc/ufw/user.rules; ufw reload"
	under_streams 10.2.0.1 1 peer_ufw
	figures 'ufw reload' 1
	diag "ufw's rules: $(net_run ufw iptables -S ufw-user-input | wc -l)"
else
	diag 'no ufw to compare with'
fi
done_testing
