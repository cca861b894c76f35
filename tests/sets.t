#!/bin/bash
# Neighbouring rules that do the same become one lookup; nothing else does.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
gathered=$tmp/all.nft

compiled() { # the rules of standard input as the kernel's of that chain
	cat >"$tmp/rules"
	"$fwbox" fw-init -n -r "$tmp/rules" >"$tmp/out" 2>&1 || cat "$tmp/out"
	cat "$tmp/out" >>"$gathered"
	sed -n "s/^add rule inet fwbox ${1:-incoming} //p" "$tmp/out"
}

# NAME, then on standard input rules, an empty line, and what they are: lines
# that may be broken by a backslash.
becomes() {
	local rules='' line want

	while IFS= read -r line && [[ -n $line ]]; do
		rules+=$line$'\n'
	done
	want=$(sed ':a; /\\$/ { N; s/\\\n[ \t]*//; ba }')
	is "$(compiled <<<"$rules")" "$want" "$1"
}

becomes 'ports' <<-'EOT'
	allow ssh
	allow http
	allow 443/tcp

	tcp dport { 22, 80, 443 } accept
EOT
becomes 'ports and ranges' <<-'EOT'
	deny 53/udp
	deny 60:70,68/udp
	deny 71/udp

	udp dport { 53, 60-71 } drop
EOT
becomes 'profiles' <<-'EOT'
	allow OpenSSH
	allow 'WWW Full'

	tcp dport { 22, 80, 443 } accept
EOT
becomes 'networks, of each family by itself' <<-'EOT'
	deny from 10.0.0.0/8
	deny from 2001:db8::/32
	deny from 10.1.2.3
	deny from 192.0.2.1
	deny from 2001:db8:1::1

	ip saddr { 10.0.0.0/8, 192.0.2.1 } drop
	ip6 saddr 2001:db8::/32 drop
EOT
becomes 'addresses, without an interval set' <<-'EOT'
	allow to 192.0.2.1
	allow to 192.0.2.2

	ip daddr { 192.0.2.1, 192.0.2.2 } accept
EOT
becomes 'pairs of single values' <<-'EOT'
	allow from 192.0.2.1 to any port 22 proto tcp
	allow from 192.0.2.2 to any port 23 proto tcp

	ip saddr . tcp dport { 192.0.2.1 . 22, 192.0.2.2 . 23 } accept
EOT
becomes 'all four' <<-'EOT'
	allow from 2001:db8::1 port 1 to 2001:db8::2 port 2 proto udp
	allow from 2001:db8::3 port 3 to 2001:db8::4 port 4 proto udp

	ip6 saddr . ip6 daddr . udp sport . udp dport { \
		2001:db8::1 . 2001:db8::2 . 1 . 2, \
		2001:db8::3 . 2001:db8::4 . 3 . 4 } accept
EOT
becomes 'no pairs with a network or range' <<-'EOT'
	allow from 192.0.2.0/24 to any port 22 proto tcp
	allow from 192.0.2.2 to any port 23:24 proto tcp

	ip saddr 192.0.2.0/24 tcp dport 22 accept
	ip saddr 192.0.2.2 tcp dport 23-24 accept
EOT
becomes 'networks for one port, ports for one network' <<-'EOT'
	allow from 192.0.2.0/24 to any port 22 proto tcp
	deny from 198.51.100.7 to any port 22 proto tcp
	deny from 203.0.113.0/24 to any port 1:1000 proto udp
	allow from 203.0.113.0/24 to any port 53,123 proto udp

	tcp dport 22 ip saddr vmap { 192.0.2.0/24 : accept, \
		198.51.100.7 : drop }
	ip saddr 203.0.113.0/24 udp dport 1-1000 drop
EOT
becomes 'but not where both differ' <<-'EOT'
	allow from 192.0.2.0/24 to any port 22 proto tcp
	allow from 198.51.100.0/24 to any port 22 proto tcp
	allow from 198.51.100.0/24 to any port 23 proto tcp
	allow from 198.51.100.0/24 to any port 24:30 proto tcp

	tcp dport 22 ip saddr { 192.0.2.0/24, 198.51.100.0/24 } accept
	ip saddr 198.51.100.0/24 tcp dport { 23-30 } accept
EOT
becomes 'three the same, one not' <<-'EOT'
	allow from 10.0.0.0/8 port 1 to 192.0.2.1 port 2 proto tcp
	allow from 10.0.0.0/8 port 1 to 192.0.2.0/25 port 2 proto tcp
	deny from 10.0.0.0/8 port 1 to 192.0.2.129 port 2 proto tcp

	ip saddr 10.0.0.0/8 tcp sport 1 tcp dport 2 ip daddr vmap { \
		192.0.2.0/25 : accept, 192.0.2.129 : drop }
EOT
becomes 'a profile for both protocols' <<-'EOT'
	allow from 10.0.0.0/8 to any app DNS
	allow from 192.0.2.0/24 to any app DNS

	meta l4proto { 6, 17 } th dport 53 ip saddr { 10.0.0.0/8, \
		192.0.2.0/24 } accept
EOT
becomes 'others of the same verdict in between' <<-'EOT'
	allow 22/tcp
	allow from 192.0.2.0/24
	allow in on eth0
	allow 23/tcp
	allow from 198.51.100.0/24

	tcp dport { 22, 23 } accept
	ip saddr { 192.0.2.0/24, 198.51.100.0/24 } accept
	iifname "eth0" accept
EOT
becomes 'but none of another that a packet may fit, too' <<-'EOT'
	allow 22/tcp
	deny from 192.0.2.0/24
	allow 23/tcp

	tcp dport 22 accept
	ip saddr 192.0.2.0/24 drop
	tcp dport 23 accept
EOT
becomes 'past another that no packet fits, too' <<-'EOT'
	allow 22/tcp
	deny 53/udp
	allow 23/tcp
	deny 54/udp
	allow from 192.0.2.0/24
	deny from 2001:db8::/32
	allow from 198.51.100.0/24
	allow in on eth0 to any port 25 proto tcp
	deny in on eth1
	allow in on eth0 to any port 26 proto tcp

	tcp dport { 22, 23 } accept
	udp dport { 53, 54 } drop
	ip saddr { 192.0.2.0/24, 198.51.100.0/24 } accept
	ip6 saddr 2001:db8::/32 drop
	iifname "eth0" tcp dport { 25, 26 } accept
	iifname "eth1" drop
EOT
becomes 'verdicts in turn' <<-'EOT'
	allow 22/tcp
	deny 23/tcp
	allow 24/tcp comment 'this too'
	reject 25/tcp

	tcp dport vmap { 22 : accept, 23 : drop, 24 : accept, \
		25 : goto rejected }
EOT
becomes 'networks in turn' <<-'EOT'
	allow from 10.1.0.0/16
	deny from 10.0.0.0/8
	reject from 10.1.2.3
	reject from 192.0.2.1

	ip saddr vmap { 10.0.0.0/16 : drop, 10.1.0.0/16 : accept, \
		10.2.0.0-10.255.255.255 : drop, 192.0.2.1 : goto unreachable }
EOT
becomes 'the first of those that overlap' <<-'EOT'
	allow 10:20/tcp
	deny 15:30/tcp
	allow 1:100/tcp
	deny 22/tcp
	reject 65535/tcp
	reject 65000:65535/tcp

	tcp dport vmap { 1-20 : accept, 21-30 : drop, 31-100 : accept, \
		65000-65535 : goto rejected }
EOT
becomes 'both protocols and one' <<-'EOT'
	allow 22
	deny 23/tcp
	allow 24
	deny 53/udp

	tcp dport vmap { 22 : accept, 23 : drop, 24 : accept }
	udp dport vmap { 22 : accept, 24 : accept, 53 : drop }
EOT
becomes 'pairs in turn' <<-'EOT'
	allow from 192.0.2.2 to any port 22 proto tcp
	deny from 192.0.2.1 to any port 22 proto tcp
	deny from 192.0.2.2 to any port 22 proto tcp

	ip saddr . tcp dport vmap { 192.0.2.1 . 22 : drop, \
		192.0.2.2 . 22 : accept }
EOT
becomes 'what adds nothing' <<-'EOT'
	allow 22
	allow 22 comment again
	deny 22
	allow from 10.0.0.0/8
	deny from 10.1.0.0/16
	deny from 10.0.0.1

	meta l4proto { 6, 17 } th dport 22 accept
	ip saddr 10.0.0.0/8 accept
EOT
becomes 'interfaces apart' <<-'EOT'
	allow in on eth0 to any port 22 proto tcp
	allow in on eth1 to any port 22 proto tcp
	allow in on eth0 to any port 23 proto tcp

	iifname "eth0" tcp dport { 22, 23 } accept
	iifname "eth1" tcp dport 22 accept
EOT
becomes 'one way to reject at a time' <<-'EOT'
	reject 22/tcp
	reject 23/tcp
	reject from 192.0.2.1
	reject 24/tcp

	tcp dport { 22, 23 } goto rejected
	ip saddr 192.0.2.1 goto unreachable
	tcp dport 24 goto rejected
EOT
becomes 'both ways of one rule' <<-'EOT'
	reject 22
	reject 23

	meta l4proto { 6, 17 } th dport { 22, 23 } goto rejected
EOT
becomes 'a log and a limit alone, where they are' <<-'EOT'
	allow 21/tcp
	allow log 22/tcp
	allow 23/tcp
	limit 24/tcp
	limit 25/tcp
	allow 26/tcp

	tcp dport 21 accept
	tcp dport 22 ct state new limit rate 3/minute burst 10 packets \
		log prefix "[FWBOX ALLOW] "
	tcp dport 22 accept
	tcp dport 23 accept
	tcp dport 24 ct state new jump rate-limit
	tcp dport 24 accept
	tcp dport 25 ct state new jump rate-limit
	tcp dport 25 accept
	tcp dport 26 accept
EOT
becomes 'without logging a log is none' <<-'EOT'
	logging off
	allow log 22/tcp
	allow 23/tcp

	tcp dport { 22, 23 } accept
EOT

for i in {1..40}; do
	echo "allow in on if$i to any port 1 proto tcp"
done >"$tmp/many"
is "$(compiled <"$tmp/many" | wc -l)" 40 'more groups than there is room for'
for i in {1..40}; do
	echo "allow in on if$i to any port 2 proto tcp"
done >>"$tmp/many"
is "$(compiled <"$tmp/many" | grep -o 'if[0-9]*" tcp dport [12{]' | sort -u |
	wc -l)" 80 'none is lost'

for i in {1..16}; do
	((i % 4)) && verdict=allow || verdict=deny
	echo "$verdict from 10.$i.0.0/16 to any port $i:$((2 * i)) proto tcp"
done >"$tmp/boxes"
like "$(compiled <"$tmp/boxes")" '\} tcp dport \. ip saddr vmap '\
'\{ 1-2 \. 10.1.0.0/16 : accept, .*, 16-32 \. 10.16.0.0/16 : drop \}$' \
	'networks with ports, when they are many'
is "$(head -n 15 "$tmp/boxes" | compiled | wc -l)" 15 \
	'but not when they are few'
is "$(setarch --uname-2.6 "$fwbox" fw-init -n -r "$tmp/boxes" |
	grep -c '^add rule inet fwbox incoming ')" 16 \
	'nor on a kernel before 5.6'
{
	cat "$tmp/boxes"
	echo 'deny from 10.1.2.0/24 to any port 2 proto tcp'
	echo 'deny from 10.1.2.0/24 to any port 2:3 proto tcp'
} >"$tmp/meeting"
is "$(compiled <"$tmp/meeting" | tail -n +2)" \
	'ip saddr 10.1.2.0/24 tcp dport 2-3 drop' \
	'one within an earlier one is none, one that meets it stands apart'
sed 's/:.* proto tcp//' "$tmp/boxes" >"$tmp/both"
like "$(compiled <"$tmp/both")" \
	'meta l4proto \{ 6, 17 \} .*\} th dport \. ip saddr vmap' \
	'for both protocols'

networks() { # N FORMAT [VERDICT]: of each number up to N, twice
	local i

	for ((i = 1; i <= $1; i++)); do
		# shellcheck disable=SC2059 # a format
		printf "${3:-deny} from $2\\n" "$((2 * i))" "$((2 * i))"
	done
}
like "$(networks 16 10.%d.%d.0/24 | compiled)" \
	'^ip saddr & 255\.255\.255\.0 \{ 10\.2\.2\.0, .*, 10\.32\.32\.0 \} '\
'ip saddr \{ 10\.2\.2\.0/24, .*, 10\.32\.32\.0/24 \} drop$' \
	'before many networks: is there any near?'
is "$(networks 15 10.%d.%d.0/24 | compiled | cut -d'{' -f1)" 'ip saddr ' \
	'not before a few'
is "$(networks 100 10.%d.%d.0/16 | compiled | cut -d'{' -f1)" \
	'ip saddr & 255.255.0.0 ' 'larger ones by fewer bits'
is "$(networks 100 %d.%d.0.0/10 | compiled | cut -d'{' -f1)" 'ip saddr ' \
	'and not before those that are everywhere'
is "$({
	networks 100 %d.%d.0.1
	printf 'deny from %s\n' 0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 172.16.0.0/12
} | compiled | cut -d'{' -f1)" 'ip saddr & 255.255.0.0 ' 'some may be wide'
is "$(networks 100 2001:db8:%x:%x00::/64 | compiled | cut -d'{' -f1)" \
	'ip6 saddr & ffff:ffff:ffff:ff00:: ' 'of IPv6 too'
is "$(networks 100 2001:%x:%x::/33 | compiled | cut -d'{' -f1)" \
	'ip6 saddr & ffff:ffff:: ' 'larger ones too'
is "$({
	networks 40 10.%d.%d.0/24 allow
	echo deny from 10.2.0.0/23
} | compiled | cut -d'{' -f1,3 | sed 's/, .*//')" \
	'ip saddr & 255.255.255.0 { 10.2.0.0/23 : drop' 'before a map'
networks 20 198.51.%d.%d >"$tmp/addresses"
is "$(compiled <"$tmp/addresses" | cut -d'{' -f1)" 'ip saddr ' \
	'not before a hash'
sed -i 's/.* //' "$tmp/addresses"
echo "limit from @$tmp/addresses" >"$tmp/listed"
is "$(compiled <"$tmp/listed" | grep -c '^ip saddr & 255\.255\.255\.0 {')" 2 \
	'and before a file'
is "$(compiled <"$tmp/boxes" | cut -d'{' -f1,2 | sed 's/{.*}/.../')" \
	'ip saddr & 255.255.0.0 ... tcp dport . ip saddr vmap ' \
	'and networks with ports'

printf 'route %s\n' 'allow from 192.0.2.1' 'allow from 192.0.2.2' \
	>"$tmp/routed"
for ((i = 1; i < 60000; i += 2)); do
	echo "allow $i/tcp"
done >"$tmp/odd"
is "$(compiled <"$tmp/odd" | grep -o '[0-9]\+ : accept' | wc -l)" 30000 \
	'tens of thousands of ports, in a hash: a map'
like "$(head -n 2000 "$tmp/odd" | compiled)" \
	'^tcp dport \{ 1, 3, .*\} accept$' \
	'and not so many in a bitmap: a set'

is "$(compiled routed <"$tmp/routed")" \
	'ip saddr { 192.0.2.1, 192.0.2.2 } accept' 'routed ones too'

if command -v nft >/dev/null && unshare --net true 2>/dev/null; then
	unshare --net nft -c -f "$gathered" 2>"$tmp/err"
	ok $? 'nft takes them all' || diag "$(<"$tmp/err")"
else
	skip 'needs nft and network namespaces' 'nft takes them all'
fi
done_testing
