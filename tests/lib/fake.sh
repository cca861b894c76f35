# shellcheck shell=bash
# An engine of Docker's that only answers, of fake_engine.py; one at a time.
# Needs tap.sh and net.sh.

fake= # its process
at_exit fake_end

fake_begin() { # SOCKET FOLDER [MODE]: what it tells is in FOLDER
	local ready=${tmp:?}/fake.ready

	mkfifo "$ready"
	setpriv --pdeathsig KILL "${python:?}" "${lib:?}/fake_engine.py" "$@" \
		>"$ready" &
	fake=$!
	read -r _ <"$ready"
	rm "$ready"
}

fake_event() { # that something happened
	kill -USR1 "$fake"
}

fake_end() {
	[[ $fake ]] || return 0
	kill "$fake"
	wait "$fake"
	fake=
}
