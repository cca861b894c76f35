# shellcheck shell=bash
# Completion for bash: fwbox and all of its applets.

_fwbox_options() { # APPLET
	case $1 in
	fw-init) printf '%s\n' -n -r --confirm --force --keep --boot ;;
	fw-allow | fw-deny | fw-reject | fw-limit | fw-delete | \
		fw-default | fw-logging) printf '%s\n' -n -r --confirm --force ;;
	fw-status) printf '%s\n' -v --numbered --counters --json -r ;;
	docker-cfg)
		printf '%s\n' -n -r -f -b -d --any --check --json --keys \
			--no-iptables --undo --reload
		;;
	fw-why) echo -r ;;
	docker-chains)
		printf '%s\n' -n --iptables --as --delete --publish --list --json \
			--watch --pid-file --socket --force --no-sysctl \
			-f -b -s
		;;
	fwbox) printf '%s\n' --list --install -s --ufw --version --help ;;
	esac
}

_fwbox_services() {
	local name rest

	while read -r name rest; do
		[[ ! $name || $name == \#* ]] || echo "$name"
	done </etc/services
}

_fwbox_profiles() { # a name a line; it may hold spaces
	fw-app list | sed -n 's/^  //p'
}

_fwbox_bridges() {
	local dir

	for dir in /sys/class/net/*/bridge; do
		[[ ! -d $dir ]] || basename "${dir%/bridge}"
	done
}

_fwbox_numbers() { # [FILE]: of its rules
	fw-status ${1:+-r "$1"} --json | grep -o '"number":[0-9]*' |
		cut -d : -f 2
}

# What a rule may go on with behind WORD...
_fwbox_rule() {
	local used=" $* " word full=

	for word in in out log log-all from to proto comment; do
		if [[ $used == *" $word "* ]]; then
			full=yes
		else
			echo "$word"
		fi
	done
	[[ $used != *' '@(in|out)' ' ]] || echo on
	[[ $used != *' '@(from|to)' '* ]] || printf '%s\n' port app
	[[ ! $full && $used != *' route '* ]] || return
	_fwbox_services
	_fwbox_profiles
}

# The values that a word before has, a line each; fails where it has none.
_fwbox_value() { # WORD
	case $1 in
	in | out) [[ $applet == fw-why ]] && ls /sys/class/net ;;
	on) ls /sys/class/net ;;
	=) printf '%s\n' true false ;;
	proto) printf '%s\n' tcp udp ah esp gre ipv6 igmp vrrp any ;;
	from | to) echo any ;;
	port) _fwbox_services ;;
	app) _fwbox_profiles ;;
	info) echo all && _fwbox_profiles ;;
	-b) _fwbox_bridges ;;
	--as) printf '%s\n' 20.10 28 ;;
	comment | insert | --confirm | -s) ;;
	*) return 1 ;;
	esac
}

# The words that may come, a line each.
_fwbox_words() { # APPLET FILE WORD...
	local applet=$1 file=$2

	shift 2
	case $applet in
	fw-init | fw-allow | fw-deny | fw-reject | fw-limit)
		[[ $# -gt 0 ]] || printf '%s\n' insert prepend route
		_fwbox_rule "$@"
		;;
	fw-delete)
		if [[ " $*" == *' '@(allow|deny|reject|limit)* ]]; then
			_fwbox_rule "$@"
		else
			printf '%s\n' allow deny reject limit route
			_fwbox_numbers "$file"
		fi
		;;
	fw-default)
		[[ $# -gt 0 ]] || printf '%s\n' allow deny reject
		[[ $# -ne 1 ]] || printf '%s\n' incoming outgoing routed
		;;
	fw-app) [[ $# -gt 0 ]] || printf '%s\n' list info ;;
	fw-why) printf '%s\n' in out from to port tcp udp icmp ;;
	fw-logging) [[ $# -gt 0 ]] || printf '%s\n' off low medium high full ;;
	docker-cfg) docker-cfg --keys | sed "s/^/${cur%%[!.]*}/; s/ .*/=/" ;;
	fwbox) [[ $# -gt 0 ]] || fwbox --list ;;
	esac
}

# Of the lines those that begin with $cur, quoted as they must be typed.
_fwbox_fitting() {
	local word quoted

	while IFS= read -r word; do
		printf -v quoted %q "$word"
		[[ $quoted != "$cur"* ]] || printf '%s\n' "$quoted"
	done | sort -u
}

_fwbox_files() { # TYPE: f for files, d for folders
	mapfile -t COMPREPLY < <(compgen -"$1" -- "$cur")
	compopt -o filenames 2>/dev/null
}

# @FILE: readline does not know that there is a file's name in it.
_fwbox_lists() {
	local i

	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	for i in "${!COMPREPLY[@]}"; do
		[[ ! -d ${COMPREPLY[i]} ]] || COMPREPLY[i]+=/
		printf -v "COMPREPLY[$i]" '@%q' "${COMPREPLY[i]}"
	done
	compopt -o nospace 2>/dev/null
}

_fwbox() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local applet=${COMP_WORDS[0]##*/} words=() file='' i=1 word

	COMPREPLY=()
	# = and @ are words of their own to readline.
	[[ $cur != [=@] ]] || { prev=$cur cur=; }
	if [[ $applet == fwbox && ${COMP_WORDS[1]} != -* ]] && ((COMP_CWORD > 1))
	then
		applet=${COMP_WORDS[1]}
		i=2
	fi
	for (( ; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-r) [[ $applet == docker-cfg ]] || file=${COMP_WORDS[++i]} ;;
		-[fbsd] | --confirm | --pid-file | --socket) ((i++)) ;;
		-*) ;;
		*) words+=("$word") ;;
		esac
	done
	case $applet,$prev in
	*,@) _fwbox_lists ;;
	docker-cfg,-f | docker-chains,-f | \
		docker-chains,--pid-file | docker-chains,--socket | fw-*,-r) _fwbox_files f ;;
	fwbox,--install | fwbox,-s) _fwbox_files d ;;
	*)
		[[ $applet != docker-cfg || $cur == -* ]] ||
			compopt -o nospace 2>/dev/null
		mapfile -t COMPREPLY < <(
			if [[ $cur == -* ]]; then
				_fwbox_options "$applet"
			else
				_fwbox_value "$prev" ||
					_fwbox_words "$applet" "$file" \
						"${words[@]}"
			fi 2>/dev/null | _fwbox_fitting
		)
		;;
	esac
}

complete -F _fwbox fwbox fw-init fw-allow fw-deny fw-reject fw-limit \
	fw-delete fw-default fw-logging fw-status fw-stop fw-app fw-why \
	docker-cfg docker-chains
