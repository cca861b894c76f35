#!/bin/bash
# What is shipped: make dist and install.sh, the Debian packages from being
# built to being purged, and the recipes of other distributions.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
for tool in dh lintian dpkg-deb git; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
mapfile -t applets < <(./fwbox --list)
version=$(sed -n 's/^VERSION := //p' Makefile)

run() { # NAME COMMAND...
	local name=$1

	shift
	"$@" >"$tmp/out" 2>&1
	ok $? "$name" || {
		diag "$(tail -n 30 "$tmp/out")"
		return 1
	}
}

names() { # FOLDER: all that is in it but folders
	(cd "$1" && find . ! -type d | sort)
}

# The tarballs.  Tests run beside each other: nothing may rebuild ./fwbox here.

mkdir "$tmp/tree"
git ls-files -z | xargs -0 cp -a --parents -t "$tmp/tree"
cp -R .git "$tmp/tree/" 2>/dev/null
[[ -d $tmp/tree/.git ]] || {
	rm -f "$tmp/tree/.git"
	git -C "$tmp/tree" init -q
	git -C "$tmp/tree" add .
	git -C "$tmp/tree" -c user.name=test -c user.email=test@localhost \
		commit -q -m test
}
cp -a fwbox "$tmp/tree/"
mkdir "$tmp/tree/build"
[[ ! -d build/deps ]] ||
	ln -s "$(readlink -f build/deps)" "$tmp/tree/build/deps"
# shellcheck disable=SC2317 # for run
dist() {
	make -C "$tmp/tree" -o fwbox dist
}
run 'make dist' dist || bail 'no tarballs'
sums=$(<"$tmp/tree/build/dist/SHA256SUMS")
(cd "$tmp/tree/build/dist" && sha256sum -c --quiet SHA256SUMS)
ok $? 'dist: the sums are right'
is "$(wc -l <<<"$sums")" 2 'dist: the sources and the binary'
find "$tmp/tree" -name '*.md' -exec touch -d '2001-01-01' {} +
run 'make dist, again' dist
is "$(<"$tmp/tree/build/dist/SHA256SUMS")" "$sums" \
	'dist: the same commit, the same bytes'
mkdir "$tmp/sources" "$tmp/release"
tar -C "$tmp/sources" -xzf "$tmp/tree/build/dist/fwbox-$version.tar.gz"
[[ -f $tmp/sources/fwbox-$version/Makefile ]]
ok $? 'dist: the sources are in a folder of their own'
tar -C "$tmp/release" -xzf "$tmp/tree/build/dist/"*-linux-*.tar.gz
release=$(echo "$tmp/release"/*)
cmp -s fwbox "$release/fwbox"
ok $? 'dist: the binary is the one built'

installs() { # NAME SHELL...: in a root of its own, and away again
	local name=$1 root=$tmp/root.$1 applet bad=0 kind

	shift
	run "$name: install.sh" env DESTDIR="$root" "$@" "$release/install.sh" \
		--ufw
	for applet in "${applets[@]}"; do
		"$root/usr/local/sbin/$applet" --help >/dev/null || bad=1
	done
	ok $bad "$name: each applet works by its name"
	is "$(readlink "$root/usr/local/sbin/ufw")" fwbox "$name: and ufw"
	[[ -s $root/usr/local/share/man/man8/fw-init.8 ]]
	ok $? "$name: the manual pages"
	for kind in systemd openrc runit; do
		run "$name: --service $kind" env DESTDIR="$root" "$@" \
			"$release/install.sh" --service "$kind"
	done
	is "$(grep -rl /usr/sbin "$root/etc")" '' "$name: the services' path"
	is "$(names "$root/etc" | grep -c docker-chains)" 3 \
		"$name: docker-chains has its own"
	is "$(find "$root/etc" -type l)" '' "$name: none is enabled"
	run "$name: --uninstall" env DESTDIR="$root" "$@" \
		"$release/install.sh" --uninstall
	is "$(names "$root")" '' "$name: nothing is left"
}
installs bash bash
installs dash dash
installs busybox busybox sh
root=$tmp/root.refused
mkdir -p "$root/usr/local/sbin"
echo another >"$root/usr/local/sbin/ufw"
DESTDIR=$root "$release/install.sh" --ufw >"$tmp/out" 2>&1
is $? 1 'another ufw: refused'
is "$(<"$root/usr/local/sbin/ufw")" another 'another ufw: left alone'
DESTDIR=$root "$release/install.sh" --uninstall
is "$(names "$root")" ./usr/local/sbin/ufw 'another ufw: not uninstalled'
echo >>"$release/README.md"
DESTDIR=$root "$release/install.sh" >"$tmp/out" 2>&1
is $? 1 'a file changed: refused'
like "$(<"$tmp/out")" 'sums differ: nothing installed' 'a file changed: says so'
rm "$release/SHA256SUMS"
DESTDIR=$root "$release/install.sh" >"$tmp/out" 2>&1
is $? 1 'no sums: refused'
is "$(names "$root")" ./usr/local/sbin/ufw 'no sums: nothing installed'

# The Debian packages.

run 'debian: built' scripts/debian/build.sh "$tmp/debian"
debs=("$tmp/debian"/*.deb)
is ${#debs[@]} 3 'debian: three packages'
lintian --allow-root --fail-on error,warning "$tmp/debian"/*.changes \
	>"$tmp/out" 2>&1
ok $? 'debian: lintian' || diag "$(<"$tmp/out")"
dpkg-deb -x "$tmp/debian/fwbox_"*.deb "$tmp/unpacked"
"$tmp/unpacked/usr/sbin/fw-init" --help >/dev/null
ok $? 'debian: the binary is left as it is, and runs'
cmp -s fwbox "$tmp/unpacked/usr/sbin/fwbox"
ok $? 'debian: built in another folder it is the same'
grep -q '^ConditionPathExists=/etc/fwbox/rules' \
	"$tmp/unpacked/lib/systemd/system/fwbox.service"
ok $? 'debian: the service'
cmp -s scripts/systemd/docker-chains.service \
	"$tmp/unpacked/lib/systemd/system/docker-chains.service"
ok $? 'debian: that of docker-chains'
# dpkg in a folder.  Its scripts are run outside of it, and know by DPKG_ROOT.
root=$tmp/dpkg
mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info" "$root/etc"
: >"$root/var/lib/dpkg/status"
# shellcheck disable=SC2317 # for run
dpkg_() {
	dpkg --root="$root" --force-not-root --force-script-chrootless \
		--log="$tmp/dpkg.log" "$@"
}
state() { # PACKAGE
	dpkg-query --admindir="$root/var/lib/dpkg" \
		-f '${db:Status-Status}' -W "$1" 2>/dev/null
}
# What makes the images would be run here: tests/initramfs.t has that.
debs=("$tmp/debian/fwbox_"*.deb "$tmp/debian/fwbox-ufw_"*.deb)
run 'debian: installed' dpkg_ -i "${debs[@]}"
is "$(state fwbox) $(state fwbox-ufw)" 'installed installed' 'debian: both are'
is "$(find "$root/etc/systemd" -type l -printf '%f\n')" fwbox.service \
	'debian: docker-chains is not enabled'
is "$(readlink "$root/usr/sbin/ufw")" fwbox 'debian: fwbox-ufw has ufw'
bad=0
for applet in "${applets[@]}"; do
	"$root/usr/sbin/$applet" --help >/dev/null || bad=1
done
ok $bad 'debian: each applet works by its name'
[[ ! -e $root/etc/fwbox/rules ]]
ok $? 'debian: installing makes no rules'
mkdir -p "$root/etc/fwbox"
echo 'allow ssh' >"$root/etc/fwbox/rules"

# An upgrade, to the same with a higher number.
dpkg-deb -R "$tmp/debian/fwbox_"*.deb "$tmp/newer"
sed -i "s/^Version: .*/Version: $version+1/" "$tmp/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$tmp/newer" "$tmp/newer.deb" >/dev/null
run 'debian: upgraded' dpkg_ -i "$tmp/newer.deb"
is "$(<"$root/etc/fwbox/rules")" 'allow ssh' 'debian: the rules stay'
dpkg-deb -I "$tmp/newer.deb" prerm >"$tmp/prerm"
like "$(<"$tmp/prerm")" '= remove \].*' 'debian: an upgrade stops nothing'
unlike "$(sed '/= remove \]/,/^fi/d' "$tmp/prerm")" stop \
	'debian: only the removal does'
run 'debian: removed' dpkg_ -r fwbox-ufw fwbox
[[ ! -e $root/usr ]]
ok $? 'debian: nothing of it is left'
[[ -s $root/etc/fwbox/rules ]]
ok $? 'debian: but the rules'
run 'debian: purged' dpkg_ -P fwbox fwbox-ufw
is "$(state fwbox)$(state fwbox-ufw)" '' 'debian: both are'
is "$(names "$root/etc")" '' 'debian: and the rules too'
[[ ! -e $root/etc/fwbox ]]
ok $? 'debian: and their folder'

# fwbox-initramfs, with the real initramfs-tools, whose trigger makes the image.
kernel=$PWD/build/peers/boot/x86_64-6.1
tools=$PWD/build/peers/initramfs-debs
images=$tmp/images
ours() { # STEP: what is in its image
	gzip -dc "$images/$1.img" | cpio --quiet -t 2>"$tmp/out" |
		grep -E 'fwbox|/fw-|/nf_tables\.' |
		sed 's/^usr\///; s/\.ko.*//' | sort
}
initramfs() {
	local version order

	version=$(cd "$kernel/lib/modules" && echo *)
	[[ -s $kernel/lib/modules/$version/modules.dep ]] ||
		depmod -b "$kernel" "$version"
	unshare --mount --net --propagation private \
		bash tests/initramfs/package.sh "$images" "$kernel" "$tools" \
		"$tmp/debian/fwbox"{,-initramfs}_*.deb >"$tmp/out" 2>&1
	is "$?$(<"$tmp/out")" 0 \
		'initramfs: installed, and purged with all its files' ||
		diag "$(tail -n 20 "$images"/*.out)"
	is "$(ours before)" '' 'initramfs: an image without the package'
	is "$(ours installed)" "etc/fwbox
etc/fwbox/rules
lib/modules/$version/kernel/net/netfilter/nf_tables
sbin/fw-init
sbin/fwbox
scripts/init-top/fwbox" 'initramfs: installing it makes one with the firewall'
	order=$(gzip -dc "$images/installed.img" |
		cpio --quiet --to-stdout -i scripts/init-top/ORDER |
		sed -n 's,^/scripts/init-top/\([a-z_-]*\) .*,\1,p')
	like "${order//$'\n'/ }" 'fwbox.* udev' 'initramfs: it is before udev'
	is "$(ours purged)" '' 'initramfs: purging it makes one without'
}
if ((EUID == 0)) && [[ -d $tools && -d $kernel ]]; then
	initramfs
else
	skip 'needs root, and scripts/setup.sh test' 'initramfs: the package'
fi

# The recipes: their functions are run with what their tools would give them.

alpine=scripts/alpine/APKBUILD
sh -n $alpine
ok $? 'alpine: its syntax'
alpine_value() { # VARIABLE
	sh -c '. "$0"; eval "printf %s \"\$$1\""' "$PWD/$alpine" "$1"
}
is "$(alpine_value pkgver)" "$version" 'alpine: the version'
for name in pkgname pkgdesc url arch license source; do
	like "$(alpine_value $name)" . "alpine: $name"
done
mkdir "$tmp/alpine"
# make finds the binary of this tree up to date there, and so builds nothing.
# shellcheck disable=SC2016 # for the inner shell
run 'alpine: package()' sh -euc '
	srcdir=$1/alpine pkgdir=$1/alpine/pkg subpkgdir=$1/alpine/ufw
	make() { command make -o fwbox "$@"; }
	. "$2"
	builddir=$3
	cd "$builddir"
	build
	check
	package
	ufw' sh "$tmp" "$PWD/$alpine" "$tmp/tree"
root=$tmp/alpine/pkg
"$root/usr/sbin/fw-init" --help >/dev/null
ok $? 'alpine: the applets'
cmp -s "$root/etc/init.d/fwbox" scripts/openrc/fwbox
ok $? 'alpine: the OpenRC service'
cmp -s "$root/etc/init.d/docker-chains" scripts/openrc/docker-chains
ok $? 'alpine: that of docker-chains'
is "$(readlink "$tmp/alpine/ufw/usr/sbin/ufw")" fwbox 'alpine: fwbox-ufw'

# OpenWrt's and Buildroot's make is stood in for by the few words they use.
openwrt=$tmp/openwrt
mkdir -p "$openwrt/include" "$openwrt/root"
: >"$openwrt/rules.mk"
cat >"$openwrt/include/package.mk" <<-'EOT'
	INSTALL_DIR := install -d -m0755
	INSTALL_BIN := install -m0755
	MAKE_FLAGS := CC=musl-gcc
	define BuildPackage
	install-$(1): ; $(call Package/$(1)/install,$(ROOT)/$(1))
	all: install-$(1)

	endef
	all:
EOT
run 'OpenWrt: installs' make -C scripts/openwrt TOPDIR="$openwrt" \
	INCLUDE_DIR="$openwrt/include" ROOT="$openwrt/root" \
	PKG_BUILD_DIR="$tmp/tree"
"$openwrt/root/fwbox/usr/sbin/fw-init" --help >/dev/null
ok $? 'OpenWrt: the applets'
sh -n "$openwrt/root/fwbox/etc/init.d/fwbox"
ok $? 'OpenWrt: the service'
sh -n "$openwrt/root/fwbox-docker-chains/etc/init.d/docker-chains"
ok $? 'OpenWrt: that of docker-chains'
is "$(names "$openwrt/root" | grep -c docker-chains$)" 2 \
	'OpenWrt: is in a package of its own'
like "$(<scripts/openwrt/Makefile)" "PKG_VERSION:=$version"$'\n' \
	'OpenWrt: the version'

buildroot=$tmp/buildroot
mkdir "$buildroot"
cat >"$buildroot/Makefile" <<-EOT
	INSTALL := install
	TARGET_DIR := $buildroot/target
	TARGET_CONFIGURE_OPTS := CC=musl-gcc
	include $PWD/scripts/buildroot/fwbox.mk
	$tmp/tree/target: ; \$(call FWBOX_INSTALL_TARGET_CMDS)
	$tmp/tree/systemd: ; \$(call FWBOX_INSTALL_INIT_SYSTEMD)
	$tmp/tree/openrc: ; \$(call FWBOX_INSTALL_INIT_OPENRC)
	$tmp/tree/sysv: ; \$(call FWBOX_INSTALL_INIT_SYSV)
EOT
recipe() { # WHAT NAME=VALUE...
	local what=$1

	shift
	run "Buildroot: $what $*" make -B -C "$buildroot" \
		FWBOX_PKGDIR="$PWD/scripts/buildroot" "$@" "$tmp/tree/$what"
}
for what in target systemd openrc sysv; do
	recipe $what
done
is "$(find "$buildroot/target" -name '*docker-chains*' ! -type l)" '' \
	'Buildroot: no service of docker-chains'
for what in systemd openrc sysv; do
	recipe $what BR2_PACKAGE_FWBOX_DOCKER_CHAINS=y
done
is "$(find "$buildroot/target" -name '*docker-chains*' ! -type l | wc -l)" 3 \
	'Buildroot: unless asked for'
sh -n "$buildroot/target/etc/init.d/S59docker-chains"
ok $? 'Buildroot: its syntax'
"$buildroot/target/usr/sbin/fw-init" --help >/dev/null
ok $? 'Buildroot: the applets'
sh -n "$buildroot/target/etc/init.d/S39fwbox"
ok $? 'Buildroot: the service'
like "$(<scripts/buildroot/fwbox.mk)" "FWBOX_VERSION = $version"$'\n' \
	'Buildroot: the version'
like "$(<scripts/buildroot/Config.in)" 'config BR2_PACKAGE_FWBOX' \
	'Buildroot: Config.in'
done_testing
