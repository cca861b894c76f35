# shellcheck shell=bash disable=SC2154 # tmp, disk
# The main job: four lines of fwbox against a page of ufw, jq and iptables,
# and against the same ruleset in one nft script, with jq.  In memory and on
# disk, because fwbox waits for the disk to have its files and the others do
# not.

fresh() { # FOLDER: before each run
	prepare nft flush ruleset
	prepare rm -rf "$1"
	prepare mkdir -p "$1"
	prepare ln -sfn "$1" /etc/docker
	prepare sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
}

four_lines() { # FOLDER [OPTION OF DOCKER-CHAINS]
	run "$tmp/bin/fw-init" -r "$1/rules"
	run "$tmp/bin/fw-allow" -r "$1/rules" OpenSSH http https
	run "$tmp/bin/docker-cfg" .iptables=false
	run "$tmp/bin/docker-chains" "${@:2}"
}

page_of_ufw() {
	prepare cp -a "$tmp/ufw.fresh/." /etc/ufw
	run ufw default deny incoming
	run ufw allow OpenSSH
	run ufw allow http
	run ufw allow https
	run ufw --force enable
}

page_of_jq() { # FILE
	run touch "$1"
	run bash -c "[[ -z \$(cat $1) ]] && echo {} >$1"
	run bash -c "echo \$(jq .iptables=false $1) >$1"
}

page_of_iptables() {
	local stage=DOCKER-ISOLATION-STAGE add='run iptables -A'
	local out='FORWARD -o docker0' in='FORWARD -i docker0' chain

	for chain in DOCKER $stage-1 $stage-2 DOCKER-USER; do
		run iptables -N "$chain"
	done
	# Unquoted: each is a run of words.
	# shellcheck disable=SC2086
	{
		$add FORWARD -j DOCKER-USER
		$add FORWARD -j $stage-1
		$add $out -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		$add $out -j DOCKER
		$add $in ! -o docker0 -j ACCEPT
		$add $in -o docker0 -j ACCEPT
		$add $stage-1 -i docker0 ! -o docker0 -j $stage-2
		$add $stage-1 -j RETURN
		$add $stage-2 -o docker0 -j DROP
		$add $stage-2 -j RETURN
		$add DOCKER-USER -j RETURN
		run iptables -t nat -A POSTROUTING ! -o docker0 \
			-s 172.17.0.0/16 -j MASQUERADE
	}
}

nft_and_jq() { # FOLDER
	prepare sh -c "echo {} >$1/daemon.json"
	run nft -f "$tmp/main.nft"
	run bash -c "echo \$(jq .iptables=false $1/daemon.json) \
>$1/daemon.json"
}

main_plan() { # CASE FOLDER
	contestant "$1" fwbox main
	fresh "$2"
	four_lines "$2"
	contestant "$1" 'fwbox --iptables' main
	fresh "$2"
	four_lines "$2" --iptables
	contestant "$1" 'nft, jq' main
	fresh "$2"
	nft_and_jq "$2"
	contestant "$1" 'ufw, jq, iptables' main
	fresh "$2"
	page_of_ufw
	page_of_jq "$2/daemon.json"
	page_of_iptables
}

bench_main() {
	begin
	net_new main
	"$tmp/bin/fw-init" -n -r "$tmp/none" OpenSSH http https >"$tmp/main.nft"
	"$tmp/bin/docker-chains" -n >>"$tmp/main.nft"
	main_plan 'in memory' "$tmp/main"
	count_calls
	main_plan 'on disk' "$disk/main"
	race 11
	report main 'The main job'
}
