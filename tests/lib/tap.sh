# shellcheck shell=bash
# TAP from bash.  A test sources this, makes its checks, and ends with
# `done_testing`.  $tmp is a folder of its own; at_exit takes what must be
# done at the end, whatever happens, last first.

tap_count=0 tap_failed=0
at_exit_commands=()

at_exit() { # COMMAND-LINE
	at_exit_commands=("$1" "${at_exit_commands[@]}")
}

run_at_exit() {
	local status=$? command

	trap '' INT TERM HUP
	for command in "${at_exit_commands[@]}"; do
		eval "$command" 2>/dev/null
	done
	exit "$status"
}
trap run_at_exit EXIT
trap 'exit 1' INT TERM HUP

tmp=$(mktemp -d) || exit 1
at_exit "rm -rf '$tmp'"

diag() { # TEXT: as comments, whatever it holds
	printf '%s\n' "$*" | sed 's/^/# /'
}

ok() { # STATUS NAME
	tap_count=$((tap_count + 1))
	if [[ $1 -eq 0 ]]; then
		printf 'ok %d - %s\n' "$tap_count" "${2//#/}"
	else
		printf 'not ok %d - %s\n' "$tap_count" "${2//#/}"
		tap_failed=$((tap_failed + 1))
	fi
	return "$1"
}

is() { # GOT WANT NAME
	[[ $1 == "$2" ]]
	ok $? "$3" || {
		diag "got:  $1"
		diag "want: $2"
	}
}

like() { # GOT PATTERN NAME: an extended regular expression
	[[ $1 =~ $2 ]]
	ok $? "$3" || {
		diag "got:  $1"
		diag "want: $2"
	}
}

unlike() { # GOT PATTERN NAME
	[[ ! $1 =~ $2 ]]
	ok $? "$3" || {
		diag "got: $1"
		diag "not: $2"
	}
}

skip() { # WHY NAME: one check that cannot be made here
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "${2//#/}" "$1"
}

skip_all() { # WHY
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

need_tools() { # NAME...: skips the test where one is missing
	local tool

	for tool; do
		command -v "$tool" >/dev/null || skip_all "needs $tool"
	done
}

bail() { # WHY: the test itself cannot go on
	ok 1 "$1"
	printf '1..%d\n' "$tap_count"
	exit 1
}

done_testing() {
	printf '1..%d\n' "$tap_count"
	exit $((tap_failed != 0))
}
