# shellcheck shell=dash
# In the guest, on kernels since 5.6: networks with ports of their own, whose
# combinations are one set of intervals.  The outside is in the ninth.

hundreds() { # I: the networks and ports of the rule, in words of its own
	echo "from 10.$1.0.0/16 to any port $(($1 * 100)):$(($1 * 100 + 99))" \
		"proto tcp"
}

{
	echo 'default deny incoming'
	for i in $(seq 16); do
		echo "allow $(hundreds "$i")"
	done
} >/etc/fwbox/rules
for port in 900 965 999 1000 1065; do
	serve $port
done
runs fw-init
case $(uname -r) in
[1-4].* | 5.[0-5].*) lookups=0 ;;
*) lookups=1 ;;
esac
is "$(fw-init -n | grep -c 'ip saddr \. tcp dport')" $lookups \
	'16 networks with ports of their own are one lookup'
try 900 open '... that lets in the first port'
try 965 open '... one between'
try 999 open '... and the last'
try 1000 '' "... refuses another network's first"
try 1065 '' '... and one between'
sed -i '/10\.9\./s/allow/reject/' /etc/fwbox/rules
runs fw-init
try 965 '' '... and rejects where the rule does'
