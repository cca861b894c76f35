# shellcheck shell=bash disable=SC2154 # tmp, disk
# What the benchmarks share: the plan for alternate.c, and running it.
# Needs net.sh, and $tmp, a folder in memory.

tools=$PWD/build/bench/bin
plan=$tmp/plan
log=$PWD/build/bench/log
samples=$tmp/samples

begin() { # a bench
	: >"$samples"
	: >"$samples.calls"
	: >"$log"
	: >"$plan"
}

contestant() { # CASE NAME NAMESPACE
	printf '%s\n' @contestant "$1" "$2" "$(net_of "$3")" >>"$plan"
}

# Words of one line each, none of which begins with @.
prepare() { # COMMAND...: before each run, not counted
	printf '%s\n' @prepare "$@" >>"$plan"
}

run() { # COMMAND...: counted
	printf '%s\n' @run "$@" >>"$plan"
}

absent() { # CASE NAME: one that cannot run here
	printf '%s\t%s\n' "$1" "$2" >>"$samples"
}

race() { # ROUNDS: runs the plan and begins a new one
	"$tools/alternate" "${ROUNDS:-$1}" "$plan" "$log" >>"$samples" ||
		die "$(tail -n 5 "$log")"
	: >"$plan"
}

# Once more under strace: a file for each process, a line for each call.
count_calls() { # before race
	local traces=$tmp/traces file what

	mkdir -p "$traces"
	awk -v dir="$traces" '
		line { name = name (line == 1 ? "|" : "") $0; line-- }
		/^@contestant/ { line = 2; name = "" }
		{ print }
		/^@run/ {
			print "strace\n-ff\n-qq\n-e\nraw=all\n-e\nsignal=none"
			print "-o\n" dir "/" name
		}' "$plan" >"$plan.traced"
	"$tools/alternate" 1 "$plan.traced" "$log" >/dev/null ||
		die "$(tail -n 5 "$log")"
	for file in "$traces"/*; do
		what=${file##*/}
		printf '%s\t%s\n' "${what%.*}" "$(wc -l <"$file")"
	done | awk -F'\t' '
		{ calls[$1] += $2; processes[$1]++ }
		END {
			for (what in calls) {
				split(what, part, "|")
				printf "%s\t%s\tcalls=%d\tprocesses=%d\n",
					part[1], part[2], calls[what],
					processes[what]
			}
		}' >>"$samples.calls"
	rm -rf "$traces"
}

report() { # NAME TITLE [OPTION...]
	local name=$1

	shift
	cat "$samples" "$samples.calls" |
		python3 scripts/bench/report.py "build/bench/$name.json" \
			"$name" "$@"
}

plot() { # NAME [KEY]: what report made, see plot.py
	python3 scripts/bench/plot.py "build/bench/$1.json" \
		"build/bench/$1.svg" "${@:2}" | tee "build/bench/$1.plot"
}
