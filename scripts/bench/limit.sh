# shellcheck shell=bash disable=SC2154 # tmp, tools
# The limit: the same batches sent by a program that only opens a socket,
# sends and reads the answer.  What fwbox does beside that, its files and its
# questions to the kernel, is the difference.

capture() { # NAME COMMAND...: to $tmp/batch.NAME.0
	net_run limit python3 scripts/bench/capture.py "$tmp/batch.$1" \
		"${@:2}" >/dev/null
	[[ -s $tmp/batch.$1.0 ]] || die "no batch caught of $1"
}

# Each case is a command, with what it needs loaded before.
limit_plan() { # CASE BATCH-LOADED-BEFORE BATCH COMMAND...
	local before=$2 batch=$3 name

	for name in fwbox limit; do
		contestant "$1" "$name" limit
		prepare nft flush ruleset
		prepare cp "$tmp/limit.rules" "$tmp/limit.new"
		[[ $before == none ]] ||
			prepare "$tools/replay" "$tmp/batch.$before.0"
		if [[ $name == fwbox ]]; then
			run "${@:4}"
		else
			run "$tools/replay" "$tmp/batch.$batch.0"
		fi
	done
}

bench_limit() {
	local bin=$tmp/bin rules=$tmp/limit.rules new=$tmp/limit.new
	local allow=(OpenSSH http https)

	begin
	net_new limit
	capture init "$bin/fw-init" -r "$rules"
	cp "$rules" "$new"
	capture allow "$bin/fw-allow" -r "$new" "${allow[@]}"
	capture chains "$bin/docker-chains"
	limit_plan fw-init none init "$bin/fw-init" -r "$rules"
	limit_plan 'fw-init again' init init "$bin/fw-init" -r "$rules"
	limit_plan 'fw-allow' init allow "$bin/fw-allow" -r "$new" \
		"${allow[@]}"
	limit_plan docker-chains allow chains "$bin/docker-chains"
	contestant 'all three' fwbox limit
	prepare nft flush ruleset
	prepare rm -f "$new"
	run "$bin/fw-init" -r "$new"
	run "$bin/fw-allow" -r "$new" "${allow[@]}"
	run "$bin/docker-chains"
	contestant 'all three' limit limit
	prepare nft flush ruleset
	run "$tools/replay" "$tmp/batch.init.0"
	run "$tools/replay" "$tmp/batch.allow.0"
	run "$tools/replay" "$tmp/batch.chains.0"
	count_calls
	race 15
	report limit 'The same bytes sent by the least program'
}
