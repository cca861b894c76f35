#!/bin/sh
# Installs fwbox from the folder this script is in: the binary, its links and
# manual pages, and if asked the services: fwbox loads /etc/fwbox/rules at boot,
# docker-chains is for Docker with "iptables": false. None is enabled.
#   ./install.sh [--ufw] [--service systemd|openrc|runit]
#                [--initramfs initramfs-tools|dracut|mkinitfs]
#   ./install.sh --uninstall       the rules file and the firewall stay
# PREFIX (/usr/local) and DESTDIR are taken from the environment.
set -eu
cd "$(dirname "$0")"
root=${DESTDIR:-}
prefix=${PREFIX:-/usr/local}
sbin=$root$prefix/sbin
share=$root$prefix/share

die() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 1
}

usage() {
	sed -n '2,8s/^# \{0,1\}//p' install.sh
	exit "$1"
}

# Each file named in SHA256SUMS, and the binary must be one of them.
check_sums() {
	grep -q '^[0-9a-f]\{64\}  fwbox$' SHA256SUMS 2>/dev/null ||
		die "SHA256SUMS does not name the binary: nothing installed"
	if command -v sha256sum >/dev/null; then
		sha256sum -c SHA256SUMS >/dev/null
	elif command -v shasum >/dev/null; then
		shasum -a 256 -c SHA256SUMS >/dev/null
	else
		die "needs sha256sum or shasum"
	fi || die "the sums differ: nothing installed"
}

# A name at a time, each whole or not at all: the old binary may be running.
put() { # MODE FILE TARGET
	mkdir -p "$(dirname "$3")"
	cp "$2" "$3.new"
	chmod "$1" "$3.new"
	mv -f "$3.new" "$3"
}

put_service() { # MODE FILE TARGET: with the path of the applets
	mkdir -p "$(dirname "$3")"
	sed "s,/usr/sbin/,$prefix/sbin/,g" "$2" >"$3.new"
	chmod "$1" "$3.new"
	mv -f "$3.new" "$3"
}

install_service() {
	case $1 in
	systemd)
		put_service 644 systemd/fwbox.service \
			"$root/etc/systemd/system/fwbox.service"
		put_service 644 systemd/docker-chains.service \
			"$root/etc/systemd/system/docker-chains.service"
		next="systemctl enable fwbox"
		;;
	openrc)
		put_service 755 openrc/fwbox "$root/etc/init.d/fwbox"
		put_service 755 openrc/docker-chains \
			"$root/etc/init.d/docker-chains"
		next="rc-update add fwbox boot"
		;;
	runit)
		put_service 644 runit/core-services.sh \
			"$root/etc/runit/core-services/98-fwbox.sh"
		put_service 755 runit/fwbox/run "$root/etc/sv/fwbox/run"
		put_service 755 runit/fwbox/control/h \
			"$root/etc/sv/fwbox/control/h"
		put_service 755 runit/docker-chains/run \
			"$root/etc/sv/docker-chains/run"
		next="ln -s /etc/sv/fwbox /var/service/"
		;;
	esac
	echo "next: fw-init OpenSSH, and $next"
}

# Hooks that close the host before its initramfs brings a network up.
install_initramfs() {
	put 644 initramfs/modules "$root/usr/share/fwbox/modules"
	hooks=$root/etc/initramfs-tools dir=initramfs/$1
	case $1 in
	initramfs-tools)
		put_service 755 "$dir/hook" "$hooks/hooks/fwbox"
		put_service 755 "$dir/init-top" "$hooks/scripts/init-top/fwbox"
		next="update-initramfs -u"
		;;
	dracut)
		hooks=$root/usr/lib/dracut/modules.d/90fwbox
		put_service 755 "$dir/module-setup.sh" "$hooks/module-setup.sh"
		put_service 755 "$dir/fwbox.sh" "$hooks/fwbox.sh"
		next="dracut --force"
		;;
	mkinitfs)
		hooks=$root/etc/mkinitfs/features.d
		put_service 644 "$dir/fwbox.files" "$hooks/fwbox.files"
		put_service 644 "$dir/fwbox.modules" "$hooks/fwbox.modules"
		put_service 755 "$dir/init" \
			"$root/usr/share/fwbox/initramfs-init"
		next="mkinitfs, with what its initramfs-init names"
		;;
	esac
	echo "next: with the rules as they are to be, $next"
}

is_ours() { # LINK
	[ "$(readlink "$1")" = fwbox ]
}

install_binary() {
	check_sums
	./fwbox --version >/dev/null || die "this binary does not run here"
	put 755 fwbox "$sbin/fwbox"
	for name in $(./fwbox --list) $ufw; do
		ln -sf fwbox "$sbin/$name"
	done
	# shellcheck disable=SC2046,SC2086 # words
	./man/install.sh "$share" $(./fwbox --list) $ufw
}

uninstall() {
	for name in fwbox $(cd "$sbin" && ls); do
		[ "$name" = fwbox ] || is_ours "$sbin/$name" || continue
		rm -f "$sbin/$name" "$share/man/man8/$name.8" \
			"$share/bash-completion/completions/$name" \
			"$share/fish/vendor_completions.d/$name.fish"
	done
	for page in man/*.[58]; do
		rm -f "$share/man/man${page##*.}/${page##*/}"
	done
	rm -f "$share/zsh/site-functions/_fwbox" \
		"$root/etc/sv/fwbox/control/h" \
		"$root/etc/runit/core-services/98-fwbox.sh"
	for name in fwbox docker-chains; do
		rm -f "$root/etc/systemd/system/$name.service" \
			"$root/etc/init.d/$name" "$root/etc/sv/$name/run"
	done
	hooks=$root/etc/initramfs-tools
	rm -f "$root/usr/share/fwbox/modules" "$hooks/hooks/fwbox" \
		"$hooks/scripts/init-top/fwbox" \
		"$root/usr/share/fwbox/initramfs-init" \
		"$root/etc/mkinitfs/features.d/fwbox.files" \
		"$root/etc/mkinitfs/features.d/fwbox.modules"
	hooks=$root/usr/lib/dracut/modules.d/90fwbox
	rm -f "$hooks/module-setup.sh" "$hooks/fwbox.sh"
	rmdir "$hooks" "$root/usr/share/fwbox" 2>/dev/null || :
	rmdir "$root/etc/sv/fwbox/control" "$root/etc/sv/fwbox" \
		"$root/etc/sv/docker-chains" 2>/dev/null || :
}

ufw='' service='' initramfs='' away=''
while [ $# -gt 0 ]; do
	case $1 in
	--ufw) ufw=ufw ;;
	--uninstall) away=yes ;;
	--service)
		case ${2:-} in
		systemd | openrc | runit) service=$2 ;;
		*) die "--service takes systemd, openrc or runit" ;;
		esac
		shift
		;;
	--initramfs)
		case ${2:-} in
		initramfs-tools | dracut | mkinitfs) initramfs=$2 ;;
		*) die "--initramfs takes initramfs-tools, dracut, mkinitfs" ;;
		esac
		shift
		;;
	--help) usage 0 ;;
	*) usage 2 >&2 ;;
	esac
	shift
done
if [ "$away" ]; then
	uninstall
else
	# Another ufw is another's to remove.
	[ -z "$ufw" ] || [ ! -e "$sbin/ufw" ] || is_ours "$sbin/ufw" ||
		die "$sbin/ufw is there already, and is not fwbox"
	install_binary
	[ -z "$service" ] || install_service "$service"
	[ -z "$initramfs" ] || install_initramfs "$initramfs"
fi
