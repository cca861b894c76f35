#!/bin/bash
# dracut: /usr/lib/dracut/modules.d/90fwbox/module-setup.sh

check() {
	[[ -r ${dracutsysrootdir-}/etc/fwbox/rules ]]
}

depends() {
	return 0
}

installkernel() {
	local modules

	mapfile -t modules < <(sed 's/ *#.*//; /^$/d' /usr/share/fwbox/modules)
	hostonly='' instmods "${modules[@]}"
}

# shellcheck disable=SC2154 # dracut sets initdir and moddir
install() {
	inst_simple /usr/sbin/fwbox
	ln -sf fwbox "$initdir/usr/sbin/fw-init"
	inst_simple /etc/fwbox/rules
	# Names that the rules may have.
	inst_multiple -o /etc/services /etc/fwbox/applications.d/* \
		/etc/ufw/applications.d/*
	# Before udev, and with it before any interface.
	inst_hook pre-udev 10 "$moddir/fwbox.sh"
}
