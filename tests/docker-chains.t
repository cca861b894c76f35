#!/bin/bash
# docker-chains: the page's chains, with iptables-nft as the oracle, and the
# same in the table of our own.
set -u
# shellcheck source=tests/lib/chains.sh
. tests/lib/chains.sh

page() { # what people write by hand
	local ipt=iptables-nft chain stage=DOCKER-ISOLATION-STAGE
	local known='-m conntrack --ctstate RELATED,ESTABLISHED'

	for chain in DOCKER DOCKER-ISOLATION-STAGE-1 \
		DOCKER-ISOLATION-STAGE-2 DOCKER-USER; do
		echo "$ipt -N $chain"
	done
	cat <<-EOT
		$ipt -A FORWARD -j DOCKER-USER
		$ipt -A FORWARD -j DOCKER-ISOLATION-STAGE-1
		$ipt -A FORWARD -o docker0 $known -j ACCEPT
		$ipt -A FORWARD -o docker0 -j DOCKER
		$ipt -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
		$ipt -A FORWARD -i docker0 -o docker0 -j ACCEPT
		$ipt -A $stage-1 -i docker0 ! -o docker0 -j $stage-2
		$ipt -A DOCKER-ISOLATION-STAGE-1 -j RETURN
		$ipt -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
		$ipt -A DOCKER-ISOLATION-STAGE-2 -j RETURN
		$ipt -A DOCKER-USER -j RETURN
		$ipt -t nat -A POSTROUTING ! -o docker0 -s 172.17.0.0/16 \\
			-j MASQUERADE
	EOT
}

save() {
	on iptables-nft-save 2>/dev/null | grep -v '^#'
}

forwarding() {
	on cat /proc/sys/net/ipv4/ip_forward
}

# The oracle.
page >"$tmp/page"
on sh -e "$tmp/page"
want=$(save)
rules=$(on nft list ruleset)
chains --iptables
is "$status$out" 0 'after the page'
is "$(on nft list ruleset)" "$rules" 'nothing is left to do'

fresh
echo 0 | on tee /proc/sys/net/ipv4/ip_forward >/dev/null
chains --iptables
is "$status$out" 0 'docker-chains --iptables'
is "$(save)" "$want" 'iptables-save is that of the page, rule for rule'
is "$(forwarding)" 1 'forwarding is on'
handles=$(on nft -a list ruleset)
chains --iptables
is "$(on nft -a list ruleset)" "$handles" 'twice is as once, to the handles'
like "$(on iptables-nft -L FORWARD -n)" 'ctstate RELATED,ESTABLISHED' \
	'iptables lists its own matches'

# Each rule can be taken away by iptables, and comes back in its place.
while read -r rule; do
	table=filter
	[[ $rule == *MASQUERADE ]] && table=nat
	# shellcheck disable=SC2086
	on iptables-nft -t "$table" -D ${rule#-A }
	ok $? "iptables -D ${rule#-A }"
	[[ $rule == *'DOCKER-USER -j RETURN' ]] && continue # that is the user's
	chains --iptables
	is "$(save | sort)" "$(sort <<<"$want")" 'and it comes back'
	is "$(save | grep FORWARD)" "$(grep FORWARD <<<"$want")" 'in order'
done < <(grep '^-A' <<<"$want" | grep -v 'DOCKER-USER -j RETURN'
	echo '-A DOCKER-USER -j RETURN')
chains --iptables
unlike "$(save)" 'A DOCKER-USER -j RETURN' "DOCKER-USER is the user's own"

# The rules of others stay where they are.
fresh
on iptables-nft -A FORWARD -s 10.9.9.9 -j DROP
on iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT
on iptables-nft -P INPUT DROP
on iptables-nft -t nat -A PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 80
others=$(save)
chains --iptables
is "$(save | grep -v DOCKER | grep -v docker0 )" "$others" \
	'rules and policies of others stay'
on iptables-nft -A DOCKER-USER -s 10.8.8.8 -j DROP
chains --iptables
like "$(save)" 'DOCKER-USER -s 10.8.8.8/32 -j DROP' "the user's rule survives"
chains --iptables --delete
is "$status$out" 0 '--delete'
is "$(save | grep -v 'DOCKER-USER')" "$others" 'leaves those of others'
like "$(save)" 'DOCKER-USER -s 10.8.8.8/32 -j DROP' "and the user's"
on iptables-nft -F DOCKER-USER
chains --iptables --delete
is "$(save)" "$others" 'without rules of the user the chain goes too'
fresh
chains --iptables
chains --iptables --delete
is "$(on nft list ruleset)" '' '--delete leaves no trace'
chains --iptables --delete
is "$status$out" 0 'twice'

# What is gone takes its rules along, and no others.
on iptables-nft -A FORWARD -o br-old -j DROP
chains --iptables -b docker0 -s 172.17.0.0/16
chains --iptables -b docker0 -s 172.17.0.0/16 -b br1 -s 10.77.0.0/24
like "$(save)" '-s 10.77.0.0/24 ! -o br1 -j MASQUERADE' 'a second network'
chains --iptables -b docker0 -s 172.17.0.0/16
unlike "$(save)" 'br1' 'gone: its rules too'
like "$(save)" '-A FORWARD -o br-old -j DROP' "... and not others'"
like "$(save)" '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE' '... nor the first'
fresh

# Another bridge and subnet; -n for iptables-restore.
chains --iptables -b br0 -s 10.55.0.0/17
like "$(save)" 'POSTROUTING -s 10.55.0.0/17 ! -o br0 -j MASQUERADE' '-b and -s'
fresh
chains --iptables -n
is "$(on nft list ruleset)" '' '-n changes nothing'
on iptables-nft-restore --noflush <"$tmp/out"
is "$(save)" "$want" 'its script for iptables-restore makes the same'

# The table of our own.
fresh
chains
is "$status$out" 0 'docker-chains'
native=$(on nft list ruleset)
like "$native" 'ip saddr 172.17.0.0/16 masquerade' 'it masquerades'
chains
is "$(on nft list ruleset)" "$native" 'twice is as once'
chains -n
fresh
on nft -f "$tmp/out"
is "$(on nft list ruleset)" "$native" 'nft -f of -n makes the same ruleset'
on nft add rule inet fwbox DOCKER-USER ip saddr 10.7.7.7 drop
chains
on "$fwbox" fw-init ssh
like "$(on nft list ruleset)" 'ip saddr 10.7.7.7 drop' \
	'DOCKER-USER survives docker-chains and fw-init'
like "$(on nft list ruleset)" 'tcp dport 22 accept' 'beside the firewall'
on "$fwbox" fw-stop 2>/dev/null
chains --delete
is "$out" 'docker-chains: DOCKER-USER stays: it has rules of yours' '--delete'
on nft flush chain inet fwbox DOCKER-USER
chains --delete
is "$(on nft list ruleset)" '' 'leaves nothing'
on "$fwbox" fw-init
state=$(on nft list ruleset)
chains
chains --delete
is "$(on nft list ruleset)" "$state" "and of the firewall's nothing is lost"

# Wrong words.
chains -b 0123456789abcdef
like "$status: $out" "^2: docker-chains: bad bridge '0123456789abcdef': must" \
	'a bridge name of 16 bytes'
chains -s 172.17.0.0/33
is "$status" 2 'a subnet that is none'
chains -b br0 -b br0
is "$status" 2 'a bridge twice'
chains word
is "$status" 2 'a word too many'
is "$(on nft list ruleset)" "$state" 'change nothing'
done_testing
