#!/bin/bash
# A kernel boots with an initramfs of nothing but the firewall, and the main job
# is done in it; scripts/boot-test.sh has others, and other architectures.
set -u
PATH=$PATH:/sbin:/usr/sbin
for tool in qemu-system-x86_64 cpio depmod busybox musl-gcc; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP needs $tool: scripts/setup.sh test"
		exit 0
	}
done
exec scripts/boot-test.sh x86_64 6.1
