#!/bin/bash
# The guest's side of guest.sh, in its namespaces: makes the root, moves into
# it and becomes the init.
#   inside.sh TMP FILES COMMAND...
set -eu
tmp=$1 files=$2
shift 2

mount -t tmpfs guest "$tmp/layer/mnt" 2>/dev/null || {
	mkdir -p "$tmp/layer/mnt"
	mount -t tmpfs guest "$tmp/layer/mnt"
}
root=$tmp/layer/mnt
cd "$root"
mkdir usr dev etc old opt proc root run sys tmp var var/log var/lib
mount -t overlay -o "lowerdir=$tmp/layer:/usr" overlay usr
for name in bin lib lib32 lib64 sbin; do
	[[ ! -L /$name ]] || ln -s "usr/$name" "$name"
done
cp /etc/passwd /etc/group /etc/nsswitch.conf /etc/os-release etc/
cp /etc/services etc/
echo 0123456789abcdef0123456789abcdef >etc/machine-id
cp -a "$files/." .

mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 dev dev
mkdir dev/shm dev/pts
ln -s pts/ptmx dev/ptmx
for name in null zero full random urandom tty; do
	: >"dev/$name"
	mount --bind "/dev/$name" "dev/$name"
done
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=755 local usr/local
ip link set lo up

pivot_root . old
: >"/old$files/ready"
umount -l /old
cd /
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
