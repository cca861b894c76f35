# shellcheck shell=bash disable=SC2154 # tmp, tools
# Adding one rule to many, each contestant in a namespace that has its list.
# The limit is the least program sending nft's batch of one rule.
# shellcheck source=scripts/bench/lists.sh
. scripts/bench/lists.sh

add_space() { # NAME COMMAND...: a namespace, loaded by the command
	net_new "$1"
	net_run "$@" >>"$log" 2>&1 || die "$(tail -n 5 "$log")"
}

add_fwbox() { # CASE N
	if [[ $2 == blocklist ]] && ! takes_blocklists; then
		absent "$1" fwbox
		return
	fi
	add_space "add-$2" "$tmp/bin/fw-init" -r "$tmp/rules.$2"
	contestant "$1" fwbox "add-$2"
	run "$tmp/bin/fw-allow" -r "$tmp/rules.$2" %N/tcp
}

add_limit() { # CASE N: in nft's namespace
	local batch=$tmp/batch.add.$2

	net_run "nft-$2" python3 scripts/bench/capture.py "$batch" \
		nft add rule inet byhand input tcp dport 20000 accept >/dev/null
	contestant "$1" limit "nft-$2"
	run "$tools/replay" "$batch.0"
}

add_peers() { # CASE N
	add_space "nft-$2" nft -f "$tmp/linear.$2"
	add_limit "$1" "$2"
	contestant "$1" nft "nft-$2"
	run nft add rule inet byhand input tcp dport %N accept
	add_space "set-$2" nft -f "$tmp/set.$2"
	contestant "$1" 'nft, a set' "set-$2"
	if [[ $2 == blocklist ]]; then
		run nft add rule inet byhand input tcp dport %N accept
	else
		run nft add element inet byhand allowed '{ 11.0.0.1 . %N }'
	fi
	add_space "ipt-$2" iptables-restore "$tmp/restore.$2"
	contestant "$1" iptables "ipt-$2"
	run iptables -A INPUT -p tcp --dport %N -j ACCEPT
}

add_ufw() { # CASE N
	cp -a "$tmp/ufw.fresh/." /etc/ufw
	cp "$tmp/ufw.$2" /etc/ufw/user.rules
	add_space "ufw-$2" ufw --force enable
	contestant "$1" ufw "ufw-$2"
	run ufw allow %N/tcp
}

bench_add() {
	local n rounds case

	begin
	for n in 10:9 1000:9 10000:5 100000:3 blocklist:3; do
		rounds=${n#*:} n=${n%:*}
		case="to $n rules"
		if [[ $n == blocklist ]]; then
			case='to the blocklist'
			make_blocklist
		else
			make_lists "$n"
		fi
		add_fwbox "$case" "$n"
		add_peers "$case" "$n"
		[[ $n == blocklist || $n -gt 1000 ]] || add_ufw "$case" "$n"
		race "$rounds"
	done
	report add 'Adding one rule; the blocklist is of 100,000 networks'
	plot add
}
