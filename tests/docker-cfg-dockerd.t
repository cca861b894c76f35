#!/bin/bash
# dockerd as judge of docker-cfg's table: each key that the engine's version
# knows, with a value of its type and with one of another, and names that are
# no keys.  The system's engine reads its file first, and stops at the pidfile,
# which it cannot make: nothing of it is started.  Newer ones have --validate.
# A key's bad value is shown to the oldest of them that knows the key; with
# JUDGE_ALL=1 to each.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
peers=$PWD/build/peers
engine=${ENGINE_ROOT:-$peers/engine}
[[ $EUID -eq 0 ]] || skip_all 'needs root'
[[ -x $engine/usr/sbin/dockerd ]] ||
	skip_all 'no engine: scripts/setup.sh test'
mkdir "$tmp/bin"
f=$tmp/daemon.json

# A command for each: NAME.
cat >"$tmp/bin/old" <<-EOT
	#!/bin/sh
	LD_LIBRARY_PATH=\$(echo '$engine'/usr/lib/*-linux-gnu) \\
		PATH='$engine/usr/sbin:$engine/usr/bin:$PATH' exec dockerd "\$@"
EOT
for suite in trixie forky; do # with the libraries it was made for
	root=$peers/dockerd-$suite
	libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
	cat >"$tmp/bin/$suite" <<-EOT
		#!/bin/sh
		PATH='$root/usr/sbin:$root/usr/bin:$PATH' exec \\
			'$libraries'/ld-linux-*.so.* --argv0 dockerd \\
			--library-path '$libraries' '$root/usr/sbin/dockerd' \\
			"\$@"
	EOT
done
chmod +x "$tmp"/bin/*

version_of() { # NAME: 20.10 is 2010
	"$tmp/bin/$1" --version | sed -E 's/.* ([0-9]+)\.([0-9]+)\..*/\1 \2/' |
		while read -r major minor; do
			echo $((major * 100 + minor))
		done
}

judge() { # NAME: prints taken or refused; what it says is in $tmp/said
	local ask=(--config-file "$f")

	[[ $1 == old ]] || ask+=(--validate)
	timeout 20 unshare -n "$tmp/bin/$1" "${ask[@]}" >"$tmp/said" 2>&1
	case $(<"$tmp/said") in
	*'unable to configure the Docker daemon'*) echo refused ;;
	*'mkdir /proc/none'* | *'pid file'* | 'configuration OK') echo taken ;;
	*) echo "neither: $(tail -n 1 "$tmp/said")" ;;
	esac
}

ours() {
	if "$fwbox" docker-cfg -f "$f" --check >"$tmp/ours" 2>&1; then
		echo taken
	else
		echo refused
	fi
}

values() { # KEY TYPE: sets good and bad
	bad=5
	case $2 in
	true*) good=true bad='"x"' ;;
	'a whole number'* | 'a port'*) good=1 bad='"x"' ;;
	'one of '*)
		good=${2#one of }
		good=${good#, }
		good="\"${good%%,*}\"" ;;
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
	proxies) good='{"http-proxy":"http://p.test"}' ;;
	min-api-version) good='"1.44"' ;;
	# Not with others, or not with all that is here.
	bridge | bip6 | userland-proxy-path) good='""' ;;
	default-gateway) good='"10.1.0.7"' ;;
	fixed-cidr) good='"10.1.0.0/25"' ;;
	seccomp-profile) good='"unconfined"' ;;
	esac
}

both() { # NAME-OF-JUDGE WANT NAME: of the file $f
	local we they

	we=$(ours) they=$(judge "$1")
	[[ $we == "$2" && $they == "$2" ]]
	ok $? "$1: $3" || {
		diag "$we by us, $they by dockerd"
		diag "$(grep error "$tmp/ours"; tail -n 1 "$tmp/said")"
	}
}

agree() { # NAME KEY VALUE WANT
	printf '{"data-root": "%s", "exec-root": "%s", "%s": %s}' \
		"$tmp/data" "$tmp/run" pidfile '"/proc/none/pid"' >"$f"
	"$fwbox" docker-cfg --any -f "$f" "\"$2\"=$3" >"$tmp/set" 2>&1 ||
		diag "$(<"$tmp/set")"
	both "$1" "$4" "$2 = $3"
}

as_is() { # NAME KEY VALUE WANT
	printf '{"data-root": "%s", "exec-root": "%s", "%s": %s, "%s": %s}' \
		"$tmp/data" "$tmp/run" pidfile '"/proc/none/pid"' "$2" "$3" >"$f"
	both "$1" "$4" "$2 = $3"
}

judge_odd() { # NAME
	local value

	for value in null '""' 67108864 '"1.2.3"' '"."'; do
		as_is "$1" default-shm-size "$value" refused
	done
	as_is "$1" default-shm-size '"1.5 GiB"' taken
	as_is "$1" log-level '"INFO"' taken
	as_is "$1" shutdown-timeout -5 taken
	[[ $1 != old ]] || return 0
	as_is "$1" default-runtime '"org.foo.v1"' taken
	as_is "$1" proxies '{"foo": "x"}' refused
	as_is "$1" proxies '{"no-proxy": "x"}' taken
	[[ $1 != forky ]] || as_is "$1" default-shm-size '"64iB"' refused
}

# All good values in one file; and all keys that are too new, which dockerd
# lists.
judge_good() { # NAME
	local key type strange

	echo '{"pidfile": "/proc/none/pid"}' >"$f"
	for key in "${known[@]}"; do
		# Newer ones look for the certificates, and know both names.
		[[ $1 == old || $key != tls* ]] || continue
		[[ $key != host-gateway-ip ||
			" ${known[*]} " != *" ${key}s "* ]] || continue
		values "$key" "${types[$key]}"
		"$fwbox" docker-cfg --any -f "$f" "\"$key\"=$good" >/dev/null \
			2>&1
	done
	both "$1" taken "good values of ${#known[@]} keys"
	[[ ${#newer[@]} -gt 0 ]] || return
	printf '{"%s": 1' "${newer[0]}" >"$f"
	printf ', "%s": 1' "${newer[@]:1}" >>"$f"
	echo '}' >>"$f"
	judge "$1" >/dev/null
	strange=$(sed -n 's/.*any configuration option: //p' "$tmp/said" |
		tr -d ' "' | tr , '\n' | sort | paste -sd ' ')
	is "$strange" "$(printf '%s\n' "${newer[@]}" | sort | paste -sd ' ')" \
		"$1: ${#newer[@]} keys that it does not know"
}

judge_all() { # NAME
	local name=$1 version key since

	version=$(version_of "$name")
	[[ $version =~ ^[0-9]+$ ]] || bail "dockerd $name does not run here"
	known=() newer=()
	for key in "${keys[@]}"; do
		since=$(sed -nE 's/.*, since ([0-9]+)\.([0-9]+)$/\1 0\2/p' \
			<<<"${types[$key]}")
		if [[ $((${since/ /})) -le $version ]]; then
			known+=("$key")
		else
			newer+=("$key")
		fi
	done
	diag "$name: version $version"
	judge_good "$name"
	judge_odd "$name"
	for key in "${known[@]}"; do
		[[ -z ${judged[$key]-} || -n ${JUDGE_ALL-} ]] || continue
		judged[$key]=$name
		values "$key" "${types[$key]}"
		agree "$name" "$key" "$bad" refused
	done
	for key in iptable IPTables xyzzy; do
		agree "$name" "$key" true refused
	done
}

declare -A types=() judged=()
keys=()
while read -r key _ type; do
	keys+=("$key")
	types[$key]=$type
done < <("$fwbox" docker-cfg --keys)
judge_all old
for suite in trixie forky; do
	if [[ -d $peers/dockerd-$suite ]]; then
		judge_all "$suite"
	else
		skip 'not unpacked: scripts/setup.sh test' "$suite: all of it"
	fi
done

done_testing
