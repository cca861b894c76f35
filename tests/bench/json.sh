#!/bin/bash
# docker-cfg against jq and python3, setting one key in files of 1 KB, 1 MB
# and 100 MB: medians, ratios, peak memory.  RUNS=N; the files lie in memory
# where there is room, so that the disk is not what is measured.
set -eu
fwbox=${FWBOX:-$PWD/fwbox}
RUNS=${RUNS:-7}
[[ ! -w /dev/shm ]] || export TMPDIR=${TMPDIR:-/dev/shm}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

make_file() { # BYTES
	awk -v bytes="$1" 'BEGIN {
		print "{\n  \"debug\": true,\n  \"labels\": ["
		while (size < bytes - 100) {
			s = sprintf("    \"com.example.n%d=value %d\"", n,
				n * 7919)
			printf "%s%s", n++ ? ",\n" : "", s
			size += length(s) + 2
		}
		print "\n  ],\n  \"icc\": true\n}"
	}'
}

docker_cfg() { "$fwbox" docker-cfg -f "$1" "icc=$2"; }
jq_edit() { jq --argjson v "$2" '.icc = $v' "$1" >"$1.new" &&
	mv "$1.new" "$1"; }
# shellcheck disable=SC2317 # called by name
python_edit() {
	python3 -c 'import json, os, sys
path = sys.argv[1]
with open(path) as f:
    config = json.load(f)
config["icc"] = sys.argv[2] == "true"
with open(path + ".new", "w") as f:
    json.dump(config, f, indent=2)
os.replace(path + ".new", path)' "$1" "$2"
}

run() { # TOOL FILE: "microseconds kilobytes"
	local start value=false

	[[ $((flip++ % 2)) -eq 0 ]] || value=true
	start=${EPOCHREALTIME/./}
	"$1" "$2" "$value" >/dev/null
	echo $((${EPOCHREALTIME/./} - start))
}

# The starting of a process is all there is to a small file: the floor.
nothing() { "$fwbox" --help; }

# busybox takes the kernel's KB for pages of four.
peak() { # TOOL FILE: of its largest process, in KB
	# shellcheck disable=SC2016 # for the inner shell
	busybox time -f %M bash -c 'exec 2>/dev/null; '"$1"' "$0" true' "$2" \
		2>&1 >/dev/null | awk '{ kb = $1 / 4 } END { print kb }'
}
export -f docker_cfg jq_edit python_edit nothing
export fwbox

flip=0
printf '%-8s %-12s %12s %8s %12s %10s\n' file tool median ratio memory \
	'of file'
for size in 1000 1000000 100000000; do
	runs=$RUNS
	[[ $size -lt 100000000 ]] || runs=3
	for tool in docker_cfg jq_edit python_edit nothing; do
		make_file $size >"$tmp/$tool.json"
		: >"$tmp/$tool.times"
	done
	for ((i = 0; i < runs; i++)); do # in turn, for what else goes on
		for tool in docker_cfg jq_edit python_edit nothing; do
			run $tool "$tmp/$tool.json" >>"$tmp/$tool.times"
			flip=$((i + 1))
		done
	done
	ours=
	for tool in docker_cfg jq_edit python_edit nothing; do
		median=$(sort -n "$tmp/$tool.times" |
			sed -n "$(((runs + 1) / 2))p")
		: "${ours:=$median}"
		memory=$(peak $tool "$tmp/$tool.json")
		awk -v size="$size" -v tool="$tool" -v t="$median" \
			-v ours="$ours" -v kb="$memory" 'BEGIN {
			printf "%-8s %-12s %9.2f ms %8.1f %9d KB %10.2f\n",
				size, tool, t / 1000, t / ours, kb,
				kb * 1024 / size }'
	done
done
