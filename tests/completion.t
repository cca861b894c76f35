#!/bin/bash
# What Tab offers: in bash by asking its function, in fish by asking fish.
set -u
# A network of its own: its interfaces and rules are known.
if ((EUID == 0)) && [[ ! ${COMPLETION_NET-} ]] && unshare --net true; then
	exec unshare --net --mount env COMPLETION_NET=yes bash "$0"
fi 2>/dev/null
[[ ! ${COMPLETION_NET-} ]] || mount -t sysfs sysfs /sys
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
folder=$PWD/scripts/completion
mkdir "$tmp/bin"
./fwbox --install -s "$tmp/bin"
ln -s "$PWD/fwbox" "$tmp/bin/fwbox"
PATH=$tmp/bin:$PATH
export FWBOX_RULES=$tmp/rules
printf 'allow %s\n' 22 80 443/tcp >"$tmp/rules"
printf 'allow %s\n' 22 >"$tmp/one rule"

for shell in bash zsh fish; do
	file=$folder/fwbox.$shell
	[[ $shell != zsh ]] || file=$folder/_fwbox
	if command -v $shell >/dev/null; then
		$shell -n "$file" >"$tmp/out" 2>&1 && [[ ! -s $tmp/out ]]
		ok $? "the syntax of ${file##*/}" || diag "$(<"$tmp/out")"
	else
		skip "no $shell" "the syntax of ${file##*/}"
	fi
done
command -v shellcheck >/dev/null && {
	shellcheck "$folder/fwbox.bash" >"$tmp/out"
	ok $? 'shellcheck' || diag "$(<"$tmp/out")"
}

# shellcheck source=scripts/completion/fwbox.bash
. "$folder/fwbox.bash"

offered() { # WORD...: the last is being typed; one of the line each
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_fwbox
	reply=$(printf '%s\n' "${COMPREPLY[@]}")
}

offers() { # WANT WORD...: these, in any order, and no others
	local want=$1

	shift
	offered "$@"
	is "$(sort <<<"$reply" | xargs -d '\n')" \
		"$(tr ' ' '\n' <<<"$want" | sort | xargs -d '\n')" "$*"
}

has() { # "YES... -- NO..." WORD...: the first, and not the others
	local spec=$1 word want=0 wrong=

	shift
	offered "$@"
	for word in $spec; do
		if [[ $word == -- ]]; then
			want=1
			continue
		fi
		grep -qxF -e "$word" <<<"$reply"
		[[ $? -eq $want ]] || wrong+=" $word"
	done
	is "$wrong" '' "$*: $spec"
}

# What an applet's help shows, but for the options of others that it names.
help_options() { # APPLET
	if [[ $1 == fwbox ]]; then
		fwbox --help
	else
		"$1" --help
	fi >"$tmp/help"
	! grep -q 'Options: see fw-init' "$tmp/help" ||
		fw-init --help | grep -v '^  --\(keep\|boot\)' >>"$tmp/help"
	sed -E 's/[a-z]+-[a-z]+ --[a-z-]+//g; s/^usage: [^ ]+//' "$tmp/help" |
		grep -oE -- '(^|[[ (])--?[a-z][a-z-]*' | tr -d '[ (' |
		sort -u
}

for applet in fwbox $(fwbox --list); do
	complete -p "$applet" >/dev/null 2>&1
	ok $? "$applet: has completion"
	for file in _fwbox fwbox.fish; do
		grep -qw -e "$applet" "$folder/$file"
		ok $? "$applet: is in $file"
	done
	offered "$applet" -
	is "$(sort <<<"$reply")" "$(help_options "$applet")" \
		"$applet: the options of its help"
done

# Rules.
has 'ssh https insert prepend route in out from proto -- on port app' \
	fw-allow ''
offers 'https' fw-allow https
has 'ssh https from -- insert prepend' fw-limit ssh ''
has 'on from to -- ssh in' fw-deny in ''
offers 'lo' fw-deny in on ''
offers 'any' fw-reject from ''
has 'port app to proto comment -- from ssh insert' fw-allow from any ''
has 'ssh https -- from' fw-allow to any port ''
offers 'tcp udp ah esp gre ipv6 igmp vrrp any' fw-allow proto ''
offers '' fw-allow ssh comment ''
offers '' fw-allow insert ''
offers '' fw-allow --confirm ''
has 'ssh from' fw-init --confirm 60 ''
has 'in out from -- ssh' fw-allow route ''
mkdir "$tmp/lists"
: >"$tmp/lists/blocked"
offers "@$tmp/lists/blocked" fw-deny from @ "$tmp/lists/b"
offers "@$tmp/lists/" fw-deny from @ "$tmp/li"
offered fw-allow 'WWW\ F'
is "$reply" 'WWW\ Full' 'a profile of two words'
has 'OpenSSH' fw-allow from any app Open
offers 'list info' fw-app ''
offers 'OpenSSH' fw-app info Open

has 'in from icmp' fw-why ''
offers 'lo' fw-why in ''
has 'ssh -- in' fw-why to port ''

# The others.
has 'allow reject route -- ssh' fw-delete ''
has 'ssh from -- 1 reject' fw-delete allow ''
has 'in out from -- ssh 1' fw-delete route allow ''
if fw-status >/dev/null 2>&1; then
	has '1 2 3 -- 0 4' fw-delete ''
	has '2 3' fw-delete 1 ''
	has '1 -- 2' fw-delete -r "$tmp/one rule" ''
else
	skip 'the kernel cannot be asked' 'numbers of rules'
fi
offers 'allow deny reject' fw-default ''
offers 'incoming outgoing routed' fw-default deny ''
offers '' fw-default deny routed ''
offers 'medium' fw-logging -n m
offers '' fw-logging full ''
has 'iptables= ip6tables= ip= -- mtu= .iptables=' docker-cfg ip
offers '.iptables=' docker-cfg .ipt
offers 'true false' docker-cfg .iptables = ''
offers 'true' docker-cfg .iptables = t
offers 'true false' docker-cfg .iptables =
if ip link add br-test type bridge 2>/dev/null; then
	offers 'br-test' docker-chains -b ''
else
	skip 'needs a bridge' 'bridges'
fi
offers "$tmp/rules" fw-init -r "$tmp/ru"
offers "$tmp/bin" fwbox --install "$tmp/b"
offers "$tmp/bin" fwbox --install -s "$tmp/b"
offers "$(fwbox --list | xargs)" fwbox ''
offers 'allow deny reject' fwbox fw-default ''
offers '--iptables' /usr/sbin/docker-chains --ip
is "$(compgen -A function | grep -v ^_fwbox | grep -c '^_')" 0 \
	'no functions but its own'

# fish, asked: a line of what it offers for each.
# shellcheck disable=SC2016 # it is fish's
fish_asks='
source fwbox.fish
while read -l line
	echo (complete -C $line | cut -f 1 | string join " ")
end'
fish_offers() { # WANT-WORDS LINE: they are there
	local word wrong='' got

	read -r got
	for word in $1; do
		[[ " $got " == *" $word "* ]] || wrong+=" $word"
	done
	is "$wrong" '' "fish: $2"
}
fish_cases=(
	'fw-allow ' 'ssh https insert route from'
	'fw-allow in on ' 'lo'
	'fw-allow from any ' 'port app to'
	'fw-init --' '--boot --confirm --force --keep'
	'fw-delete allow ' 'ssh from'
	'fw-default ' 'allow deny reject'
	'fw-default deny ' 'incoming routed'
	'fw-logging ' 'low full'
	'fw-app info ' 'all OpenSSH'
	'fwbox ' 'fw-allow docker-cfg'
	'fwbox fw-logging ' 'low full'
)
if command -v fish >/dev/null; then
	for ((i = 0; i < ${#fish_cases[@]}; i += 2)); do
		echo "${fish_cases[i]}"
	done | (cd "$folder" && HOME=$tmp fish --no-config -c "$fish_asks") \
		>"$tmp/fish" 2>&1
	for ((i = 0; i < ${#fish_cases[@]}; i += 2)); do
		fish_offers "${fish_cases[i + 1]}" "${fish_cases[i]}"
	done <"$tmp/fish"
else
	skip 'no fish' 'fish, asked'
fi
done_testing
