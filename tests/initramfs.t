#!/bin/bash
# The hooks in images that the real tools make: what they put there is the
# binary, its link, the rules, and the modules that are needed and no other.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
peers=$PWD/build/peers
kernel=$peers/boot/x86_64-6.1
here=tests/initramfs
for tool in cpio depmod; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
[[ -d $peers/initramfs && -d $kernel ]] ||
	skip_all 'no tools for images: scripts/setup.sh test'
version=$(cd "$kernel/lib/modules" && echo *)
[[ -s $kernel/lib/modules/$version/modules.dep ]] ||
	depmod -b "$kernel" "$version"

# What install.sh makes of a release.

layer=$tmp/layer
mkdir -p "$layer/usr" "$tmp/release" "$tmp/empty"
cp -a "$peers/initramfs/usr/." "$layer/usr/"
cp -a "$peers/initramfs/etc" "$layer/"
cp -a "$peers/initramfs"/{bin,sbin,lib} "$layer/usr/"
cp -a fwbox scripts/{install.sh,man,completion,initramfs} "$tmp/release/"
(cd "$tmp/release" && find . -type f -printf '%P\0' | xargs -0 sha256sum) \
	>"$tmp/sums"
mv "$tmp/sums" "$tmp/release/SHA256SUMS"
for kind in initramfs-tools dracut mkinitfs; do
	DESTDIR=$layer PREFIX=/usr "$tmp/release/install.sh" \
		--initramfs $kind >"$tmp/out" 2>&1
	ok $? "install.sh --initramfs $kind" || diag "$(<"$tmp/out")"
done
rm -f "$layer/usr/sbin/ufw"
mkdir -p "$layer/etc/fwbox/applications.d"
printf '%s\n' 'default deny incoming' 'allow 80/tcp' \
	>"$layer/etc/fwbox/rules"

inside() { # COMMAND...
	unshare --mount --propagation private bash $here/inside.sh "$layer" \
		"$kernel" "$@" >"$tmp/out" 2>&1 </dev/null
}

# That libcrc32c asks for crc32c by a name that several have is for their tools
# to know.
modules() { # FOLDER: names of the modules in it
	find "$1" -name '*.ko*' -printf '%f\n' |
		sed 's/\.ko.*//; y/-/_/; /^crc32c_/d' | sort
}

# Those of cpio.sh are what the tests of boot.t find to be used, each.
scripts/initramfs/cpio.sh -b fwbox -k "$version" \
	-m "$kernel/lib/modules/$version" -r "$layer/etc/fwbox/rules" \
	>"$tmp/cpio"
mkdir "$tmp/by-cpio"
gzip -dc "$tmp/cpio" | (cd "$tmp/by-cpio" && cpio --quiet -di)
needed=$(modules "$tmp/by-cpio")
like "$needed" nf_tables 'cpio.sh: there are modules'

holds() { # NAME SBIN: $tmp/NAME is its image, $tmp/NAME.bare one without
	local name=$1 sbin=$tmp/$1/$2

	cmp -s "$sbin/fwbox" fwbox
	ok $? "$name: the binary"
	is "$(readlink "$sbin/fw-init")" fwbox "$name: its link"
	cmp -s "$tmp/$name/etc/fwbox/rules" "$layer/etc/fwbox/rules"
	ok $? "$name: the rules"
	cmp -s "$tmp/$name/etc/services" /etc/services
	ok $? "$name: the names that rules may have"
	is "$(comm -13 <(modules "$tmp/$name.bare") <(modules "$tmp/$name"))" \
		"$(comm -13 <(modules "$tmp/$name.bare") <(echo "$needed"))" \
		"$name: the modules needed, and no other"
	is "$(comm -23 <(echo "$needed") <(modules "$tmp/$name"))" '' \
		"$name: all of them"
}

image() { # NAME: unpacks $tmp/NAME.img
	mkdir "$tmp/$1"
	(cd "$tmp/$1" && gzip -dc "$tmp/$1.img" | cpio --quiet -di) || {
		diag "$(tail -n 20 "$tmp/out")"
		bail "$1: an image"
	}
}

# initramfs-tools.

conf=$layer/etc/initramfs-tools
sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' \
	"$conf/initramfs.conf"
printf '%s\n' ext4 virtio_blk virtio_net virtio_pci >"$conf/modules"
mv "$layer/etc/fwbox/rules" "$tmp/rules"
inside mkinitramfs -o "$tmp/tools.bare.img" "$version"
ok $? 'initramfs-tools: an image without rules'
image tools.bare
[[ ! -e $tmp/tools.bare/sbin/fwbox ]]
ok $? 'initramfs-tools: has no firewall'
mv "$tmp/rules" "$layer/etc/fwbox/rules"
inside mkinitramfs -o "$tmp/tools.img" "$version"
ok $? 'initramfs-tools: with rules'
is "$(grep -v ^W: "$tmp/out")" '' 'initramfs-tools: nothing to say'
image tools
holds tools sbin
order=$(sed -n 's,^/scripts/init-top/\([a-z_-]*\) .*,\1,p' \
	"$tmp/tools/scripts/init-top/ORDER")
like "${order//$'\n'/ }" 'fwbox.* udev' 'initramfs-tools: it is before udev'

# dracut.

dracut=(dracut --force --no-hostonly --gzip --no-early-microcode --kver
	"$version" --kernel-image /dev/null --tmpdir "$tmp")
inside "${dracut[@]}" -m base "$tmp/dracut.bare.img"
ok $? 'dracut: an image without'
inside "${dracut[@]}" -m 'base fwbox' "$tmp/dracut.img"
ok $? 'dracut: with the firewall'
image dracut.bare
image dracut
holds dracut usr/sbin
hook=$(find "$tmp/dracut" -path '*/hooks/pre-udev/*fwbox.sh')
cmp -s "$hook" scripts/initramfs/dracut/fwbox.sh
ok $? 'dracut: its hook is before udev'

# mkinitfs, which is no package of Debian's: its lists, and with its sources and
# lddtree brought into build/peers/mkinitfs by hand its image.

features=$layer/etc/mkinitfs/features.d
is "$(sed 's/.*\///; s/\.ko\*$//' "$features/fwbox.modules")" \
	"$(sed 's/ *#.*//; /^$/d' scripts/initramfs/modules)" \
	'mkinitfs: the modules are those of the list'
bad=
while read -r glob; do
	name=${glob##*/}
	found=$(find "$kernel/lib/modules/$version" -name "$name" -printf '%P ')
	# shellcheck disable=SC2053 # a pattern
	[[ ! $found || ${found% } == $glob ]] || bad+=" $found"
done <"$features/fwbox.modules"
is "$bad" '' 'mkinitfs: each is where it says'
bad=
while read -r glob; do
	compgen -G "$layer$glob" >/dev/null || compgen -G "$glob" >/dev/null ||
		bad+=" $glob"
done < <(grep -ve applications.d -e initramfs-init "$features/fwbox.files")
is "$bad" '' 'mkinitfs: each file is there'
bash -n "$layer/usr/share/fwbox/initramfs-init"
ok $? 'mkinitfs: the syntax of its init'

mkinitfs() { # NAME FEATURES [OPTION...]
	inside env PATH="$sources:$PATH" dash "$sources/mkinitfs" -q \
		-o "$tmp/$1.img" -F "$2" "${@:3}" "$version"
	ok $? "mkinitfs: $1, an image" || diag "$(<"$tmp/out")"
	image "$1"
}

by_mkinitfs() {
	local sources=$tmp/sources name share=$layer/usr/share/mkinitfs

	cp -R "$peers/mkinitfs" "$sources"
	mkdir -p "$share"
	for name in mkinitfs initramfs-init; do
		sed 's,@VERSION@,test,; s,@sysconfdir@,/etc/mkinitfs,
			s,@datadir@,/usr/share/mkinitfs,' \
			"$sources/$name.in" >"$sources/$name"
		chmod 755 "$sources/$name"
	done
	cp "$sources"/{initramfs-init,fstab,group,passwd} "$share/"
	cp "$sources"/features.d/* "$features/"
	mkinitfs alpine.bare 'base virtio'
	cmp -s "$tmp/alpine.bare/init" "$share/initramfs-init"
	ok $? "mkinitfs: an image's own init"
	echo init=/usr/share/fwbox/initramfs-init \
		>"$layer/etc/mkinitfs/mkinitfs.conf"
	mkinitfs alpine 'base virtio fwbox'
	holds alpine usr/sbin
	cmp -s "$tmp/alpine/init" scripts/initramfs/mkinitfs/init
	ok $? 'mkinitfs: ours is the init'
	cmp -s "$tmp/alpine/usr/share/mkinitfs/initramfs-init" \
		"$share/initramfs-init"
	ok $? 'mkinitfs: which goes on with its own'
}
if [[ -e $peers/mkinitfs/mkinitfs.in && -x $peers/mkinitfs/lddtree ]] &&
	command -v scanelf >/dev/null; then
	by_mkinitfs
else # no package of Debian's has it, so that nobody can be asked to
	diag 'no image by mkinitfs itself: its sources, lddtree or scanelf' \
		'are not there'
fi

done_testing
