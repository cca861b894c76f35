# shellcheck shell=dash
# In the guest's initramfs, behind init.c, whose exit statuses these are: the
# network comes up with the firewall there, then the system boots.
# shellcheck source=tests/lib/boot/lib.sh
. /lib.sh

network() {
	unshare -n sleep 9999 &
	outside=$!
	unshare -n sleep 9999 &
	container=$!
	sleep 1
	try_always
	ip link set lo up
	# The other end is veth0 each time.
	ip link add wan type veth
	ip link set veth0 netns "$outside"
	in_outside ip addr add 10.9.0.2/24 dev veth0
	in_outside ip link set veth0 up
	ip addr add 10.9.0.1/24 dev wan
	ip link set wan up
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
	serve 22
	serve 80
	sleep 1
}

new_root() {
	mkdir -p /new
	mount -t tmpfs new /new
	mkdir -p /new/bin /new/sbin /new/etc/fwbox /new/proc /new/sys \
		/new/dev /new/run
	cp /bin/busybox /new/bin/
	cp /sbin/fwbox /new/sbin/
	cp /tries /confined* /guest.modules /new/
	cp /lib.sh /booted.sh /lacking.sh /networks.sh /new/
	cp -R /lib /new/lib
	cp /etc/fwbox/modules /new/etc/fwbox/
	printf '%s\n' 'default deny incoming' 'allow 80/tcp' \
		'allow 9090/tcp' >/new/etc/fwbox/rules
}

mkdir /run
mount -t tmpfs run /run
echo "# $(uname -srm)"
is "$1 $2 $3" '0 0 0' 'no /proc, no /dev: --install, fw-init, fw-allow'
is "$(readlink -f /links/fw-stop || :)" /links/fw-stop 'the links are there'
network
try 22 '' 'closed before the network was up'
try 80 open 'port 80 is allowed'
# shellcheck disable=SC2086 # a word each
kill $servers
new_root
for name in proc sys dev run; do
	mount --move /$name /new/$name
done
exec switch_root /new /bin/busybox sh /booted.sh
