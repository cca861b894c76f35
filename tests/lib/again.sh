# shellcheck shell=bash
# A test within another.  Needs tap.sh.

again() { # TEST PREFIX: its checks as ours, its plan as one more
	local word rest planned='' before=${tap_count:?}

	while read -r word rest; do
		case $word in
		ok) ok 0 "$2: ${rest#*- }" ;;
		not) ok 1 "$2: ${rest#*- }" ;;
		'#') diag "$rest" ;;
		1..*) planned=${word#1..} ;;
		esac
	done < <(bash "$1" 2>"${tmp:?}/err")
	is "$((tap_count - before))" "${planned:-none}" "$2: $1 to its end" ||
		diag "$(<"$tmp/err")"
}
