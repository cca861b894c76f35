#!/bin/bash
# User-data: Debian's cloud-init takes it from a seed and boots with it, in a
# guest that has no network, and the rules are read from the kernel.
set -u
# shellcheck source=tests/services/guest.sh
. tests/services/guest.sh
peer=$PWD/build/peers/cloud-init
[[ -x $peer/usr/bin/cloud-init ]] ||
	skip_all 'no cloud-init: scripts/setup.sh test'
here=scripts/cloud-init
unset FWBOX_RULES

# /usr with cloud-init, and with fwbox where the image is to have it.
mkdir -p "$tmp/layer"
cp -a "$peer/usr/." "$tmp/layer/"
mkdir -p "$tmp/layer/sbin" "$tmp/layer/local/sbin"

like "$(<"$peer/lib/systemd/system/cloud-init-local.service")" \
	'Before=network-pre.target' 'the local stage is before the network'

cp $here/image.yaml "$tmp/image.yaml"
for name in bootcmd write-files; do
	$here/user-data.sh $here/$name.yaml.in fwbox >"$tmp/$name.yaml"
	ok $? "$name: user-data.sh"
	diag "$(wc -c <"$tmp/$name.yaml") bytes," \
		"compressed $(gzip -9c "$tmp/$name.yaml" | wc -c)"
	$here/user-data.sh $here/$name.yaml.in fwbox |
		cmp -s - "$tmp/$name.yaml"
	ok $? "$name: the same each time"
done

# What the kernel is to have.
net_new reference
expected() { # FILE WORD...
	net_run reference nft flush ruleset &&
		net_run reference "$fwbox" fw-init -r "$@" 2>"$tmp/err" &&
		net_run reference nft list ruleset
}
with_targets=$(expected "$tmp/targets" OpenSSH http https)
printf '%s\n' 'default deny incoming' 'limit OpenSSH' >"$tmp/written"
with_file=$(expected "$tmp/written" http https)

seed() { # NAME: a guest's root with cloud-init's settings and the user-data
	local etc=$tmp/$1.root/etc seed=$tmp/$1.root/var/lib/cloud/seed/nocloud

	mkdir -p "$etc/systemd/system" "$seed"
	cp -a "$peer/etc/cloud" "$etc/"
	# Of Debian's modules those that user-data of ours is for.
	cat >"$etc/cloud/cloud.cfg.d/99-test.cfg" <<-EOT
		datasource_list: [NoCloud]
		network: {config: disabled}
		cloud_init_modules: [bootcmd, write-files]
		cloud_config_modules: [runcmd]
		cloud_final_modules: [scripts-user]
	EOT
	cp $here/meta-data "$seed/"
	cp "$tmp/$1.yaml" "$seed/user-data"
}

stage() { # NAME WORD...: a stage of cloud-init, as its service runs it
	local name=$1

	shift
	guest_run env PYTHONPYCACHEPREFIX=/root/python cloud-init "$@" \
		>"$tmp/out" 2>&1
	ok $? "$name: cloud-init $*" || diag "$(<"$tmp/out")"
}

rest_of_boot() { # NAME
	stage "$1" init
	stage "$1" modules --mode=config
	stage "$1" modules --mode=final
}

reboot() { # what is gone with the kernel and /run is gone
	nsenter --net="/proc/$guest_pid/ns/net" -- nft flush ruleset
	guest_run sh -c 'rm -rf /run/cloud-init'
}

no_errors() { # NAME
	is "$(guest_run grep -E 'WARNING|ERROR|Traceback' \
		/var/log/cloud-init.log)" '' "$1: nothing in its log"
}

state() { # the rules file, and the binary's and the links' inodes
	guest_run sh -c 'cat /etc/fwbox/rules; ls -i /usr/local/sbin'
}

start() { # NAME
	seed "$1"
	guest_start "$1.root" sleep infinity
	stage "$1" schema --config-file /var/lib/cloud/seed/nocloud/user-data
	like "$(<"$tmp/out")" '^Valid cloud-config' "$1: schema: valid"
}

start bootcmd
stage bootcmd init --local
guest_has "$with_targets" 'bootcmd: closed before the network is up'
rest_of_boot bootcmd
guest_has "$with_targets" 'bootcmd: booted, the rules are there'
files=$(state)
reboot
stage 'bootcmd, again' init --local
guest_has "$with_targets" 'bootcmd, again: closed before the network is up'
is "$(state)" "$files" 'bootcmd, again: the files are the same'
guest_run /usr/local/sbin/fw-delete allow https
edited=$(guest_rules)
reboot
stage 'bootcmd, edited' init --local
guest_has "$edited" 'bootcmd, edited: the rules stay edited'
no_errors bootcmd
guest_stop

start write-files
stage write-files init --local
guest_has '' 'write-files: open until runcmd'
rest_of_boot write-files
guest_has "$with_file" 'write-files: booted, the rules are there'
files=$(state)
is "$(guest_run stat -c '%a %U' /etc/fwbox/rules)" '600 root' \
	'write-files: the mode of the rules file'
is "$(guest_run sha256sum /usr/local/sbin/fwbox | cut -d ' ' -f 1)" \
	"$(sha256sum fwbox | cut -d ' ' -f 1)" 'write-files: the binary'
is "$(guest_run systemctl is-enabled fwbox.service)" enabled \
	'write-files: the service is enabled'
guest_run systemd-analyze verify --man=no \
	/etc/systemd/system/fwbox.service >"$tmp/out" 2>&1
ok $? 'write-files: the service is verified' || diag "$(<"$tmp/out")"
reboot
guest_run /usr/local/sbin/fw-init # as the service does
stage 'write-files, again' init --local
rest_of_boot 'write-files, again'
guest_has "$with_file" 'write-files, again: the rules are the same'
is "$(state)" "$files" 'write-files, again: and the files'
no_errors write-files
guest_stop

cp "$fwbox" "$tmp/layer/sbin/"
for name in $("$fwbox" --list); do
	ln -s fwbox "$tmp/layer/sbin/$name"
done
start image
stage image init --local
guest_has "$with_targets" 'image: closed before the network is up'
reboot
stage 'image, again' init --local
guest_has "$with_targets" 'image, again: the rules are the same'
no_errors image
guest_stop
done_testing
