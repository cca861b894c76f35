#!/bin/sh
# An initramfs of nothing but the firewall, or, behind another (the kernel
# unpacks one after the other), what it needs there:
#   cpio.sh [-b FWBOX] [-k VERSION] [-l LIST] [-m FOLDER] [-r RULES] >IMAGE
#     -k  the kernel (default: the one that runs) whose modules are in FOLDER
#         (/lib/modules/VERSION); -k '' leaves modules out; -l names others
# In the image: /sbin/fwbox and its links, /etc/fwbox/rules, the modules, and in
# /etc/fwbox/modules their paths in the order in which insmod can load them, for
# an init without modprobe.  It must run /sbin/fw-init before the network is up;
# that needs no shell, no /proc, no /dev.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=$(uname -r)
fwbox=/usr/sbin/fwbox rules=/etc/fwbox/rules folder='' list=$here/modules

while getopts b:k:l:m:r: option; do
	case $option in
	b) fwbox=$OPTARG ;;
	k) version=$OPTARG ;;
	l) list=$OPTARG ;;
	m) folder=$OPTARG ;;
	r) rules=$OPTARG ;;
	*) exit 2 ;;
	esac
done
: "${folder:=/lib/modules/$version}"
[ -e "$list" ] || list=/usr/share/fwbox/modules
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=$work/image
mkdir -p "$image/sbin" "$image/etc/fwbox"

# Paths of modules.dep, in the list's order: those that are needed come before
# those that need them.
needed() {
	awk '
		FILENAME == ARGV[1] {
			name = $1
			sub(/:/, "", $1)
			gsub(/.*\/|\.ko.*/, "", name)
			gsub(/-/, "_", name)
			paths[name] = $0
			next
		}
		$1 !~ /^#/ {
			n = split(paths[$1], path, " ")
			for (i = n; i; i--)
				if (!done[path[i]]++)
					print path[i]
		}' "$folder/modules.dep" "$list"
}

add_module() { # PATH: not compressed, for any insmod
	plain=lib/modules/$version/${1%.ko*}.ko
	mkdir -p "$image/${plain%/*}"
	case $1 in
	*.xz) xz -dc "$folder/$1" ;;
	*.zst) zstd -qdc "$folder/$1" ;;
	*.gz) gzip -dc "$folder/$1" ;;
	*) cat "$folder/$1" ;;
	esac >"$image/$plain"
	echo "/$plain" >>"$image/etc/fwbox/modules"
}

cp "$fwbox" "$image/sbin/fwbox"
chmod 755 "$image/sbin/fwbox"
# The binary may be of another machine: its names are in what is written here.
for name in init allow deny reject limit delete default logging status app \
	why stop; do
	ln -s fwbox "$image/sbin/fw-$name"
done
cp "$rules" "$image/etc/fwbox/rules"
chmod 600 "$image/etc/fwbox/rules"
if [ "$version" ]; then
	needed >"$work/needed"
	while read -r path; do
		add_module "$path"
	done <"$work/needed"
	# For a modprobe that is there.
	depmod -b "$image" "$version" 2>/dev/null || :
fi
cd "$image"
find . -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
find . | LC_ALL=C sort |
	cpio --quiet --reproducible -R 0:0 -o -H newc | gzip -9n
