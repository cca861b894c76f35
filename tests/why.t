#!/bin/bash
# fw-why: what it says is what the kernel does with the packet; and fw-app.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v nft >/dev/null || skip_all 'needs nft'
fwbox=${FWBOX:-$PWD/fwbox}
export FWBOX_RULES=$tmp/rules

# peer 10.1.0.2 -- 10.1.0.1 host 10.2.0.1 -- 10.2.0.2 inner, and behind
# docker0 a container that publishes its port 80 as 8080, 8081 and 8082.
net_new host peer inner box
net_link host eth0 peer eth0
net_link host eth1 inner eth0
net_link host docker0 box eth0
net_address host eth0 10.1.0.1/24 fd01::1/64
net_address peer eth0 10.1.0.2/24 fd01::2/64
net_address host eth1 10.2.0.1/24 fd02::1/64
net_address inner eth0 10.2.0.2/24 fd02::2/64
net_address host docker0 172.17.0.1/16 fd17::1/64
net_address box eth0 172.17.0.2/16 fd17::2/64
net_forward host
for name in peer,1 inner,2 box,17; do
	at=${name#*,} name=${name%,*}
	[[ $name == box ]] && net=172.17 || net=10.$at
	net_run "$name" ip route add default via "$net.0.1"
	net_run "$name" ip -6 route add default via "fd$(printf %02d "$at")::1"
done
net_run host nft -f - <<-'END'
	table inet nat {
		chain published {
			tcp dport != 8080-8082 return
			ip protocol tcp dnat ip to 172.17.0.2:80
			ip6 nexthdr tcp dnat ip6 to [fd17::2]:80
		}
		chain prerouting {
			type nat hook prerouting priority dstnat
			fib daddr type != local return
			meta l4proto tcp jump published
		}
	}
END
cat >"$FWBOX_RULES" <<'END'
default deny incoming
default allow outgoing
default deny routed
# the rules
allow 22/tcp comment 'ssh'
  reject 25
deny from 10.1.0.2 to any port 443
allow 80,443/tcp
allow in on eth0 to any port 3000 proto udp
allow in on eth1 to any port 3001
allow from fd01::/64 to any port 4000
limit 6000:6010/tcp
route allow in on eth0 out on eth1 to 10.2.0.2 port 7000
route reject to fd02::2 port 7001
allow 8080/tcp
reject 8081
deny out to 10.1.0.2 port 7000 proto udp
reject out 7001/tcp
END

every=()
for port in 22 25 443 80 3000 3001 4000 5000 6001; do
	for any in 0.0.0.0 ::; do
		every+=("tcp,$any,$port" "udp,$any,$port")
	done
done
net_serve host "${every[@]}"
for name in peer inner; do
	net_serve "$name" {tcp,udp},{0.0.0.0,::},{7000,7001}
done
net_serve box {tcp,udp},{0.0.0.0,::},80
net_run host "$fwbox" fw-init --force >"$tmp/out" 2>&1 ||
	bail "fw-init: $(<"$tmp/out")"

why() { # WORD...
	out=$(net_run host "$fwbox" fw-why "$@" 2>&1)
	status=$?
}

expected() { # NAME PROTO ADDRESS: of what fw-why says, what net_try sees
	case ${out%%:*},$2,$3 in
	allow,* | limit,*) echo open ;;
	deny,udp,*) [[ $1 == host ]] && echo EPERM || echo timeout ;;
	deny,*) echo timeout ;;
	reject,tcp,*) echo reset ;;
	reject,*,*:*) echo icmp:1/4 ;;
	reject,*) echo icmp:3/3 ;;
	*) echo "?$out" ;;
	esac
}

# Lines of PROTO ADDRESS PORT, from NAME; WORDs are what fw-why is told of
# that.
compare() { # NAME WORD...
	local name=$1 proto address port

	shift
	while read -r proto address port; do
		set_port=(port "$port")
		[[ $proto != ping ]] || set_port=()
		why "$@" "${proto/ping/icmp}" to "$address" "${set_port[@]}"
		echo "$proto $address $port" \
			"$(expected "$name" "$proto" "$address")"
	done >"$tmp/questions"
	tries "$name" "$name, as fw-why says" <"$tmp/questions"
}

for port in 22 25 80 443 3000 3001 4000 5000 6001; do
	printf '%s %s %s\n' tcp 10.1.0.1 $port udp 10.1.0.1 $port
done >"$tmp/four"
sed 's/10.1.0.1/fd01::1/' "$tmp/four" >"$tmp/six"
printf '%s %s %s\n' ping 10.1.0.1 - ping 10.2.0.2 - tcp 10.2.0.2 7000 \
	udp 10.2.0.2 7000 tcp 10.2.0.2 7001 tcp 10.1.0.1 8080 \
	tcp 10.1.0.1 8081 tcp 10.1.0.1 8082 tcp 172.17.0.2 80 >>"$tmp/four"
printf '%s %s %s\n' ping fd01::1 - ping fd02::2 - tcp fd02::2 7000 \
	tcp fd02::2 7001 udp fd02::2 7001 tcp fd01::1 8080 \
	tcp fd01::1 8081 tcp fd01::1 8082 tcp fd17::2 80 >>"$tmp/six"
compare peer from 10.1.0.2 <"$tmp/four"
compare peer in eth0 from fd01::2 <"$tmp/six"
compare inner from 10.2.0.2 < <(
	sed -n '/808/d; s/10.1.0.1/10.2.0.1/p' "$tmp/four")
printf '%s %s %s\n' tcp 10.1.0.2 7000 udp 10.1.0.2 7000 tcp 10.1.0.2 7001 \
	udp 10.1.0.2 7001 ping 10.1.0.2 - >"$tmp/out4"
compare host out eth0 <"$tmp/out4"
compare host out on eth0 from fd01::1 < <(
	sed 's/10.1.0.2/fd01::2/' "$tmp/out4")
compare box from 172.17.0.2 < <(
	printf '%s %s %s\n' tcp 10.1.0.1 22 tcp 10.1.0.1 5000 tcp 10.2.0.2 7000)

# The words.
link_local=$(net_run host ip -6 -o addr show dev eth0 scope link |
	sed -n 's/.*inet6 \([^/]*\).*/\1/p')
says() { # WANT WORD...
	local want=$1

	shift
	why "$@"
	is "$status: $out" "0: $want" "fw-why $*"
}

says "allow: $FWBOX_RULES:5: allow 22/tcp comment ssh" \
	from 10.1.0.2 to port ssh
says "reject: $FWBOX_RULES:6: reject 25" udp from 10.1.0.2 to port 25
says "deny: $FWBOX_RULES:7: deny from 10.1.0.2 to any port 443" \
	from 10.1.0.2 to 10.1.0.1 port https
says "allow: $FWBOX_RULES:8: allow 80,443/tcp" from 10.1.0.3 to port 443
says "limit: $FWBOX_RULES:12: limit 6000:6010/tcp" \
	in on eth0 tcp from 10.1.0.2 port 7 to port 6002
says "allow: $FWBOX_RULES:13: route allow in on eth0 out on eth1 to 10.2.0.2 \
port 7000" from 10.1.0.2 to 10.2.0.2 port 7000
says 'deny: the default for incoming packets' from 10.1.0.2 to port 1
says 'deny: the default for incoming packets' esp from 10.1.0.2
says 'deny: the default for routed packets' \
	in eth0 out eth1 from 10.1.0.2 to 9.9.9.9 port 1
says 'allow: the default for outgoing packets' out eth0 to 9.9.9.9 port 1
says 'allow: loopback' from 127.0.0.1 to port 1
says 'allow: loopback' from ::1 to ::1 port 1
says 'allow: always let through' icmp from 10.1.0.2
says 'allow: always let through' icmp/136 from fd01::2
says 'allow: always let through' udp from 10.1.0.2 port 67 to port 68
says 'allow: always let through' udp from 10.1.0.2 to 224.0.0.251 port 5353
says 'allow: always let through' \
	udp from fe80::2 port 547 to "$link_local" port 546
says 'allow: always let through' out eth0 icmp/135 to fd01::2
says 'deny: invalid: it belongs to no connection' icmp/0 from 10.1.0.2
says 'allow: from a container' from 172.17.0.2 to 10.1.0.2 port 1

wrong() { # WANT WORD...
	local want=$1

	shift
	why "$@"
	is "$status: $out" "2: fw-why: $want: see --help" "fw-why $*"
}

wrong "'from' and an address are needed"
wrong "'from' and an address are needed" to 10.1.0.1 port 1
wrong "'from' and an address are needed" out eth0
wrong "'to port' and a number are needed" from 10.1.0.2
wrong "'to port' and a number are needed" udp from 10.1.0.2 port 5
wrong "nothing behind 'port'" from 10.1.0.2 port
wrong "nothing behind 'in'" from 10.1.0.2 in on
wrong "bad word '10.1.0.256'" from 10.1.0.256
wrong "bad word 'any'" any from 10.1.0.2
wrong "bad word 'icmp/256'" icmp/256 from 10.1.0.2
wrong "bad word 'icmp/'" icmp/ from 10.1.0.2
wrong "bad word 'icmpx'" icmpx from 10.1.0.2
wrong "'fd01::1' is of the other IP version" from 10.1.0.2 to fd01::1
wrong "'1:2' is not one port" from 10.1.0.2 to port 1:2
wrong "'1,2' is not one port" from 10.1.0.2 to port 1,2
why from 10.1.0.2 to port 0
like "$status: $out" "^2: fw-why: bad port '0'" 'fw-why ... port 0'
why -r "$tmp/none" from 10.1.0.2 to port 22
is "$status: $out" '0: deny: the default for incoming packets' \
	'without a file: the defaults'
echo 'allow 22/tpc' >"$tmp/bad"
why -r "$tmp/bad" from 10.1.0.2 to port 22
like "$status: $out" "^[12]: fw-why: $tmp/bad:1:" 'a wrong file is told'

# fw-app, beside ufw.
app() { # WORD...
	out=$("$fwbox" fw-app "$@" 2>&1)
	status=$?
}

app list
like "$out" $'^Available applications:\n  ' 'fw-app list'
like "$out" $'\n  OpenSSH\n.*\n  WWW Full\n' '... has the built-in ones'
app info OpenSSH
like "$status: $out" $'^0: Profile: OpenSSH\nTitle: .*\nDescription: .*\n
Port:\n  22/tcp$' 'fw-app info of one'
app info CIFS
like "$out" $'\n\nPorts:\n  137,138/udp\n  139,445/tcp$' '... of several ports'
app info 'No Such'
is "$status: $out" "1: fw-app: no profile 'No Such': fw-app list has them" \
	'fw-app info of none'
for words in '' x 'list x' info 'info a b' 'info x y'; do
	# shellcheck disable=SC2086 # words of their own
	app $words
	like "$status: $out" '^2: fw-app: takes .*see --help$' \
		"fw-app $words is wrong"
done
if command -v ufw >/dev/null && [[ -d /etc/ufw/applications.d ]]; then
	while IFS= read -r name; do
		want=$(ufw app info "$name" 2>&1)
		app info "$name"
		is "$out" "$want" "fw-app info $name, as ufw has it"
	done < <(ufw app list 2>/dev/null | sed -n 's/^  //p')
	app info all
	is "$(grep -c ^Profile: <<<"$out")" \
		"$("$fwbox" fw-app list | grep -c '^  ')" 'fw-app info all'
else
	skip 'needs ufw' 'fw-app info as ufw has it'
fi
done_testing
