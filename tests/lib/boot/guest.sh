# shellcheck shell=dash
# In the guest: the main job, seen by packets from outside.  What ran before,
# in init.c, comes as exit statuses.
set -u
count=0
/bin/busybox --install -s /bin

ok() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
	fi
}

is() { # GOT WANT NAME
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf '%s\n' "got: $1" "want: $2" | sed 's/^/# /'
}

runs() { # COMMAND...
	out=$("$@" 2>&1)
	is "$?$out" 0 "$*"
}

finish() {
	echo "1..$count"
	echo "# up $(cut -d ' ' -f 1 /proc/uptime) s"
	sync
	reboot -f
	sleep 60
}

# The network: outside 10.9.0.2 -- 10.9.0.1 here 172.17.0.1 -- a container.
in_outside() { nsenter -t "$outside" -n "$@"; }
in_container() { nsenter -t "$container" -n "$@"; }

serve() { # PORT NSENTER-WORD...: says its port
	local port=$1

	shift
	"$@" nc -ll -p "$port" -e echo "port $port" >/dev/null 2>&1 &
}

try() { # PORT WANT NAME: open, or what else a firewall does
	is "$(in_outside nc -w 1 10.9.0.1 "$1" </dev/null 2>/dev/null)" \
		"${2:+port $1}" "$3"
}

network() {
	unshare -n sleep 9999 &
	outside=$!
	unshare -n sleep 9999 &
	container=$!
	sleep 1
	ip link set lo up
	# The other end is veth0 each time.
	ip link add wan type veth
	ip link set veth0 netns "$outside"
	ip addr add 10.9.0.1/24 dev wan
	ip link set wan up
	in_outside ip addr add 10.9.0.2/24 dev veth0
	in_outside ip link set veth0 up
	ip link add docker0 type bridge
	ip addr add 172.17.0.1/16 dev docker0
	ip link add port type veth
	ip link set veth0 netns "$container"
	brctl addif docker0 port
	ip link set port up
	ip link set docker0 up
	in_container ip addr add 172.17.0.2/16 dev veth0
	in_container ip link set veth0 up
	in_container ip route add default via 172.17.0.1
	in_outside ip route add 172.17.0.0/16 via 10.9.0.1
	sleep 1
	for port in 22 80 443 2222 8080; do
		serve "$port"
	done
	serve 5000 in_container
	serve 6000 in_outside
	sleep 1
}

echo "# $(uname -srm)"
is "$1 $2 $3" '0 0 0' 'no /proc, no /dev: --install, fw-init, fw-allow'
is "$(readlink -f /links/fw-stop || :)" /links/fw-stop 'the links are there'
network
try 22 '' 'closed before the network was up'
try 80 open 'port 80 is allowed'
runs fw-allow OpenSSH https
try 22 open 'port 22 is allowed'
try 443 open 'port 443 is allowed'
try 8080 '' 'port 8080 is closed'

# Every kind of rule: each module there is has its use.
cp /etc/fwbox/rules /rules
echo 192.0.2.0/24 >/etc/fwbox/some
sed -i 's/^logging.*/logging full/; 1i counters on' /etc/fwbox/rules
runs fw-limit 2222/tcp
runs fw-deny log from 203.0.113.0/24
runs fw-reject log-all from 2001:db8::/32 to any port 25 proto tcp
runs fw-allow from @/etc/fwbox/some to any port 53,123:125 proto udp
runs fw-allow route in on wan out on docker0 to 172.17.0.0/16
runs fw-reject out to 192.0.2.1
fw-status --counters >/status
is $? 0 fw-status
is "$(sed 's/.*\///; s/\.ko$//; y/-/_/' /etc/fwbox/modules |
	awk 'NR == FNR { ours[$1]; next } $1 in ours && !$3 { print $1 }' \
		- /proc/modules)" '' 'no module of the image without its use'
try 2222 open 'port 2222 is limited'
try 22 open 'port 22 still is allowed'
try 8080 '' 'port 8080 still is closed'

# The booted system has a root and rules of its own.
mkdir -p /root2/sbin /root2/etc/fwbox
cp /sbin/fwbox /root2/sbin/
printf '%s\n' 'default deny incoming' 'allow 8080' >/root2/etc/fwbox/rules
out=$(chroot /root2 /sbin/fwbox fw-init 2>&1)
is "$?$out" 0 'the booted system loads its rules'
try 8080 open 'port 8080 is allowed by those'
try 22 '' '... port 22 is closed'
mv /rules /etc/fwbox/rules
runs fw-init
try 8080 '' 'the former rules: port 8080 is closed'

# Docker's part.
mkdir /etc/docker
echo '{"debug": false}' >/etc/docker/daemon.json
runs docker-cfg .iptables=false .ip6tables=false
is "$(cat /etc/docker/daemon.json)" \
	'{"debug": false, "iptables": false, "ip6tables": false}' \
	'daemon.json has both'
runs docker-chains
in_outside ip route del 172.17.0.0/16
is "$(in_container nc -w 1 10.9.0.2 6000 </dev/null)" 'port 6000' \
	'a container reaches the outside, masqueraded'
in_outside ip route add 172.17.0.0/16 via 10.9.0.1
is "$(in_outside nc -w 1 172.17.0.2 5000 </dev/null)" '' \
	'and is not reached from there'
runs docker-chains --iptables
fw-stop
try 8080 open 'fw-stop: all is open'
is "$(dmesg | grep -e BUG: -e WARNING: -e Oops)" '' \
	'the kernel has no complaint'
finish
