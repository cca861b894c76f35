# shellcheck shell=dash
# In the guest's second root, as a system's first process: it takes over the
# firewall of the initramfs, then the main job, seen by packets from outside.
# shellcheck source=tests/lib/boot/lib.sh
. /lib.sh
export PATH=/sbin:/bin
fwbox --install /sbin

# The takeover, as the services do it.
seen
is "$changes" 0 'the system is booted: the rules are those of the initramfs'
is "$closed_answers $opened_answers" '0 0' \
	'nothing of what was tried all the time was let in'
runs fw-init --boot
seen
is "$changes" 1 'the takeover is one transaction'
[ "$opened_answers" -gt 0 ]
ok $? 'a port of the new rules is open'
is "$closed_answers" 0 'and not one try of a closed one was answered'
[ "$closed" -ge 400 ]
ok $? '... of hundreds'
echo "# $closed tries"
kill "$tries"
for port in 22 80 443 2222 8080; do
	serve "$port"
done
serve 5000 in_container
serve 6000 in_outside
sleep 1
runs fw-allow OpenSSH https
try 22 open 'port 22 is allowed'
try 443 open 'port 443 is allowed'
try 8080 '' 'port 8080 is closed'

# Every kind of rule: each module there is has its use.
cp /etc/fwbox/rules /run/rules
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
. /lacking.sh
. /networks.sh
mv /run/rules /etc/fwbox/rules
runs fw-init

# The filter of system calls, where there is one.
case $(uname -m) in
armv*) ;;
*) is "$(/confined)" "$(cat /confined.want)" 'what a program is refused' ;;
esac

# Docker's part.
mkdir /etc/docker
echo '{"debug": false}' >/etc/docker/daemon.json
runs docker-cfg .iptables=false .ip6tables=false
is "$(cat /etc/docker/daemon.json)" \
	'{"debug": false, "iptables": false, "ip6tables": false}' \
	'daemon.json has both'
if grep -q '^nft_masq ' /proc/modules; then
	without nft_masq docker-chains
	ends ': the kernel lacks nft_masq' 'docker-chains: no nft_masq: says so'
fi
runs docker-chains
in_outside ip route del 172.17.0.0/16
is "$(answer 5 in_container 10.9.0.2 6000)" 'port 6000' \
	'a container reaches the outside, masqueraded'
in_outside ip route add 172.17.0.0/16 via 10.9.0.1
is "$(answer 1 in_outside 172.17.0.2 5000)" '' \
	'and is not reached from there'
runs docker-chains --iptables
fw-stop
try 8080 open 'fw-stop: all is open'
try_always
seen
[ "$closed_answers" -gt 0 ]
ok $? 'what is tried all the time shows that'
is "$(dmesg | grep -e BUG: -e WARNING: -e Oops)" '' \
	'the kernel has no complaint'
finish
