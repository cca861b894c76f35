# shellcheck shell=bash disable=SC2154 # tmp
# Loading lists of many rules into an empty kernel.
# shellcheck source=scripts/bench/lists.sh
. scripts/bench/lists.sh

load_fwbox() { # CASE N
	if [[ $2 == blocklist ]] && ! takes_blocklists; then
		absent "$1" fwbox
		return
	fi
	contestant "$1" fwbox load
	prepare nft flush ruleset
	run "$tmp/bin/fw-init" -r "$tmp/rules.$2"
}

load_peers() { # CASE N
	contestant "$1" 'nft -f, a set' load
	prepare nft flush ruleset
	run nft -f "$tmp/set.$2"
	contestant "$1" 'nft -f' load
	prepare nft flush ruleset
	run nft -f "$tmp/linear.$2"
	contestant "$1" iptables-restore load
	prepare nft flush ruleset
	run iptables-restore "$tmp/restore.$2"
}

load_ufw() { # CASE N
	contestant "$1" ufw load
	prepare nft flush ruleset
	prepare cp -a "$tmp/ufw.fresh/." /etc/ufw
	prepare cp "$tmp/ufw.$2" /etc/ufw/user.rules
	run ufw --force enable
}

bench_load() {
	local n rounds case

	begin
	net_new load
	# Connection tracking's first rule in a namespace takes 40 ms.
	make_lists 10
	net_run load nft -f "$tmp/linear.10"
	for n in 10:7 1000:5 10000:5 100000:2; do
		rounds=${n#*:} n=${n%:*}
		case="$n rules"
		make_lists "$n"
		load_fwbox "$case" "$n"
		load_peers "$case" "$n"
		[[ $n -gt 1000 ]] || load_ufw "$case" "$n"
		race "$rounds"
		[[ $n -le 1000 ]] || absent "$case" ufw
	done
	make_blocklist
	load_fwbox 'blocklist' blocklist
	load_peers 'blocklist' blocklist
	race 2
	report load 'Loading rules; the blocklist is of 100,000 networks'
	plot load
}
