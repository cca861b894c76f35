#!/bin/bash
# Boots a kernel of Debian's with an initramfs of scripts/initramfs/cpio.sh and
# has tests/lib/boot do the main job in it, and in a second root that takes over
# from it, under qemu without help of the processor; TAP on the standard output.
#   scripts/boot-test.sh [ARCH] [KERNEL]
#     x86_64 (5.10, 6.1, 6.12, newest), aarch64, armv7, riscv64, s390x
#   WITHOUT="MODULE..." leaves some out of the image, for what fwbox says then:
#   its messages come as they are
set -euo pipefail
cd "$(dirname "$0")/.."
arch=${1:-x86_64} kernel=${2:-6.1}
seconds=${BOOT_SECONDS:-600}
here=tests/lib/boot
peers=$PWD/build/peers/boot
work=$PWD/build/boot/$arch
system=$peers/$arch-$kernel

die() {
	printf 'boot-test: %s\n' "$*" >&2
	exit 1
}

# What runs there is built in a copy of the sources, with musl and libmnl of
# that architecture.
triplet='' musl=''
case $arch in
# The oldest kernel without AVX2, for which sets have code of their own.
x86_64)
	qemu=(x86_64 -M pc -cpu max) console=ttyS0
	[[ $kernel != 5.10 ]] || qemu[4]=qemu64
	;;
aarch64)
	qemu=(aarch64 -M virt -cpu cortex-a57) console=ttyAMA0
	triplet=aarch64-linux-gnu musl=aarch64-linux-musl
	;;
armv7)
	qemu=(arm -M virt -cpu cortex-a15) console=ttyAMA0
	triplet=arm-linux-gnueabihf musl=arm-linux-musleabihf
	;;
riscv64)
	qemu=(riscv64 -M virt) console=ttyS0
	triplet=riscv64-linux-gnu musl=riscv64-linux-musl
	;;
s390x)
	qemu=(s390x -M s390-ccw-virtio) console=ttysclp0
	triplet=s390x-linux-gnu musl=s390x-linux-musl
	;;
*) die "unknown architecture '$arch'" ;;
esac

make_compiler() { # as musl-gcc is one
	sed "s,/usr/\(include/\|lib/$musl\),$peers/$arch&,g" \
		"$peers/$arch/usr/lib/$musl/musl-gcc.specs" >"$work/specs"
	printf '#!/bin/sh\nexec %s-gcc "$@" -specs %s\n' "$triplet" \
		"$work/specs" >"$work/cc"
	chmod 755 "$work/cc"
}

# A newer linker, and the libraries that it was made for.
newer_tools() {
	local tools=$peers/$arch-tools name libs

	[[ -d $tools ]] || return 0
	libs=$tools/usr/lib/x86_64-linux-gnu
	for name in ld objcopy; do
		cat >"$work/$triplet-$name" <<-EOT
			#!/bin/sh
			exec $tools/usr/lib64/ld-linux-x86-64.so.2 \
				--library-path $libs \
				$tools/usr/bin/$triplet-$name "\$@"
		EOT
		chmod 755 "$work/$triplet-$name"
	done
	mkdir -p "$work/ld"
	ln -sf "../$triplet-ld" "$work/ld/ld"
	sed -i "s, -specs, -B $work/ld/&," "$work/cc"
	PATH=$work:$PATH
}

build() {
	if [[ ! $triplet ]]; then
		make -s fwbox >&2
		fwbox=$PWD/fwbox cc=musl-gcc
		headers=(-idirafter /usr/include -idirafter
			"/usr/include/$(gcc -print-multiarch)")
		busybox=$(command -v busybox)
		return
	fi
	make_compiler
	newer_tools
	mkdir -p "$work/tree/scripts"
	cp -a Makefile config.h core applets "$work/tree/"
	cp -a scripts/pack "$work/tree/scripts/"
	fwbox=$work/tree/fwbox cc=$work/cc
	headers=(-idirafter "/usr/$triplet/include")
	busybox=$(compgen -G "$peers/$arch/*bin/busybox" ||
		compgen -G "$peers/$arch/usr/*bin/busybox")
	make -s -C "$work/tree" CC="$cc" CROSS_COMPILE="$triplet-" \
		DEPS="$peers/$arch/usr" \
		KERNEL_CFLAGS="${headers[*]}" fwbox >&2
}

find_kernel() {
	folder=$(compgen -G "$system/lib/modules/*" ||
		compgen -G "$system/usr/lib/modules/*")
	version=${folder##*/}
	image=$(compgen -G "$system/boot/vmlinu[xz]-*" ||
		compgen -G "$folder/vmlinu[xz]")
	# A package's is made when it is installed.
	[[ -s $folder/modules.dep ]] ||
		depmod -b "${folder%/lib/modules/*}" "$version"
}

make_image() {
	local tree=$work/image list=$work/modules

	rm -rf "$tree"
	mkdir -p "$tree/bin" "$tree/dev"
	cp "$busybox" "$tree/bin/busybox"
	cp $here/{lib,guest,booted,lacking,networks}.sh "$tree/"
	cp tests/lib/confined.want "$tree/"
	"$cc" -static -Os -o "$tree/init" $here/init.c
	"$cc" -static -Os "${headers[@]}" -o "$tree/tries" $here/tries.c
	"$cc" -static -Os -w -D_GNU_SOURCE -I. "${headers[@]}" \
		-o "$tree/confined" tests/lib/confined.c core/base/confine.c
	# Nothing is let in: the guest makes what it wants.
	printf '%s\n' 'default deny incoming' >"$work/rules"
	cp scripts/initramfs/modules "$list"
	for module in ${WITHOUT-}; do
		sed -i "/^$module\>/d" "$list"
	done
	scripts/initramfs/cpio.sh -b "$fwbox" -k "$version" -m "$folder" \
		-l "$list" -r "$work/rules" >"$work/initrd"
	# Those of the tests: unpacked beside, with the list by another name.
	scripts/initramfs/cpio.sh -b "$fwbox" -k "$version" -m "$folder" \
		-l $here/modules -r "$work/rules" | gzip -d |
		(cd "$tree" && cpio --quiet -di '*.ko' etc/fwbox/modules)
	mv "$tree/etc/fwbox/modules" "$tree/guest.modules"
	rm -r "${tree:?}/etc"
	(cd "$tree" && find . | cpio --quiet -R 0:0 -o -H newc) | gzip -1 \
		>>"$work/initrd"
}

mkdir -p "$work"
exec {lock}>"$work/lock"
flock "$lock" # two kernels of an architecture share what is built
scripts/setup.sh "boot:$arch:$kernel"
build
find_kernel
make_image
printf '# %s bytes, an initramfs of %s\n' "$(stat -c %s "$fwbox")" \
	"$(stat -c %s "$work/initrd")"
began=$SECONDS
status=0
nice -n 10 timeout "$seconds" "qemu-system-${qemu[0]}" "${qemu[@]:1}" \
	-accel tcg -m 512 -nodefaults -display none -serial stdio -no-reboot \
	-kernel "$image" -initrd "$work/initrd" \
	-append "console=$console no_timer_check quiet loglevel=1 panic=-1" \
	</dev/null >"$work/console" 2>"$work/qemu" || status=$?
tr -d '\r' <"$work/console" | grep -E '^(ok|not ok|1\.\.|#)' || :
printf '# %d s\n' $((SECONDS - began))
grep -q '^1\.\.' "$work/console" || status=1
((status == 0)) || {
	cat "$work/qemu" "$work/console" | tail -n 30 | sed 's/^/# /'
	echo 'not ok - the guest came to its end'
	exit 1
}
! grep -q '^not ok' "$work/console"
