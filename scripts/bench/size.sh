# shellcheck shell=bash disable=SC2154 # tmp, samples
# What each way needs on the disk: a package with all it depends on, but for
# what every Debian has (essential, or of priority required).

needed() { # PACKAGE...: "PACKAGES KB"
	# shellcheck disable=SC2016 # dpkg-query fills these in
	dpkg-query -W -f '${Package}\t${db:Status-Status}\t${Installed-Size}\t'\
'${Priority}\t${Provides}\t${Pre-Depends}, ${Depends}\n' |
		python3 scripts/bench/needed.py "$@"
}

bench_size() {
	local way packages

	begin
	printf 'all of it\tfwbox\tpackages=0\tdisk=%s\n' \
		"$(stat -c %s "$tmp/fwbox")" >>"$samples"
	while IFS=: read -r way packages; do
		# shellcheck disable=SC2086 # a run of words
		printf 'all of it\t%s\t%s\n' "$way" "$(needed $packages)" \
			>>"$samples"
	done <<-EOT
		nft, jq:nftables jq
		iptables, jq:iptables jq
		ufw:ufw
		ufw, jq, iptables:ufw jq iptables
	EOT
	report size 'What the job needs on the disk'
}
