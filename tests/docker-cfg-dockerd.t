#!/bin/bash
# dockerd as judge of docker-cfg's table: each key that the engine's version
# knows, with a value of its type and with one of another, and names that are
# no keys.  dockerd reads its file first, and stops at the pidfile, which it
# cannot make: nothing of it is started.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
engine=${ENGINE_ROOT:-$PWD/build/peers/engine}
dockerd=$engine/usr/sbin/dockerd
[[ $EUID -eq 0 ]] || skip_all 'needs root'
[[ -x $dockerd ]] || skip_all 'no engine: scripts/setup.sh test'
libs=$engine/usr/lib/$(uname -m)-linux-gnu
export LD_LIBRARY_PATH=$libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
version=$("$dockerd" --version | sed -E 's/.* ([0-9]+\.[0-9]+)\..*/\1/')
[[ $version =~ ^[0-9]+\.[0-9]+$ ]] || bail "dockerd does not run here"
number=$((${version%.*} * 10 + ${version#*.}))

f=$tmp/daemon.json
base="{\"data-root\": \"$tmp/data\", \"exec-root\": \"$tmp/run\",
\"pidfile\": \"/proc/none/pid\"}"

judge() { # prints taken or refused, and what else it says
	timeout 20 unshare -n "$dockerd" --config-file "$f" >"$tmp/said" 2>&1
	case $(<"$tmp/said") in
	*'unable to configure the Docker daemon'*) echo refused ;;
	*'mkdir /proc/none'* | *'pid file'*) echo taken ;;
	*) echo "neither: $(tail -n 1 "$tmp/said")" ;;
	esac
}

ours() {
	local status

	"$fwbox" docker-cfg -f "$f" --check >"$tmp/ours" 2>&1
	status=$?
	[[ $status -eq 0 ]] && echo taken || echo refused
}

values() { # KEY TYPE: sets good and bad
	bad=5
	case $2 in
	true*) good=true bad='"x"' ;;
	'a whole number'* | 'a port'*) good=1 bad='"x"' ;;
	'one of '*)
		good=${2#one of }
		good=${good%%,*}
		good=${good#|}
		good="\"${good%%|*}\"" ;;
	'a size'*) good='"64M"' bad='[]' ;;
	'an IPv4 address'* | 'an address,'* | 'an address')
		good='"192.0.2.1"' bad='"x"' ;;
	'an IPv6 address'*) good='"2001:db8::1"' bad='"x"' ;;
	*10.1.0.1/24*) good='"10.1.0.1/24"' ;;
	*2001:db8*) good='"2001:db8::1/64"' ;;
	'a list of addresses'*) good='["192.0.2.1"]' bad='["x"]' ;;
	*NAME=VALUE*) good='["a=b"]' bad='[5]' ;;
	*http*) good='["https://m.test"]' bad='[5]' ;;
	*base*) good='[{"base":"10.0.0.0/8","size":24}]' bad='[5]' ;;
	'a list'*) good='["a"]' bad='[5]' ;;
	'an object of strings'*) good='{"a":"b"}' bad='{"a":5}' ;;
	'an object of true'*) good='{"a":true}' bad='{"a":5}' ;;
	'an object of objects of'*) good='{"a":{"b":"c"}}' bad='{"a":5}' ;;
	'an object of objects'*) good='{}' bad='{"a":5}' ;;
	'an object'*) good='{}' ;;
	*) good='"a"' ;;
	esac
	case $1 in
	data-root | exec-root) good="\"$tmp/other\"" ;;
	pidfile) good='"/proc/none/other"' ;;
	default-runtime) good='"runc"' ;; # one that there is
	userns-remap) good='""' ;; # else a user that there is
	exec-opts) good='["native.cgroupdriver=cgroupfs"]' ;;
	hosts) good='["unix:///var/run/x.sock"]' ;;
	host-gateway-ips | bip6) return 1 ;;
	esac
	return 0
}

agree() { # KEY VALUE WANT
	local we they

	printf '%s' "$base" >"$f"
	"$fwbox" docker-cfg --any -f "$f" "\"$1\"=$2" >"$tmp/set" 2>&1 ||
		diag "$(<"$tmp/set")"
	we=$(ours) they=$(judge)
	is "$we by us, $they by dockerd" "$3 by us, $3 by dockerd" "$1 = $2" ||
		diag "$(grep error "$tmp/ours"; tail -n 1 "$tmp/said")"
}

"$fwbox" docker-cfg --keys >"$tmp/keys"
while read -r key _ type; do
	since=$(sed -nE 's/.*, since ([0-9]+)\.([0-9]+)$/\1\2/p' <<<"$type")
	[[ -z $since || $since -le $number ]] || continue
	values "$key" "$type" || continue
	agree "$key" "$good" taken
	agree "$key" "$bad" refused
done <"$tmp/keys"
for key in iptable IPTables Debug log_opts xyzzy; do
	agree "$key" true refused
done

done_testing
