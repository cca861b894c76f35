#!/bin/bash
# In namespaces of its own: this machine as a root of its own, in which nothing
# runs, with initramfs-tools and a kernel; then Debian's fwbox-initramfs in it,
# from being installed to being purged.  In WORK, the image after each.
#   package.sh WORK KERNEL DEBS FWBOX...   KERNEL has boot/ and lib/modules/,
#                                          DEBS initramfs-tools
set -eu
work=$1 kernel=$2 debs=$3
shift 3
root=$work/root
version=$(cd "$kernel/lib/modules" && echo *)
image=$root/boot/initrd.img-$version

step() { # NAME COMMAND...: in that root
	local name=$1

	shift
	chroot "$root" "$@" >"$work/$name.out" 2>&1 </dev/null ||
		echo "$name: failed: $*"
	[[ ! -e $image ]] || cp "$image" "$work/$name.img"
}

mkdir -p "$work/top" "$root"
mount -t tmpfs top "$work/top"
mkdir "$work/top/upper" "$work/top/work"
mount -t overlay -o "lowerdir=/,upperdir=$work/top/upper,\
workdir=$work/top/work" overlay "$root"
mount -t proc proc "$root/proc"
for name in dev run tmp sys; do
	mount -t tmpfs "$name" "$root/$name"
done
for name in null urandom zero; do
	: >"$root/dev/$name"
	mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir -p "$root/etc/initramfs-tools/conf.d" "$root/etc/fwbox"
cp -a "$kernel/boot/." "$root/boot/"
mkdir -p "$root/usr/lib/modules"
mount -o bind,ro "$kernel/lib/modules" "$root/usr/lib/modules"
rm -f "$root/var/lib/man-db/auto-update"
cp "$debs"/*.deb "$@" "$root/tmp/"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
printf '%s\n' MODULES=list COMPRESS=gzip COMPRESSLEVEL=1 \
	>"$root/etc/initramfs-tools/conf.d/small"
echo 'allow 80/tcp' >"$root/etc/fwbox/rules"
export DEBIAN_FRONTEND=noninteractive

# Of one time with this machine's own they need not be.
step tools sh -c "cd /tmp && dpkg --force-depends -i $(cd "$debs" && echo *)"
step before update-initramfs -c -k "$version"
step installed dpkg -i "${@/#*\//tmp/}"
files=$(chroot "$root" dpkg -L fwbox-initramfs)
step purged dpkg -P fwbox-initramfs
for file in $files; do
	[[ -d $root$file || ! -e $root$file ]] || echo "left: $file"
done
