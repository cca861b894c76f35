#!/bin/bash
# Brings in what building and testing need; quick when all of it is there.
#   scripts/setup.sh [build|demo|test|engines|boot:ARCH:KERNEL]...
#                                    none named: build and test
# Everything but ordinary packages goes to build/, and the system's package
# lists and apt's settings stay as they are there.
set -eu
cd "$(dirname "$0")/.."

build_packages=(gcc libc6-dev linux-libc-dev make musl-tools)
demo_packages=(iproute2 python3 util-linux)
test_packages=(ansible busybox-static clang clang-tidy cppcheck debhelper
	iproute2 iptables jq libclang-rt-dev libseccomp2 lintian mandoc netbase
	netcat-openbsd nftables perl procps python3 shellcheck strace systemd
	ufw util-linux)
# The engine is unpacked and never installed: its package would start a
# daemon and change the firewall of this machine.
engine_packages=(docker.io containerd runc tini)
engine_libraries=(libseccomp2 libdevmapper1.02.1)
newer_suite=trixie # the first with a static libmnl
# A newer iptables, with the libraries it was made for.
iptables_packages=(iptables libc6 libip4tc2 libip6tc2 libmnl0
	libnetfilter-conntrack3 libnfnetlink0 libnftnl11 libxtables12)
# These would change how this machine starts, and are unpacked only.
init_packages=(libeinfo1 librc1 openrc runit)
initramfs_packages=(busybox dracut dracut-core initramfs-tools
	initramfs-tools-core klibc-utils libklibc kpartx linux-base logsave
	udev)
# What Debian's fwbox-initramfs needs, to be installed where nothing starts.
initramfs_debs=(initramfs-tools initramfs-tools-core klibc-utils libklibc
	linux-base logsave udev)
cloud_init_packages=(cloud-init python3-attr python3-certifi python3-chardet
	python3-charset-normalizer python3-configobj python3-idna
	python3-jinja2 python3-json-pointer python3-jsonpatch
	python3-jsonschema python3-markupsafe python3-netifaces
	python3-oauthlib python3-pkg-resources python3-pyrsistent
	python3-requests python3-serial python3-six python3-urllib3
	python3-yaml libyaml-0-2)
# Newer daemons, for nothing but dockerd --validate.
judge_suites=(trixie forky)
judge_packages=(docker.io libc6 libsystemd0)
# Whole newer engines, with all that they need and an iptables of their time.
whole_packages=(docker.io docker-cli containerd runc iptables)
shell_packages=(fish zsh) # for their completions
tool_packages=(binutils-riscv64-linux-gnu libc6 libjansson4 libsframe1 libzstd1
	zlib1g)
boot_packages=(busybox-static cpio kmod xz-utils)
# The newest kernel of each suite; what boots an architecture is put together
# from this one.
declare -A kernel_suites=([5.10]=bullseye [6.1]=bookworm [6.12]=trixie
	[newest]=sid)
boot_suite=forky
usual_mirror=http://deb.debian.org/debian
usual_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# shellcheck source=/dev/null
. /etc/os-release
deps=$PWD/build/deps
engine=$PWD/build/peers/engine
iptables=$PWD/build/peers/iptables

say() { printf 'setup: %s\n' "$*" >&2; }
die() {
	say "$*"
	exit 1
}

has_package() {
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == \
		installed ]]
}

# Ordinary packages, from the system's own sources.

policy=/usr/sbin/policy-rc.d
made_policy=
allow_services() {
	[[ -z $made_policy ]] || rm -f "$policy"
	made_policy=
}

forbid_services() { # no package may start a service on this machine
	[[ ! -e $policy ]] || return 0
	made_policy=yes
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
}

install_packages() {
	local missing=() package

	for package; do
		has_package "$package" || missing+=("$package")
	done
	[[ ${#missing[@]} -gt 0 ]] || return 0
	((EUID == 0)) || die "as root: apt-get install ${missing[*]}"
	say "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	trap allow_services EXIT
	forbid_services
	local get=(apt-get -q -y --no-install-recommends install)
	"${get[@]}" "${missing[@]}" </dev/null >&2 || {
		apt-get -q update </dev/null >&2
		"${get[@]}" "${missing[@]}" </dev/null >&2
	}
	allow_services
}

# Single packages of any suite, checked by apt and unpacked under build/.

mirror() { # "URI KEYRING" of the system's own Debian sources
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --format \
		'$(RELEASE)|$(COMPONENT)|$(REPO_URI)|$(SIGNED_BY)' \
		'Created-By: Packages' 2>/dev/null |
		awk -F'|' -v release="$VERSION_CODENAME" '
			$1 == release && $2 == "main" && $4 ~ /^\// {
				print $3, $4
				exit
			}'
}

own_apt() { # SUITE APT-GET-ARGUMENT...: with lists and a cache of its own
	local dir=$PWD/build/apt/$1

	shift
	apt-get -q -c "$dir/apt.conf" "$@" </dev/null >&2
}

# SUITE is one's name, or NAME:ARCH for packages of another architecture.
own_lists() { # SUITE MIRROR KEYRING
	local dir=$PWD/build/apt/$1 arch=

	[[ $1 != *:* ]] || arch=${1#*:}
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	echo "deb [signed-by=$3] $2 ${1%:*} main" >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-EOT
		${arch:+APT::Architecture "$arch";}
		${arch:+APT::Architectures { "$arch"; \};}
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State::lists "$dir/lists";
		Dir::Cache "$dir/cache";
		Acquire::Languages "none";
		APT::Update::Error-Mode "any";
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Post-Invoke;
	EOT
	own_apt "$1" update
}

open_suite() { # SUITE: its lists, from the system's mirror or the usual one
	local uri keyring

	read -r uri keyring < <(mirror) || true
	if [[ -n $uri ]] && own_lists "$1" "$uri" "$keyring"; then
		return
	fi
	[[ -r $usual_keyring ]] ||
		die "$usual_keyring is missing: install debian-archive-keyring"
	own_lists "$1" "$usual_mirror" "$usual_keyring"
}

download() { # SUITE FOLDER PACKAGE...: the folder appears whole or not at all
	local suite=$1 folder=$2

	shift 2
	say "fetching $* of $suite for ${folder#"$PWD/"}"
	rm -rf "$folder.new"
	mkdir -p "$folder.new"
	open_suite "$suite"
	(cd "$folder.new" &&
		apt-get -q -c "$OLDPWD/build/apt/$suite/apt.conf" \
			download "$@" </dev/null >&2)
	rm -rf "$folder"
	mv "$folder.new" "$folder"
}

unpack() { # the same, with what is in them
	local folder=$2 deb

	download "$1" "$folder.debs" "${@:3}"
	rm -rf "$folder.new"
	mkdir "$folder.new"
	for deb in "$folder.debs"/*.deb; do
		dpkg-deb -x "$deb" "$folder.new"
	done
	rm -rf "$folder.debs" "$folder"
	mv "$folder.new" "$folder"
}

# linux-image-ARCH stands for the package of a version, which in newer suites
# has its files in others.
kernel_packages() { # SUITE PACKAGE
	local like='^linux-(image|binary|modules)-[0-9]' name

	name=$(apt-cache -c "build/apt/$1/apt.conf" depends "$2" |
		awk -v like="$like" '$2 ~ like { print $2; exit }')
	echo "$name"
	apt-cache -c "build/apt/$1/apt.conf" depends "$name" |
		awk -v like="$like" '$1 == "Depends:" && $2 ~ like { print $2 }'
}

# What each word of the command line asks for.

has_static_libmnl() {
	compgen -G '/usr/lib/*/libmnl.a' >/dev/null ||
		[[ -n $(compgen -G "$deps/usr/lib/*/libmnl.a") ]]
}

setup_libmnl() {
	! has_static_libmnl || return 0
	if [[ $VERSION_CODENAME == bookworm ]]; then
		unpack "$newer_suite" "$deps" libmnl-dev
	else
		install_packages libmnl-dev
	fi
	has_static_libmnl || die "libmnl-dev brings no static library here"
}

setup_engine() {
	# These two must be the system's: the engine runs parts of itself
	# without its environment.
	install_packages "${engine_libraries[@]}"
	[[ ! -x $engine/usr/sbin/dockerd ]] || return 0
	unpack "$VERSION_CODENAME" "$engine" "${engine_packages[@]}"
}

setup_iptables() {
	[[ $VERSION_CODENAME == bookworm && ! -d $iptables ]] || return 0
	unpack "$newer_suite" "$iptables" "${iptables_packages[@]}"
}

setup_places() { # where fwbox is started
	local peers=$PWD/build/peers

	[[ -d $peers/init ]] ||
		unpack "$VERSION_CODENAME" "$peers/init" "${init_packages[@]}"
	[[ -d $peers/cloud-init ]] ||
		unpack "$VERSION_CODENAME" "$peers/cloud-init" \
			"${cloud_init_packages[@]}"
	[[ -d $peers/initramfs ]] ||
		unpack "$VERSION_CODENAME" "$peers/initramfs" \
			"${initramfs_packages[@]}"
	[[ -d $peers/initramfs-debs ]] ||
		download "$VERSION_CODENAME" "$peers/initramfs-debs" \
			"${initramfs_debs[@]}"
}

setup_judges() {
	local suite folder

	for suite in "${judge_suites[@]}"; do
		folder=$PWD/build/peers/dockerd-$suite
		[[ -d $folder ]] ||
			unpack "$suite" "$folder" "${judge_packages[@]}"
	done
}

# Of packages of a suite, all that they need on a machine that has nothing.
closure() { # SUITE PACKAGE...
	local suite=$1

	shift
	apt-get -q -c "build/apt/$suite/apt.conf" \
		-o Dir::State::status=/dev/null -s --no-install-recommends \
		install "$@" </dev/null | awk '$1 == "Inst" { print $2 }'
}

setup_engines() {
	local suite folder packages

	for suite in "${judge_suites[@]}"; do
		folder=$PWD/build/peers/engine-$suite
		[[ ! -d $folder ]] || continue
		open_suite "$suite"
		mapfile -t packages < <(closure "$suite" "${whole_packages[@]}")
		unpack "$suite" "$folder" "${packages[@]}"
	done
}

# A kernel, and for another architecture than this machine's what a program
# for it is made of.
setup_boot() { # ARCH KERNEL
	local suite=${kernel_suites[$2]-} peers=$PWD/build/peers/boot
	local kernel arch deb=$1 gcc='' emulator libc=gnu packages

	case $1 in
	x86_64) deb=amd64 kernel=cloud-amd64 emulator=x86 ;;
	aarch64) deb=arm64 kernel=cloud-arm64 emulator=arm gcc=aarch64 ;;
	armv7) deb=armhf kernel=armmp emulator=arm gcc=arm libc=gnueabihf ;;
	riscv64) kernel=riscv64 emulator=misc gcc=riscv64 ;;
	s390x) kernel=s390x emulator=misc gcc=s390x ;;
	*) die "unknown architecture '$1'" ;;
	esac
	[[ $suite ]] || die "unknown kernel '$2': ${!kernel_suites[*]}"
	arch=$boot_suite:$deb
	install_packages "${boot_packages[@]}" "qemu-system-$emulator"
	[[ $1 != riscv64 ]] || install_packages opensbi
	if [[ ! -d $peers/$1-$2 ]]; then
		open_suite "$suite:$deb"
		mapfile -t packages < <(kernel_packages "$suite:$deb" \
			"linux-image-$kernel")
		unpack "$suite:$deb" "$peers/$1-$2" "${packages[@]}"
	fi
	[[ $gcc ]] || return 0
	install_packages "gcc-$gcc-linux-$libc" \
		"linux-libc-dev-$deb-cross"
	[[ -d $peers/$1 ]] ||
		unpack "$arch" "$peers/$1" busybox-static libmnl-dev musl-dev
	# The libraries have what a linker of 2022 does not know.
	[[ $1 != riscv64 || $VERSION_CODENAME != bookworm || \
		-d $peers/$1-tools ]] ||
		unpack "$newer_suite" "$peers/$1-tools" "${tool_packages[@]}"
}

command -v apt-get >/dev/null ||
	die "only Debian is known here; see README.md for what is needed"
[[ $# -gt 0 ]] || set -- build test
for word; do
	case $word in
	build)
		install_packages "${build_packages[@]}"
		setup_libmnl
		;;
	demo)
		install_packages "${demo_packages[@]}"
		;;
	test)
		install_packages "${test_packages[@]}" "${shell_packages[@]}"
		command -v npm >/dev/null || install_packages npm
		setup_engine
		setup_iptables
		setup_judges
		setup_places
		setup_boot x86_64 6.1
		;;
	engines)
		setup_engines
		;;
	boot:*:*)
		word=${word#*:}
		setup_boot "${word%:*}" "${word#*:}"
		;;
	*)
		die "unknown word '$word': it is build, demo, test, engines" \
			"or boot:ARCH:KERNEL"
		;;
	esac
done
