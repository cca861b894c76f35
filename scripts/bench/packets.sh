# shellcheck shell=bash disable=SC2154 # tmp, tools
# What a packet pays: UDP through a veth pair to each contestant's namespace,
# with N rules that let in other ports before the one of the open port (40000).
# Bare is a path without a firewall; for the closed port, a chain that does
# nothing but drop.  The open flow is never answered: each packet is a new one.
# shellcheck source=scripts/bench/lists.sh
. scripts/bench/lists.sh

open_port=40000
targets=0

target() { # CASE NAME FLOWS COMMAND...: a namespace, loaded by the command
	local name=target-$targets address=10.9.$targets

	net_new "$name"
	net_run "$name" "${@:4}" >>"$log" 2>&1 || die "$(tail -n 5 "$log")"
	net_link source "v$targets" "$name" eth0
	net_address source "v$targets" "$address.1/24"
	net_address "$name" eth0 "$address.2/24"
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$(net_of "$name")" \
		"$address.2" "$3" >>"$tmp/targets"
	targets=$((targets + 1))
}

port_lists() { # N: as make_lists, of UDP ports, none beside another
	local part=$tmp/part n=$1

	{
		numbered "$n" 'allow %u/udp'
		echo "allow $open_port/udp"
	} >"$tmp/rules.$n"
	{
		numbered "$n" 'udp dport %u accept'
		echo "udp dport $open_port accept"
	} >"$part"
	nft_list '' "$part" >"$tmp/linear.$n"
	echo 'udp dport @allowed accept' >"$part"
	nft_list "set allowed { type inet_service; elements = {
		$(numbered "$n" '%u,') $open_port } }" "$part" >"$tmp/set.$n"
	{
		numbered "$n" '-A INPUT -p udp -m udp --dport %u -j ACCEPT'
		echo "-A INPUT -p udp -m udp --dport $open_port -j ACCEPT"
	} >"$part"
	restore_list "$part" >"$tmp/restore.$n"
	numbered "$n" "
### tuple ### allow udp %u 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p udp --dport %u -j ACCEPT" >"$part"
	cat >>"$part" <<-EOT

		### tuple ### allow udp $open_port 0.0.0.0/0 any 0.0.0.0/0 in
		-A ufw-user-input -p udp --dport $open_port -j ACCEPT
	EOT
	ufw_list "$part" >"$tmp/ufw.$n"
}

alternating_lists() { # 1,000 ports let in and refused in turn
	local part=$tmp/part n=alternating

	{
		numbered 1000 'allow %u/udp' 'deny %u/udp'
		echo "allow $open_port/udp"
	} >"$tmp/rules.$n"
	{
		numbered 1000 'udp dport %u accept' 'udp dport %u drop'
		echo "udp dport $open_port accept"
	} >"$part"
	nft_list '' "$part" >"$tmp/linear.$n"
	echo 'udp dport vmap @judged' >"$part"
	nft_list "map judged { type inet_service : verdict; elements = {
		$(numbered 1000 '%u : accept,' '%u : drop,')
		$open_port : accept } }" "$part" >"$tmp/set.$n"
	{
		numbered 1000 '-A INPUT -p udp -m udp --dport %u -j ACCEPT' \
			'-A INPUT -p udp -m udp --dport %u -j DROP'
		echo "-A INPUT -p udp -m udp --dport $open_port -j ACCEPT"
	} >"$part"
	restore_list "$part" >"$tmp/restore.$n"
}

boxed_lists() { # N: networks, each let in to ports of its own
	local part=$tmp/part n=boxes-$1

	{
		numbered networks "$1" \
			'allow from %n to any port %f:%l proto udp'
		echo "allow $open_port/udp"
	} >"$tmp/rules.$n"
	{
		numbered networks "$1" 'ip saddr %n udp dport %f-%l accept'
		echo "udp dport $open_port accept"
	} >"$part"
	nft_list '' "$part" >"$tmp/linear.$n"
	{
		echo 'ip saddr . udp dport @allowed accept'
		echo "udp dport $open_port accept"
	} >"$part"
	nft_list "set allowed { type ipv4_addr . inet_service; flags interval
		elements = { $(numbered networks "$1" '%n . %f-%l,') } }" \
		"$part" >"$tmp/set.$n"
	{
		numbered networks "$1" \
			'-A INPUT -s %n -p udp -m udp --dport %f:%l -j ACCEPT'
		echo "-A INPUT -p udp -m udp --dport $open_port -j ACCEPT"
	} >"$part"
	restore_list "$part" >"$tmp/restore.$n"
}

port_blocklist() { # and the open port behind it
	make_blocklist
	echo "allow $open_port/udp" >>"$tmp/rules.blocklist"
	sed -i "s/^ip saddr @blocked drop/&\nudp dport $open_port accept/" \
		"$tmp/set.blocklist"
	sed -i "s/^COMMIT/-A INPUT -p udp --dport $open_port -j ACCEPT\n&/" \
		"$tmp/restore.blocklist"
}

packet_targets() { # CASE N
	target "$1" fwbox coe "$tmp/bin/fw-init" -r "$tmp/rules.$2"
	target "$1" 'nft, a set' coe nft -f "$tmp/set.$2"
	if [[ $2 != blocklist ]]; then
		target "$1" nft coe nft -f "$tmp/linear.$2"
	fi
	target "$1" iptables-nft coe iptables-nft-restore "$tmp/restore.$2"
	if iptables-legacy -S >/dev/null 2>&1; then
		target "$1" iptables-legacy coe \
			iptables-legacy-restore "$tmp/restore.$2"
	fi
	if [[ $2 =~ ^[0-9]+$ && $2 -le 1000 ]]; then
		cp -a "$tmp/ufw.fresh/." /etc/ufw
		cp "$tmp/ufw.$2" /etc/ufw/user.rules
		target "$1" ufw coe ufw --force enable
	fi
}

bench_packets() {
	local n

	begin
	: >"$tmp/targets"
	net_new source
	target bare 'no firewall' oe true
	target bare 'no firewall' c nft 'table ip bare { chain closed {
		type filter hook prerouting priority -300; policy drop; }; }'
	for n in 0 10 1000 10000; do
		port_lists "$n"
		packet_targets "$n rules" "$n"
	done
	alternating_lists
	packet_targets '1000 in turn' alternating
	boxed_lists 1000
	packet_targets '1000 networks' boxes-1000
	port_blocklist
	packet_targets 'the blocklist' blocklist
	# The same where the packets come from beside a network of it.
	echo 10.9.255.0/24 >>"$tmp/blocklist"
	target 'one near it' fwbox coe "$tmp/bin/fw-init" \
		-r "$tmp/rules.blocklist"
	"$tools/send" "${ROUNDS:-9}" "$(net_of source)" <"$tmp/targets" \
		>>"$samples" || die 'cannot measure packets'
	report packets 'Nanoseconds a packet over the bare path' --bare bare
	plot packets closed
}
