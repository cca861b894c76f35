#!/bin/bash
# fw-status: the table, the JSON, and what it notices.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
for tool in nft jq iconv; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
lists=${STATUS_LISTS:-120}
net_new host peer
net_link host eth0 peer eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64

on() {
	net_run host "$@"
}

status() { # ARGUMENT...
	on "$fwbox" fw-status "$@" >"$tmp/out" 2>&1 </dev/null
	status=$?
	out=$(<"$tmp/out")
	return $status
}

load() {
	on "$fwbox" fw-init --force >"$tmp/out" 2>&1 </dev/null ||
		bail "fw-init: $(<"$tmp/out")"
}

jq_() { # ARGUMENT...: jq over the JSON
	on "$fwbox" fw-status --json 2>&1 | jq -r "$@" 2>&1
}

want() { # NAME: what status prints but for blanks at the end of lines
	is "$(sed 's/ *$//' "$tmp/out")" "$(cat)" "$1"
}

# The tables.
cat >"$FWBOX_RULES" <<'END'
default reject outgoing
logging medium
containers docker0 br-*
counters on
# a comment
allow 22/tcp comment 'ssh'
limit in on eth0 log from 10.0.0.0/8 to any app OpenSSH
allow out 53
deny from 2001:db8::/32 to 2001:db8:1::1 port 80,443,22 proto tcp
  route allow in on eth0 out on eth1 to 10.0.0.2 port 80 proto tcp
deny to ::/0 port 25
allow in on eth0 out eth1
END
status
like "$out" '^Status: inactive' 'not loaded: inactive'
unlike "$out" 'To +Action' '... without a table'
load
status
is "$status" 0 'loaded: exit status 0'
want 'the plain table' <<'END'
Status: active

To                          Action      From
--                          ------      ----
22/tcp                      ALLOW       Anywhere                   # ssh
OpenSSH on eth0             LIMIT       10.0.0.0/8                 (log)
2001:db8:1::1 22,80,443/tcp DENY        2001:db8::/32
25 (v6)                     DENY        Anywhere (v6)
Anywhere on eth0            ALLOW       Anywhere on eth1

53                          ALLOW OUT   Anywhere

10.0.0.2 80/tcp on eth1     ALLOW FWD   Anywhere on eth0

Note: rule 2 (line 7): rule 1 decides before it
Note: rule 7 (line 12): no packet fits it
END
status --numbered
want '--numbered, as fw-delete counts' <<'END'
Status: active

     To                          Action      From
     --                          ------      ----
[ 1] 22/tcp                      ALLOW IN    Anywhere                   # ssh
[ 2] OpenSSH on eth0             LIMIT IN    10.0.0.0/8                 (log)
[ 3] 53                          ALLOW OUT   Anywhere                   (out)
[ 4] 2001:db8:1::1 22,80,443/tcp DENY IN     2001:db8::/32
[ 5] 10.0.0.2 80/tcp on eth1     ALLOW FWD   Anywhere on eth0
[ 6] 25 (v6)                     DENY IN     Anywhere (v6)
[ 7] Anywhere on eth0            ALLOW IN    Anywhere on eth1

Note: rule 2 (line 7): rule 1 decides before it
Note: rule 7 (line 12): no packet fits it
END
status -v
want '-v' <<'END'
Status: active
Logging: on (medium)
Default: deny (incoming), reject (outgoing), deny (routed)
Containers: docker0 br-*

To                          Action      From
--                          ------      ----
22/tcp                      ALLOW IN    Anywhere                   # ssh
22/tcp (OpenSSH) on eth0    LIMIT IN    10.0.0.0/8                 (log)
2001:db8:1::1 22,80,443/tcp DENY IN     2001:db8::/32
25 (v6)                     DENY IN     Anywhere (v6)
Anywhere on eth0            ALLOW IN    Anywhere on eth1

53                          ALLOW OUT   Anywhere

10.0.0.2 80/tcp on eth1     ALLOW FWD   Anywhere on eth0

Note: rule 2 (line 7): rule 1 decides before it
Note: rule 7 (line 12): no packet fits it
END

# Wide names, and more than 99 rules: what is in a column stays in it.
{
	seq -f 'allow %g comment x' 1 110
	echo 'deny from 2001:db8:1234:5678:9abc:def0:1234:5678/126' \
		'to 2001:db8:1234:5678:9abc:def0:1234:5678/126 comment x'
} >"$tmp/wide"
for options in '' -n -v -nv; do
	# shellcheck disable=SC2086
	status -r "$tmp/wide" $options
	grep -E 'ALLOW|DENY' "$tmp/out" | sed 's/[AD][LE].*#/^/; s/[^^]/./g' |
		sort -u >"$tmp/shapes"
	is "$(grep -c . "$tmp/shapes")" 1 "columns stay in line, $options"
done

# Counters.
net_serve host tcp,10.1.0.1,22
net_try peer <<<'tcp 10.1.0.1 22' >/dev/null
status --counters
like "$out" '  Packets  +Bytes  To  ' '--counters: the heads'
like "$out" ' 1 +60  22/tcp  +ALLOW ' '... what a rule let in: one SYN'
like "$out" ' 0 +0  OpenSSH' '... and nothing of another'
is "$(on nft list ruleset | grep -c counter)" 7 'a counter for each'
cp "$FWBOX_RULES" "$tmp/former"
sed -i '/^allow 22/i allow 1' "$FWBOX_RULES"
status --counters
unlike "$out" 'Packets' 'rules that the kernel has not have no counts'
cp "$tmp/former" "$FWBOX_RULES"
on nft add rule inet fwbox incoming tcp dport 99 accept
status --counters
like "$out" ' 1 +60  22/tcp .* not those of ' 'a rule beside them: they stay'
sed -i 's/^counters on/counters off/' "$FWBOX_RULES"
load
status --counters
like "$out" "nothing is counted: a line 'counters on'" 'without: says so'
is "$(on nft list ruleset | grep -c counter)" 0 '... and has none'
is "$(jq_ '.counters, .rules[0].packets')" $'false\nnull' '... nor in the JSON'
sed -i 's/^counters .*/counters maybe/' "$FWBOX_RULES"
status
like "$status: $out" "^1: .*/rules:4:10: .*'maybe'" 'another word is refused'
sed -i 's/^counters .*/counters on/' "$FWBOX_RULES"

# File and kernel.
same() { # NAME
	status
	unlike "$out" 'are not those of' "$1"
}

differs() { # NAME
	status
	like "$out" "Note: the kernel's rules are not those of $FWBOX_RULES;" \
		"$1: the kernel differs from the file"
	load
}

rule_handle() { # CHAIN: of its first rule
	on nft -a list chain inet fwbox "$1" | sed -n 's/.*# handle //p' |
		sed -n 2p
}

load
same 'just loaded: no difference'
is "$(jq_ .differs)" false '... nor in the JSON'
sed -i '1i # a line more' "$FWBOX_RULES"
echo '# and another' >>"$FWBOX_RULES"
same 'comments in the file make no difference'
# shellcheck disable=SC2016 # for sed
for edit in '$a allow 99' 's/^allow out 53/deny out 53/' \
	's/443,22/444,22/' 's/10.0.0.0.8/10.0.0.0\/9/' 's/medium/low/' \
	's/^default reject/default deny/' 's/br-/bridge-/' \
	'/^deny out 53/d'; do
	sed -i "$edit" "$FWBOX_RULES"
	differs "edited by '$edit'"
done
is "$(on "$fwbox" fw-status | grep -c 'are not those')" 0 'loaded again: none'
on nft delete rule inet fwbox incoming handle "$(rule_handle incoming)"
is "$(jq_ .differs)" true 'in the JSON'
differs 'nft delete rule'
on nft add rule inet fwbox incoming tcp dport 99 accept
differs 'nft add rule'
on nft insert rule inet fwbox prerouting tcp dport 99 accept comment x
differs 'nft insert rule'
on nft replace rule inet fwbox routed handle "$(rule_handle routed)" drop
differs 'nft replace rule'
on nft add rule inet fwbox outgoing drop
differs 'nft add rule at the end of what goes out'
on nft flush chain inet fwbox incoming
differs 'nft flush chain'
on nft add chain inet fwbox forward '{ policy accept; }'
differs 'another policy of the chain'
on nft 'add chain inet fwbox mine; add rule inet fwbox mine drop'
status
like "$out" 'are not those of' 'a chain of somebody else in the table'
on nft 'flush chain inet fwbox mine; delete chain inet fwbox mine'
same '... gone'
on "$fwbox" docker-chains --force 2>/dev/null
on nft add rule inet fwbox DOCKER-USER ip saddr 10.9.9.9 drop
same 'docker-chains makes no difference, nor does what the user adds there'
on "$fwbox" docker-chains --delete 2>/dev/null
on nft -a list ruleset >"$tmp/listed" && on nft -j list ruleset >/dev/null
is $? 0 'nft lists it as ever'
unlike "$(<"$tmp/listed")" 'comment' '... with nothing odd in it'
printf '%s\n' 10.2.0.1 10.2.0.2 >"$tmp/bad"
echo "deny from @$tmp/bad" >>"$FWBOX_RULES"
load
same 'with a file of addresses'
echo 10.2.0.9 >>"$tmp/bad"
differs 'that file edited'
if make -s build/nofib/fwbox >"$tmp/log" 2>&1; then
	on build/nofib/fwbox fw-init --force 2>/dev/null
	same 'where the rules stand on input: no difference'
	load
else
	skip 'needs build/nofib/fwbox' 'rules that stand on input'
fi

# Others that drop.
on nft -f - <<'END'
table ip filter {
	chain INPUT { type filter hook input priority 0; policy drop; }
	chain FORWARD { type filter hook forward priority 0; policy drop; }
	chain OUTPUT { type filter hook output priority 0; policy accept; }
	chain mine { }
}
table inet theirs {
	chain pre { type filter hook prerouting priority 0; policy drop; }
}
table inet firewalld {
	chain filter_INPUT { type filter hook input priority 10; }
	chain filter_PREROUTING { type filter hook prerouting priority 10; }
}
table bridge filter {
	chain INPUT { type filter hook input priority 0; policy drop; }
}
END
status
is "$(sed -n 's/^Note: another table also drops: //p' "$tmp/out" | sort)" \
	'inet firewalld, chain filter_INPUT (firewalld)
inet theirs, chain pre (policy drop)
ip filter, chain FORWARD (policy drop)
ip filter, chain INPUT (policy drop)' \
	'what else drops, and why'
is "$(jq_ '.others | map(join(" ")) | sort | .[0], .[2]')" \
	'inet firewalld filter_INPUT firewalld
ip filter FORWARD policy drop' \
	'... in the JSON'
on nft flush ruleset
on nft 'add table ip6 x; add chain ip6 x c {
	type filter hook forward priority 0; policy drop; }'
status
is "$out" 'Status: inactive

Note: another table also drops: ip6 x, chain c (policy drop)
Note: rule 2 (line 8): rule 1 decides before it
Note: rule 6 (line 12): no packet fits it' 'where we are not active'
on nft flush ruleset
# A name that nft would not take: an escape, a newline, quotes, no UTF-8.
on python3 - <<'END'
import socket, struct
NAME = b'a\x1b[31m\n"\\\xff\t'
def attr(kind, data):
    pad = b'\0' * (-len(data) % 4)
    return struct.pack('=HH', len(data) + 4, kind) + data + pad
def msg(kind, flags, body, family=1, res=0):
    body = struct.pack('!BBH', family, 0, res) + body
    return struct.pack('=IHHII', len(body) + 16, kind, flags, 1, 0) + body
hook = attr(1, struct.pack('!I', 1)) + attr(2, struct.pack('!I', 0))
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.bind((0, 0))
s.send(msg(16, 1, b'', 0, 10) +
       msg(0xa00, 0x401, attr(1, NAME + b'\0')) +
       msg(0xa03, 0x405, attr(1, NAME + b'\0') + attr(3, NAME + b'\0') +
           attr(4 | 0x8000, hook) + attr(5, struct.pack('!I', 0)) +
           attr(7, b'filter\0')) +
       msg(17, 1, b'', 0, 10))
assert struct.unpack_from('=i', s.recv(4096), 16)[0] == 0
END
status
is "$(LC_ALL=C sed -n 's/.*drops: //p' "$tmp/out")" \
	$'inet a?[31m?"\\\xff\t, chain a?[31m?"\\\xff\t (policy drop)' \
	'a name of control characters: none is printed raw'
is "$(jq_ '.others[0].table' | od -An -c | tr -d ' \n')" \
	'a033[31m\n"\357277275\t\n' '... and JSON tells them all'
on nft flush ruleset

# Rules that leave another nothing.
cat >"$FWBOX_RULES" <<'END'
allow 22
deny 22/tcp
deny from 10.0.0.0/8
allow from 10.1.2.3 to any port 80
allow from 11.1.2.3
deny 5:9/tcp
limit 6,8/tcp
deny 6,18/tcp
allow 6
allow in on eth+ to any port 99
deny in on eth0 to any port 99 proto udp
deny in on eth0 to any port 98 proto udp
allow in on e+ to any port 99
allow OpenSSH
allow out 22
route allow in on eth0
route deny in on eth0 from 2001:db8::1
deny from 2001:db8::/32
allow from 2001:db8::/32
deny from 2001:db8::/31
deny to ::/0
allow from any to 2001:db8::1
END
load
status
is "$(sed -n 's/^Note: rule //p' "$tmp/out")" \
	"2 (line 2): rule 1 decides before it
4 (line 4): rule 3 decides before it
7 (line 7): rule 6 decides before it
11 (line 11): rule 10 decides before it
14 (line 14): rule 1 decides before it
17 (line 17): rule 16 decides before it
19 (line 19): rule 18 decides before it
22 (line 22): rule 21 decides before it" 'rules that others leave nothing'

# JSON.
printf '%s\n' "allow 22/tcp comment 'a \"quote\" \\ and é'" \
	$'deny 23 comment \'a \xff\xc3\' # \x1b[31m' \
	"  limit log-all from 10.0.0.0/8 port 1,5:7 to 10.1.0.1 app 'WWW Full'" \
	'route reject in on eth0 out on eth1 from fd00::/8 proto tcp' \
	"deny out from any to @$tmp/bad" 'counters on' >"$FWBOX_RULES"
load
is "$(jq_ -c | wc -l)" 1 'JSON: one value'
on "$fwbox" fw-status --json >"$tmp/json"
json() { # FILTER WANT NAME
	is "$(jq -c "$1" "$tmp/json")" "$2" "JSON: $3"
}
iconv -f UTF-8 -t UTF-8 "$tmp/json" >/dev/null
is $? 0 'JSON: valid UTF-8'
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$tmp/json"
is $? 0 'JSON: a strict parser takes it'
json 'keys_unsorted | join(" ")' '"active file differs default logging '\
'counters containers rules others"' 'the members'
json '[.active, .differs, .logging, .counters, .others]' \
	'[true,false,"low",true,[]]' 'the settings'
json '.default, .containers' \
	'{"incoming":"deny","outgoing":"allow","routed":"deny"}
["docker0","docker_gwbridge","br-*"]' 'defaults and containers'
json '.rules[0] | to_entries | .[] | "\(.key)=\(.value)"' '"number=1"
"line=1"
"text=allow 22/tcp comment '"'a \\\"quote\\\" \\\\ and é'"'"
"action=allow"
"direction=in"
"family=any"
"proto=tcp"
"in=null"
"out=null"
"log=null"
"comment=a \"quote\" \\ and é"
"fits=true"
"shadowed_by=null"
"from={\"address\":\"any\",\"ports\":null,\"app\":null}"
"to={\"address\":\"any\",\"ports\":\"22\",\"app\":null}"
"packets=0"
"bytes=0"' 'a rule'
json '.rules[1] | [.comment, .text]' \
	'["a ��","deny 23 comment '"'a ��' # "'\u001b[31m"]' 'odd bytes'
json '.rules[2] | [.action, .direction, .family, .proto, .log]' \
	'["limit","in","ipv4","any","log-all"]' 'a longer rule'
json '.rules[2] | .from, .to' \
	'{"address":"10.0.0.0/8","ports":"1,5:7","app":null}
{"address":"10.1.0.1","ports":null,"app":"WWW Full"}' 'its sides'
json '.rules[3] | [.direction, .family, .proto, .in, .out, .from.address]' \
	'["routed","ipv6","tcp","eth0","eth1","fd00::/8"]' 'a routed rule'
json '.rules[4].to.address' "\"@$tmp/bad\"" 'a file'
json '[.rules[] | .number, .line]' '[1,1,2,2,3,3,4,4,5,5]' 'numbers and lines'
: >"$FWBOX_RULES"
load
status
is "$out" 'Status: active' 'no rules: no table'
json_empty=$(jq_ -c '.rules, .others')
is "$json_empty" $'[]\n[]' '... in the JSON'

# Who may not ask.
chmod 755 "$tmp"
cp "$fwbox" "$tmp/fwbox"
on setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all \
	"$tmp/fwbox" fw-status >"$tmp/out" 2>&1
is "$?: $(<"$tmp/out")" '1: fw-status: needs CAP_NET_ADMIN: run as root' \
	'without the capability'
status more
like "$status: $out" '^2: .*takes no words' 'a word too many'

# The table against ufw's.
ufw_table() {
	local name='ufw and its table'

	/usr/bin/python3 -c 'import ufw.backend_iptables' 2>/dev/null || {
		skip 'needs ufw' "$name"
		return
	}
	${CC:-gcc} -std=c11 -D_GNU_SOURCE -O1 -o "$tmp/table_cli" \
		tests/unit/table_cli.c applets/table.c core/rule/*.c \
		core/list/*.c core/base/*.c ||
		bail 'the driver does not compile'
	net_new ufw
	net_own_etc ufw
	net_run_etc ufw sh -c 'cat >/etc/ufw/applications.d/odd' <<-'END'
		[OpenSSH]
		title=x
		description=x
		ports=22/tcp
		[A profile of a name that is wider than the column is]
		title=x
		description=x
		ports=1,2,4:5/tcp|6
		[Odd]
		title=x
		description=x
		ports=9,7:8,3/udp|443,80/tcp
	END
	net_run_etc ufw ufw --force enable >"$tmp/out" 2>&1
	like "$(<"$tmp/out")" 'is active' 'ufw, in a namespace'
	net_run ufw "$fwbox" fw-status >"$tmp/out" 2>&1
	is "$(grep -c '^Note: .*: ip6* filter, chain [IF]' "$tmp/out")" 4 \
		"ufw's own tables are named"
	net_run_etc ufw /usr/bin/python3 tests/ufw_status.py "$tmp/table_cli" \
		"$tmp" "$lists" 5 $((++tap_count)) 2>&1 ||
		tap_failed=$((tap_failed + 1))
}
ufw_table
done_testing
