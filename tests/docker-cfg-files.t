#!/bin/bash
# docker-cfg never loses the file: what is around it, what is in its place,
# a full disk, others at the same time, and a fault or a kill at each of its
# system calls.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
[[ $EUID -eq 0 ]] || skip_all 'needs root'
if [[ ${1-} != inside ]]; then
	unshare -m -p -f --mount-proc true 2>/dev/null ||
		skip_all 'needs mount namespaces'
	exec unshare -m -p -f --mount-proc --propagation private \
		bash "$0" inside
fi
mount -t tmpfs tmpfs "$tmp" || bail 'a tmpfs'
at_exit "umount -l '$tmp'"
cd "$tmp" || exit 1

f=$tmp/d/daemon.json
cfg() { "$fwbox" docker-cfg -f "$f" "$@"; }
old='{"icc": true}' new='{"icc": false}'
fresh() {
	rm -rf "$tmp/d"
	mkdir "$tmp/d"
	printf '%s' "$old" >"$f"
}
files() { find "$tmp/d" -mindepth 1 -printf '%P ' | tr ' ' '\n' | sort |
	paste -sd ' '; }

# Mode, owner, attributes, links.
fresh
chmod 640 "$f"
chown 12:34 "$f"
python3 -c 'import os, sys
os.setxattr(sys.argv[1], "trusted.note", b"kept")' "$f"
cfg icc=false
is "$(stat -c %a:%u:%g "$f"):$(<"$f")" "640:12:34:$new" 'mode and owner'
is "$(python3 -c 'import os, sys
print(os.getxattr(sys.argv[1], "trusted.note").decode())' "$f")" kept \
	'attributes'
is "$(files)" daemon.json 'nothing is left beside it'

fresh
mv "$f" "$tmp/elsewhere.json"
ln -s ../elsewhere.json "$f"
cfg icc=false
is "$(readlink "$f"):$(<"$tmp/elsewhere.json")" "../elsewhere.json:$new" \
	'a link is followed and stays'

rm -rf "$tmp/d"
(umask 077 && cfg icc=false)
is "$(stat -c %a "$tmp/d" "$f" | paste -sd ' ')" '755 644' \
	'a folder gets 755, a file 644'

# The copy is as open as the file.
fresh
cfg -b icc=false
chmod 600 "$f"
cfg -b icc=true
is "$(stat -c %a "$f~"):$(<"$f~")" "600:$new" 'a copy with the mode of the file'

# What is in the way.
rejects() { # PATTERN NAME
	local said status

	said=$(timeout 10 "$fwbox" docker-cfg -f "$f" icc=false 2>&1)
	status=$?
	like "$status: $said" "^1: docker-cfg: .*$1" "$2"
}
fresh
rm "$f" && mkdir "$f"
rejects "is a folder" 'a folder in its place'
rmdir "$f" && mkfifo "$f"
rejects 'not a regular file' 'a FIFO'
rm "$f" && ln -s daemon.json "$f"
rejects 'symbolic link|Symbolic link' 'a link to itself'
fresh
mount -t tmpfs -o size=16k tmpfs "$tmp/d"
printf '%s' "$old" >"$f"
head -c 20000 /dev/zero >"$tmp/d/fill" 2>/dev/null
rejects 'No space left' 'a full disk'
is "$(<"$f"):$(files)" "$old:daemon.json fill" 'a full disk: the old file'
mount -o remount,ro "$tmp/d"
rejects 'Read-only file system' 'a read-only one'
is "$(<"$f")" "$old" 'a read-only one: the old file'
umount "$tmp/d"

# Mounted upon: it cannot be renamed over.
fresh
printf '%s' "$old" >"$tmp/mounted"
mount --bind "$tmp/mounted" "$f"
cfg icc=false
is "$(<"$f"):$(<"$tmp/mounted"):$(files)" "$new:$new:daemon.json" \
	'a file that is mounted is rewritten'
printf '%s' "$old" >"$tmp/mounted"
printf '{' >"$f.saved"
rejects 'saved.*File exists' 'what an earlier one saved stays'
like "$(cfg icc 2>&1)" \
	"saved' is the file before an edit that was cut short.*true" \
	'... and is told of'
if command -v strace >/dev/null; then
	for ((i = 1; i < 30; i++)); do
		strace -o trace -e inject=openat:error=EMFILE:when=$i \
			"$fwbox" docker-cfg -f "$f" icc=false &>/dev/null
		grep -q INJECTED trace || break
	done
	is "$(<"$f"):$(files)" "$old:daemon.json daemon.json.saved" \
		"... whatever fails, at $i places"
fi
is "$(<"$f")" "$old" 'and so does the file'
printf '{' >"$f"
rejects "1:2: .*before an edit that was cut short is '.*saved'" \
	'a torn file: where the old one is'
umount "$f"

# Two at once, thirty of them: none is lost.
fresh
for ((i = 0; i < 30; i++)); do
	cfg "labels+=\"n=$i\"" &
done
wait
is "$(cfg labels | tr -cd = | wc -c)" 30 'thirty at once'

# --undo waits for whoever changes the file.
fresh
cfg -b icc=false
exec {folder}<"$(dirname "$f")"
flock "$folder"
cfg --undo &
undo=$!
sleep 0.3
is "$(<"$f")" "$new" '--undo waits for the lock'
flock -u "$folder"
exec {folder}<&-
wait "$undo"
is "$?:$(<"$f")" "0:$old" 'and then puts the old file back'

# A service's flags, and a dockerd that runs.
fresh
mkdir -p "$tmp/etc/docker" "$tmp/unit"
mount --bind "$tmp/etc/docker" /etc/docker 2>/dev/null || {
	mkdir -p /etc/docker && mount --bind "$tmp/etc/docker" /etc/docker
}
at_exit 'umount -l /etc/docker'
mount --bind "$tmp/unit" /etc/systemd/system
at_exit 'umount -l /etc/systemd/system'
printf '[Service]\nExecStart = /usr/bin/dockerd -H fd:// \\\n  --icc=false\n' \
	>/etc/systemd/system/docker.service
like "$("$fwbox" docker-cfg icc=true 2>&1)" "icc: .*'--icc=false'" \
	'a flag of the unit'
like "$("$fwbox" docker-cfg 'hosts+="unix:///x"' 2>&1)" "hosts: .*'-H'" \
	'hosts beside -H'
like "$("$fwbox" docker-cfg iptables=false 2>&1)" \
	'icc: icc=false is done with iptables' 'a flag that does not go with it'
"$fwbox" docker-cfg mtu=1400
is $? 0 'another key'
mkdir /etc/systemd/system/docker.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n' \
	>/etc/systemd/system/docker.service.d/flags.conf
"$fwbox" docker-cfg icc=true
is $? 0 'a drop-in that takes the flags away'
cat >/etc/systemd/system/docker.service.d/more.conf <<-'EOT'
	[Service]
	ExecStart=
	ExecStart=/usr/bin/dockerd --mtu 1300 $DOCKER_OPTS
EOT
mkdir "$tmp/default"
mount --bind "$tmp/default" /etc/default
at_exit 'umount -l /etc/default'
printf '#DOCKER_OPTS="--ip=::1"\nDOCKER_OPTS="-D --bip=10.9.0.1/24"\n' \
	>/etc/default/docker
like "$("$fwbox" docker-cfg mtu=1401 2>&1)" "mtu: .*'--mtu'" \
	'of two drop-ins the later name counts'
like "$("$fwbox" docker-cfg bip=10.8.0.1/24 debug=true 2>&1 | paste -sd ' ')" \
	"bip: .*'--bip=10.9.0.1/24'.*debug: .*'-D'|debug: .*bip: " \
	'flags from the settings of the service'
"$fwbox" docker-cfg ip=127.0.0.1
is $? 0 'not those in a comment'
mkdir -p "$tmp/run/docker.service.d"
mount --bind "$tmp/run" /run/systemd/system 2>/dev/null || {
	mkdir -p /run/systemd/system &&
		mount --bind "$tmp/run" /run/systemd/system
}
at_exit 'umount -l /run/systemd/system'
printf '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n' \
	>"$tmp/run/docker.service.d/more.conf"
like "$("$fwbox" docker-cfg mtu=1402 2>&1)" "mtu: .*'--mtu'" \
	'of the same name the one in /etc counts'
rm -r "$tmp/run/docker.service.d"
rm -r /etc/systemd/system/docker.service*
like "$("$fwbox" docker-cfg bip=10.8.0.1/24 2>&1)" "bip: .*'--bip=" \
	'flags of a service without systemd'
"$fwbox" docker-cfg --check >/dev/null && "$fwbox" docker-cfg mtu=1401
is $? 0 'and no others'

cp /bin/bash "$tmp/dockerd"
"$tmp/dockerd" -c 'trap "echo hup >>hups" HUP; : >ready
	for ((i = 0; i < 600; i++)); do sleep 0.1; done' \
	dockerd --config-file "$f" --label=a=b &
daemon=$!
at_exit "kill $daemon"
echo "$daemon" >pid
printf '{"pidfile": "%s"}' "$tmp/pid" >"$f"
while [[ ! -e ready ]]; do sleep 0.05; done
like "$(cfg labels+=a=c 2>&1)" "labels: .*'--label=a=b'" \
	'a flag of the one that runs'
like "$(cfg icc=false)" 'when dockerd is restarted' 'a restart is needed'
like "$(cfg debug=true)" 'dockerd reloads: --reload' 'a reload is enough'
like "$(cfg --reload icc=true 2>&1)" 'must be restarted' 'not with --reload'
like "$(cfg --reload -d debug 2>&1)" 'must be restarted' \
	'dockerd keeps what is deleted'
cfg debug=true >out
cfg --reload debug=false
is $? 0 '--reload'
for ((i = 0; i < 50; i++)); do [[ ! -e hups ]] || break; sleep 0.1; done
is "$(<hups)" hup 'dockerd got its signal'
kill "$daemon"

# Changed by somebody else between reading and replacing: done again, on what
# is there then.
if command -v strace >/dev/null; then
	fresh
	strace -qq -o trace -e trace=fsync \
		-e inject=fsync:delay_enter=1500000:when=1 \
		"$fwbox" docker-cfg -f "$f" icc=false &
	until [[ -n $(find d -name '.fwbox*' -size +0) ]]; do sleep 0.05; done
	printf '{"icc": true, "mtu": 1400}' >"$f"
	wait $!
	is "$(<"$f"):$(files)" '{"icc": false, "mtu": 1400}:daemon.json' \
		'a change by somebody else stays'
else
	skip 'no strace' 'a change by somebody else stays'
fi

# A long file, which is mapped while it is edited.
long() { # STRACE_OPTION...: whether it is edited as it should be
	cp long.json "$f"
	strace -qq -o trace -e trace=fcntl,fstat,madvise,mmap,read,write \
		"$@" "$fwbox" docker-cfg -f "$f" icc=false >out 2>&1 &&
		cmp -s "$f" edited.json
}
if command -v strace >/dev/null; then
	fresh
	seq -f '"n%.0f=value",' 50000 |
		sed '1s/^/{"icc": true, "labels": [/; $s/,$/]}/' >long.json
	sed 's/true/false/' long.json >edited.json
	copied='read\([0-9]*, "\{'
	long
	ok $? 'a long file'
	like "$(<trace)" 'F_SETLEASE, F_RDLCK\) += 0' '... is leased'
	like "$(<trace)" 'madvise\(0x[0-9a-f]*, [0-9]{6,}, MADV_POPULATE_READ' \
		'... with all its pages at once'
	unlike "$(<trace)" "$copied" '... and not copied'
	for fault in fcntl:error=EAGAIN madvise:error=EFAULT \
		madvise:error=EINVAL mmap:error=EAGAIN:when=2; do
		long -e "inject=$fault"
		ok $? "... $fault"
		like "$(<trace)" "$copied" '... it is copied'
	done
	for fault in mmap:error=ENOMEM write:error=ENOSPC:when=1; do
		long -e "inject=$fault"
		is "$?:$(cmp "$f" long.json):$(files)" '1::daemon.json' \
			"... $fault: the old file"
		like "$(<out)" '^docker-cfg: cannot (read|write beside) ' \
			'... and a word'
	done

	# Somebody who wants to write to it waits, and then the edit is done
	# again, on what he wrote.
	cp long.json "$f"
	strace -qq -o trace -e trace=fsync \
		-e inject=fsync:delay_enter=1500000:when=1 \
		"$fwbox" docker-cfg -f "$f" icc=false &
	edit=$!
	until [[ -n $(find d -name '.fwbox*' -size +0) ]]; do sleep 0.05; done
	(sleep 0.3 && printf '{"icc": true, "mtu": 1400}') >"$f"
	wait "$edit"
	is "$(<"$f"):$(files)" '{"icc": false, "mtu": 1400}:daemon.json' \
		'somebody else writes to a long one, and takes his time'
else
	skip 'no strace' 'a long file'
fi
fresh
seq -f '"n%.0f=value",' 50000 |
	sed '1s/^/{"icc": true, "labels": [/; $s/,$/]}/' >"$tmp/mounted"
# Nobody waits for who reads what is printed.
cp "$tmp/mounted" "$f"
while read -ra words; do
	cfg "${words[@]}" | (sleep 2 && wc -c >"$tmp/read") &
	sleep 0.3
	timeout 1 tee -a "$f" </dev/null
	is $? 0 "while it prints ('${words[*]}') others can write"
	wait
	is "$(<"$tmp/read")" "$(cfg "${words[@]}" | wc -c)" '... all of it'
done <<-'EOT'
	-n icc=false
	labels
	--check

EOT
mount --bind "$tmp/mounted" "$f"
timeout 20 "$fwbox" docker-cfg -f "$f" icc=false
is "$?:$(head -c 13 "$tmp/mounted"):$(files)" '0:{"icc": false:daemon.json' \
	'a long one that is mounted is rewritten'
umount "$f"

# A fault, then a kill, at each system call.
hits=0
hit() { # WHAT CALL N: 1 when there is no such call any more
	local status

	fresh
	{ strace -qq -o trace -e "trace=$2" -e "inject=$2:$1:when=$3" \
		"$fwbox" docker-cfg -f "$f" icc=false >out 2>&1; } 2>/dev/null
	status=$?
	grep -qE 'INJECTED|killed by SIGKILL' trace || return 1
	hits=$((hits + 1))
	case $(<"$f") in
	"$new") [[ $status -eq 0 || -s out || $1 == signal* ]] && return ;;
	"$old") [[ $status -ne 0 && (-s out || $1 == signal*) ]] && return ;;
	esac
	bad=1
	diag "$2 $3, status $status: $(cat "$f" out)"
}

inject() { # WHAT
	local call n bad=0

	hits=0
	for call in $calls; do
		for ((n = 1; n < 50; n++)); do
			hit "$1" "$call" "$n" || break
		done
	done
	ok $bad "$1, $hits times: the old file or the new one, and a word"
	[[ $hits -gt 30 ]]
	ok $? "$1 at each system call"
}

if command -v strace >/dev/null; then
	fresh
	strace -qq -o trace "$fwbox" docker-cfg -f "$f" icc=false
	calls=$(sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' trace | sort -u |
		grep -vxE 'execve|exit_group|arch_prctl|set_tid_address')
	inject error=EIO
	inject error=ENOSPC
	inject signal=SIGKILL
	hit signal=SIGKILL rename 1
	like "$(files)" '\.fwbox-daemon\.json-[0-9a-f]{16}' \
		'a kill leaves what was being written'
	cfg icc=false
	is "$(<"$f"):$(files)" "$new:daemon.json" 'the next edit takes it away'
	fresh
	chown 12:34 "$f"
	strace -qq -o trace -e trace=rename -e inject=rename:signal=SIGKILL \
		"$fwbox" docker-cfg -f "$f" icc=false &>/dev/null
	cfg mtu=1400
	is "$(files)" daemon.json "... also one of another's file"
else
	skip 'no strace' 'faults at each system call'
fi

done_testing
