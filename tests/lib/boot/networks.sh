# shellcheck shell=dash
# In the guest, on kernels since 5.6: networks with ports of their own, whose
# combinations are one set of intervals.  The outside is in the ninth.  So many,
# because kernels with CVE-2024-57947 let in too much where a field of the set
# has hundreds of parts and one before it fewer.

hundreds() { # I: the networks and ports of the rule, in words of its own
	echo "from 10.$1.0.0/16 to any port $(($1 * 100)):$(($1 * 100 + 99))" \
		"proto tcp"
}

{
	echo 'default deny incoming'
	for i in $(seq 200); do
		echo "allow $(hundreds "$i")"
	done
} >/etc/fwbox/rules
others='1000 1065 2050 5030 9999 15001'
for port in 900 965 999 $others; do
	serve "$port"
done
runs fw-init
case $(uname -r) in
[1-4].* | 5.[0-5].*) lookups=0 ;;
*) lookups=1 ;;
esac
is "$(fw-init -n | grep -c 'tcp dport \. ip saddr')" $lookups \
	'200 networks with ports of their own are one lookup'
try 900 open '... that lets in the first port'
try 965 open '... one between'
try 999 open '... and the last'
for port in $others; do
	try "$port" '' "... refuses those of other networks, as $port"
done
sed -i '/10\.9\./s/allow/reject/' /etc/fwbox/rules
runs fw-init
try 965 '' '... and rejects where the rule does'
