# shellcheck shell=bash
# What the tests of systemd units share.

# shellcheck source=tests/services/guest.sh
. tests/services/guest.sh

unit_is_closed() { # UNIT: and its exposure, as systemd counts it
	systemd-analyze security --offline=yes --threshold=20 "$1" \
		>"${tmp:?}/out" 2>&1
	ok $? 'systemd: exposure under 2.0' || diag "$(<"$tmp/out")"
	diag "$(tail -n 1 "$tmp/out")"
}

# Refused calls get an error, and nobody may notice: none may be refused.

unit_resolve() { # WORD...: the calls, groups and all that is in them
	local word

	for word; do
		case $word in
		@*)
			# shellcheck disable=SC2046 # words
			unit_resolve $(systemd-analyze syscall-filter "$word" \
				2>/dev/null | sed 1d | grep -v '#')
			;;
		*) echo "$word" ;;
		esac
	done
}

unit_filter() { # UNIT: into $tmp/allowed
	# shellcheck disable=SC2046 # words
	unit_resolve @default $(sed -n 's/^SystemCallFilter=//p' "$1") |
		sort -u >"$tmp/allowed"
}

unit_calls() { # NAME: each call in $tmp/trace
	is "$(sed -nE 's/^([0-9]+ +)?([a-z0-9_]+)\(.*/\2/p' "$tmp/trace" |
		sort -u | comm -23 - "$tmp/allowed")" '' \
		"systemd: $1: each call is in the filter"
}

# Of all that sysinit.target wants only what is ours.
units_of_others() { # FOLDER: they are masked there
	local name

	for name in systemd-udevd systemd-udev-trigger systemd-journald \
		systemd-journal-flush systemd-tmpfiles-setup \
		systemd-tmpfiles-setup-dev \
		systemd-sysusers systemd-timesyncd systemd-update-utmp \
		systemd-modules-load systemd-random-seed; do
		ln -s /dev/null "$1/$name.service"
	done
}

unit_verified() { # UNIT: in the guest, where what it starts is
	guest_run systemd-analyze verify --man=no \
		"/etc/systemd/system/$1" >"$tmp/out" 2>&1
	ok $? 'systemd: verified'
	is "$(<"$tmp/out")" '' 'systemd: with nothing to say'
}
