#!/bin/bash
# In a mount namespace of its own: this machine with the tools that make an
# initramfs, a kernel, and what install.sh made of them, over its /usr and /etc;
# runs COMMAND there.
#   inside.sh LAYER KERNEL COMMAND...     KERNEL has boot/ and lib/modules/
set -eu
layer=$1 kernel=$2
shift 2

mkdir -p "$layer/usr/lib/modules" "$layer/work"
mount -t tmpfs upper "$layer/work"
for name in usr etc; do
	mkdir -p "$layer/work/$name" "$layer/work/$name.work"
	mount -t overlay -o "lowerdir=$layer/$name:/$name,\
upperdir=$layer/work/$name,workdir=$layer/work/$name.work" overlay "/$name"
done
mount --bind "$kernel/boot" /boot
mount --bind "$kernel/lib/modules" /usr/lib/modules
exec "$@"
