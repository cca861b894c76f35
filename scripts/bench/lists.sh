# shellcheck shell=bash disable=SC2154 # tmp
# The same lists of rules in each one's words, as files in $tmp: rules.N for
# fwbox, linear.N and set.N for nft, restore.N for iptables-restore, ufw.N for
# ufw.  N is their number, or `blocklist`: 100,000 networks to drop.

# %a is an address of its own, %u a port of its own, %p one of four.
numbered() { # N FORMAT: that many lines
	awk -v n="$1" -v format="$2" 'BEGIN {
		split("22 80 443 8080", ports, " ")
		for (i = 1; i <= n; i++) {
			line = format
			gsub(/%a/, "10." int(i / 65536) "." \
				int(i / 256) % 256 "." i % 256, line)
			gsub(/%u/, 2001 + 2 * i, line)
			gsub(/%p/, ports[i % 4 + 1], line)
			print line
		}
	}'
}

# Networks of many sizes, none of which touches another.
networks() { # SUFFIX
	awk -v suffix="$1" 'BEGIN {
		for (i = 0; i < 100000; i++)
			print 20 + int(i / 8192) "." int(i / 32) % 256 "." \
				i % 32 * 8 ".0/" 24 + i % 9 suffix
	}'
}

nft_list() { # DECLARATIONS-OF-SETS RULES-FILE: a closed input chain
	printf 'table inet byhand {\n%s\nchain input {\n' "$1"
	echo 'type filter hook input priority 0; policy drop;'
	echo 'ct state established,related accept'
	echo 'iifname "lo" accept'
	cat "$2"
	printf '}\n}\n'
}

restore_list() { # RULES-FILE
	echo '*filter'
	echo ':INPUT DROP [0:0]'
	echo '-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT'
	echo '-A INPUT -i lo -j ACCEPT'
	cat "$1"
	echo COMMIT
}

ufw_list() { # RULES-FILE: ufw's user.rules
	sed "/^### RULES ###/r $1" "$tmp/ufw.fresh/user.rules"
}

make_lists() { # N
	local part=$tmp/part n=$1

	numbered "$n" 'allow from %a to any port %p proto tcp' >"$tmp/rules.$n"
	numbered "$n" 'ip saddr %a tcp dport %p accept' >"$part"
	nft_list '' "$part" >"$tmp/linear.$n"
	echo 'ip saddr . tcp dport @allowed accept' >"$part"
	nft_list "set allowed { type ipv4_addr . inet_service; elements = {
		$(numbered "$n" '%a . %p,') } }" "$part" >"$tmp/set.$n"
	numbered "$n" '-A INPUT -s %a/32 -p tcp -m tcp --dport %p -j ACCEPT' \
		>"$part"
	restore_list "$part" >"$tmp/restore.$n"
	numbered "$n" "
### tuple ### allow tcp %p 0.0.0.0/0 any %a in
-A ufw-user-input -p tcp --dport %p -s %a -j ACCEPT" >"$part"
	ufw_list "$part" >"$tmp/ufw.$n"
}

make_blocklist() {
	local part=$tmp/part n=blocklist

	networks '' >"$tmp/blocklist"
	echo "deny from @$tmp/blocklist" >"$tmp/rules.$n"
	networks '' | sed 's/.*/ip saddr & drop/' >"$part"
	nft_list '' "$part" >"$tmp/linear.$n"
	echo 'ip saddr @blocked drop' >"$part"
	nft_list "set blocked { type ipv4_addr; flags interval; elements = {
		$(networks ,) } }" "$part" >"$tmp/set.$n"
	networks '' | sed 's/.*/-A INPUT -s & -j DROP/' >"$part"
	restore_list "$part" >"$tmp/restore.$n"
}

takes_blocklists() { # does this fwbox?
	"$tmp/bin/fw-init" -n -r "$tmp/rules.blocklist" >/dev/null 2>&1
}
