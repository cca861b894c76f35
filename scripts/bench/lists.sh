# shellcheck shell=bash disable=SC2154 # tmp
# The same lists of rules in each one's words, as files in $tmp: rules.N for
# fwbox, linear.N and set.N for nft, restore.N for iptables-restore, ufw.N for
# ufw.  N is their number, or `blocklist`: 100,000 networks to drop.

numbered() { # [networks] N FORMAT: that many lines, see numbered.py
	python3 scripts/bench/numbered.py "$@"
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
	local part=$tmp/part n=blocklist count=100000

	numbered networks $count %n >"$tmp/blocklist"
	echo "deny from @$tmp/blocklist" >"$tmp/rules.$n"
	numbered networks $count 'ip saddr %n drop' >"$part"
	nft_list '' "$part" >"$tmp/linear.$n"
	echo 'ip saddr @blocked drop' >"$part"
	nft_list "set blocked { type ipv4_addr; flags interval; elements = {
		$(numbered networks $count %n,) } }" "$part" >"$tmp/set.$n"
	numbered networks $count '-A INPUT -s %n -j DROP' >"$part"
	restore_list "$part" >"$tmp/restore.$n"
}

takes_blocklists() { # does this fwbox?
	"$tmp/bin/fw-init" -n -r "$tmp/rules.blocklist" >/dev/null 2>&1
}
