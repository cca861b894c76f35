#!/bin/bash
# fw-init, fw-allow, fw-status and fw-stop: the file, the kernel, and what is
# said when something is wrong.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v nft >/dev/null || skip_all 'needs nft'
fwbox=${FWBOX:-$PWD/fwbox}
rules=$tmp/etc/rules
export FWBOX_RULES=$rules
net_new host

run() { # APPLET ARGUMENT...: its status; what it says is in $out
	net_run host "$fwbox" "$@" >"$tmp/out" 2>&1
	status=$?
	out=$(<"$tmp/out")
	return $status
}

fails() { # STATUS MESSAGE APPLET ARGUMENT...
	local want=$1 message=$2

	shift 2
	run "$@"
	is "$status: $out" "$want: $message" "$*"
}

listing() {
	net_run host nft list ruleset
}

# A new host.
run fw-status
is "$out" 'Status: inactive' 'no firewall yet'
fails 0 'fw-stop: the firewall was not active' fw-stop
run fw-allow 9
is "$out" "fw-allow: the firewall is not active: only '$rules' is changed" \
	'a rule before the firewall'
is "$(listing)" '' 'and the kernel is as it was'
rm -r "${tmp:?}/etc"
run fw-init
ok $? 'fw-init makes folder and file'
is "$(stat -c %a "$tmp/etc" "$rules" | tr '\n' ' ')" '755 600 ' 'with modes'
like "$(<"$rules")" 'default deny incoming' 'and the defaults'
first=$(listing)
before=$(stat -c '%i %Y %Z' "$rules")
run fw-init
is "$out$(listing)" "$first" 'fw-init again changes nothing'
is "$(stat -c '%i %Y %Z' "$rules")" "$before" 'not in the file either'

# Rules.
run fw-allow OpenSSH http 6000:6010/tcp
is "$status$out" 0 'three rules in one call'
like "$(listing)" 'tcp dport \{ 22, 80, 6000-6010 \} accept' 'in the kernel'
is "$(tail -n 3 "$rules")" $'allow OpenSSH\nallow http\nallow 6000:6010/tcp' \
	'and in the file, in the words of the command line'
before=$(<"$rules")
fails 0 "fw-allow: skipping existing rule 'allow 80/tcp'" fw-allow 80/tcp
is "$(<"$rules")" "$before" 'an existing rule is not added'
run fw-init domain
like "$(tail -n 1 "$rules")" 'allow domain' 'fw-init adds its rules'
run fw-status
like "$out" 'Status: active.*OpenSSH +ALLOW .*80/tcp +ALLOW .*53 +ALLOW ' \
	'fw-status tells them in order'

# Comments and order survive.
cat >"$rules" <<-EOT
	# mine
	default deny incoming   # yes
	deny from 10.9.9.9

	allow 22/tcp comment 'a # in it'
EOT
cp "$rules" "$tmp/mine"
run fw-allow https
is "$(<"$rules")" "$(<"$tmp/mine")"$'\nallow https' 'an edit leaves the rest'

# Wrong words change nothing.
before=$(<"$rules")
state=$(listing)
fails 2 "fw-allow: bad port '70000': must be 1 to 65535" fw-allow 70000
run fw-allow
like "$status: $out" '^2: fw-allow: nothing to allow' 'fw-allow alone'
fails 2 "fw-allow: unknown option '-x': see --help" fw-allow -x 22
run fw-allow 22 nosuchservice 23
is "$status" 2 'one wrong name among others'
like "$out" "fw-allow: .*'nosuchservice'" 'it is named'
run fw-allow $'22/tcp\nallow 23'
is "$status" 2 'a newline in a word'
run fw-allow 22 comment $'a\nallow 23'
is "$status" 2 'a newline in a comment'
run fw-allow "from @$tmp/none"
is "$status" 2 'a word that is no target'
is "$(<"$rules")$(listing)" "$before$state" 'the file and the kernel stay'

# A wrong file is not loaded, and the error leads to the place.
fails_at() { # LINE COLUMN TEXT NAME
	printf '%s' "$3" >"$rules"
	run fw-init
	like "$status: $out" "^1: fw-init: $rules:$1:$2: " "$4"
}
fails_at 2 7 $'allow 22\nallow 70000\n' 'a wrong port'
fails_at 3 1 $'# x\n\nnonsense\n' 'a wrong word'
fails_at 1 9 $'default nope\n' 'a wrong default'
fails_at 1 20 $'containers docker0 12345678901234567\n' 'a wrong interface'
fails_at 1 18 $'allow 22 comment \'open' 'an open quote'
printf 'allow 22\0' >"$rules"
fails 1 "fw-init: $rules: holds a NUL byte: not a text" fw-init
is "$(listing)" "$state" 'the firewall stays as it was'
printf '10.0.0.0/8\n\0\n11.0.0.0/8\n' >"$tmp/list"
echo "deny from @$tmp/list" >"$rules"
fails 1 "fw-init: $rules:1:1: $tmp/list: holds a NUL byte: not a text" fw-init
is "$(listing)" "$state" '... as with a file of addresses'
printf '%s\n' "$before" >"$rules"

# The script that -n prints is the same transaction.
same_script() { # NAME; the rules on standard input
	local native
	cat >"$rules"
	net_run host nft flush ruleset
	run fw-init || diag "$out"
	native=$(listing)
	run fw-init -n
	cp "$tmp/out" "$tmp/script"
	net_run host nft flush ruleset
	net_run host nft -f "$tmp/script"
	is "$(listing)" "$native" "$1: nft -f makes the same ruleset"
	is "$native" "$(run fw-init; listing)" "$1: over nft's own, the same"
}
same_script 'defaults' <<<''
same_script 'all kinds of rules' <<-EOT
	allow 22/tcp
	allow 53
	allow 80,443,8000:8100/tcp
	allow 5,9/udp
	allow 6000:6010/udp
	deny from 10.0.0.0/8
	reject from 2001:db8::/33 to any port 25 proto tcp
	allow in on eth0 from 10.1.2.3 port 99 to 10.4.0.0/15 port 7 proto udp
	allow in on tun+ to ff02::5
	allow proto esp from any
	allow proto igmp from any
	allow OpenSSH
	route allow in on eth0 out on eth1 from 10.0.0.0/9 port 80 proto tcp
	route reject from any to 10.2.0.0/16
	deny out to 10.3.3.3 port 53
	reject out on eth0 to fd00::/8
EOT
same_script 'many networks, and what is near them' < <(
	for i in {1..40}; do
		echo "deny from 10.$((2 * i)).0.0/16"
		echo "reject from 2001:db8:$i:100::/56"
		echo "allow out to 20.$i.0.0/17 port $i:$((2 * i)) proto tcp"
	done
)
same_script 'other defaults' <<-EOT
	default reject incoming
	default deny outgoing
	default allow routed
	containers br-* br-lan docker0 lxc*
EOT
same_script 'no containers' <<<'containers none'
unchanged=$(<"$rules")$(listing)
run fw-allow -n 99
like "$out" 'add rule inet fwbox incoming meta l4proto .* th dport 99' \
	'fw-allow -n prints'
is "$(<"$rules")$(listing)" "$unchanged" 'and changes nothing'

# Many at once lose nothing.
: >"$rules"
pids=()
for i in {1..50}; do
	net_run host "$fwbox" fw-allow "$((1000 + i))" >>"$tmp/many" 2>&1 &
	pids+=($!)
done
wait "${pids[@]}"
is "$(sort "$rules" | sed -n '$=')" 50 'fifty fw-allow at once: fifty lines'
is "$(listing | grep -o '\<10[0-9][0-9]\>' | wc -l)" 50 'and fifty rules'
is "$(<"$tmp/many")" '' 'without a word'

# What the system refuses.
state=$(listing)
before=$(<"$rules")
refused() { # MESSAGE COMMAND... NAME is the last
	local message=$1

	shift
	net_run host "${@:1:$#-1}" >"$tmp/out" 2>&1
	is "$?: $(<"$tmp/out")" "1: $message" "${*: -1}"
}
chmod -R o+rX "$tmp"
refused 'fw-init: needs CAP_NET_ADMIN: run as root' \
	setpriv --bounding-set -net_admin --inh-caps -net_admin \
	"$fwbox" fw-init 'without CAP_NET_ADMIN'
refused "fw-allow: the kernel has no nf_tables" \
	strace -o /dev/null -e inject=socket:error=EPROTONOSUPPORT \
	"$fwbox" fw-allow 77 'without netlink'
mkdir "$tmp/ro" "$tmp/full"
full='No space left on device' ro='Read-only file system'
# shellcheck disable=SC2016
refused "fw-allow: cannot write beside '$tmp/full/rules': $full" \
	unshare -m sh -c 'mount -t tmpfs -o size=16k none "$2"
		echo "allow 1" >"$2/rules"
		dd if=/dev/zero of="$2/x" bs=1k count=64 2>/dev/null
		"$1" fw-allow -r "$2/rules" 77 ||
			exec test "$(cat "$2/rules")" != "allow 1"' \
	sh "$fwbox" "$tmp/full" 'a full disk'
# shellcheck disable=SC2016
refused "fw-init: cannot make a file beside '$tmp/ro/rules': $ro" \
	unshare -m sh -c 'mount -t tmpfs -o ro none "$2"
		exec "$1" fw-init -r "$2/rules"' sh "$fwbox" "$tmp/ro" \
	'a read-only folder'
is "$(<"$rules")$(listing)" "$before$state" 'nothing is changed by any'
# shellcheck disable=SC2016
net_run host unshare -m sh -c 'mount --bind "$2" "$2"
	mount -o remount,ro,bind "$2"; exec "$1" fw-init' \
	sh "$fwbox" "$tmp/etc" >"$tmp/out" 2>&1
ok $? 'a file in a read-only folder is loaded'

# At boot.
run fw-stop
run fw-init --boot
[[ $status -eq 0 && $(listing) == "$state" ]]
ok $? 'fw-init --boot loads the rules'
run fw-stop
cp "$rules" "$tmp/kept"
echo 'startup off' >>"$rules"
fails 0 "fw-init: not at boot: '$rules' says startup off" fw-init --boot
is "$(listing)" '' 'and does not'
{ cat "$tmp/kept"; echo 'startup never'; } >"$rules"
fails 1 "fw-init: $rules:$(wc -l <"$rules"):9: bad startup 'never': must be \
off, on" fw-init --boot
cp "$tmp/kept" "$rules"
run fw-init

# The way back.
run fw-stop
is "$out" 'fw-stop: the firewall is off: every port is open' 'fw-stop says so'
is "$(listing)" '' 'and leaves nothing'
is "$(<"$rules")" "$before" 'but the file'
net_run host nft add table ip others
run fw-init
run docker-chains --force
run fw-stop
like "$out" 'docker-chains stay' 'with docker-chains there'
is "$(listing | grep -c 'chain docker-forward')" 1 'its chains stay'
unlike "$(listing)" 'chain (prerouting|forward|incoming|accept)' 'ours go'
run docker-chains --delete
is "$(listing)" $'table ip others {\n}' "others' tables stay"
done_testing
