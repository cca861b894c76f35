#!/bin/bash
# Looks at the sources without running them.
#   scripts/lint.sh [shell|tidy|cppcheck|analyzer|includes|layout]...
#                                                    none named: all
# shellcheck disable=SC2317 # the functions are called by a made name
set -u
cd "$(dirname "$0")/.." || exit 1

# What a stage includes stands before it in one of these lines.
stages=(
	'base rule list nft compile wire link apply docker'
	'base json docker'
)
# Left out: what is wrong about C in this version (va_list), asks for Annex K or
# for `!= 0` behind each comparison, or takes a table for a mistake.
tidy_checks='-*,clang-analyzer-*,bugprone-*,cert-*,misc-redundant-expression,
readability-misleading-indentation,readability-redundant-control-flow,
-clang-analyzer-valist.Uninitialized,
-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,
-clang-analyzer-security.insecureAPI.strcpy,
-bugprone-assignment-in-if-condition,-bugprone-easily-swappable-parameters,
-bugprone-narrowing-conversions,-bugprone-not-null-terminated-result,
-bugprone-reserved-identifier,-bugprone-sizeof-expression,
-bugprone-suspicious-string-compare,
-cert-dcl37-c,-cert-dcl51-cpp,-cert-err33-c'
status=0

need() { # TOOL
	command -v "$1" >/dev/null || {
		echo "lint: $1 is not installed: scripts/setup.sh test"
		status=1
		return 1
	}
}

sources() { # those of the C program
	find core applets scripts/pack -name '*.c' | sort
}

lint_shell() {
	need shellcheck || return
	local files

	# What is a script and says so, and what is read by one.
	mapfile -t files < <(find scripts tests .ci -type f \
		! -path '*corpus/*' | sort | while read -r f; do
		case $f in
		*.sh | *.t | */debian/*.postrm | *.init) echo "$f" ;;
		*)
			! head -n 1 "$f" | grep -aqE '^#!.*[/ ](ba|da)?sh\>' ||
				echo "$f"
			;;
		esac
	done)
	shellcheck -x "${files[@]}" || status=1
}

lint_tidy() {
	need clang-tidy || return
	# A few at a time, so that each processor has an even share.  More
	# nodes find nothing here and take four times as long.
	# shellcheck disable=SC2016 # for the inner shell
	sources | TIDY=${tidy_checks//$'\n'/} xargs -n 6 -P 2 sh -c '
		clang-tidy --quiet --warnings-as-errors="*" --checks="$TIDY" \
			"$@" -- -std=c11 -D_GNU_SOURCE -DVERSION="\"0\"" -DPACKED \
			-isystem build/deps/usr/include -Xclang \
			-analyzer-config -Xclang max-nodes=40000' tidy \
		2>/dev/null ||
		status=1
}

lint_cppcheck() {
	need cppcheck || return
	cppcheck --quiet --std=c11 --inline-suppr --error-exitcode=1 -j 2 \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem -DVERSION='"0"' -DPACKED \
		core applets scripts/pack || status=1
}

lint_analyzer() {
	need gcc || return
	# Optimized code has ways to NULL that the source has not.
	sources | xargs -n 1 -P 2 gcc -std=c11 -D_GNU_SOURCE -DPACKED \
		-DVERSION='"0"' \
		-isystem build/deps/usr/include -O0 -fanalyzer -Werror \
		-S -o /dev/null || status=1
}

comes_before() { # STAGE STAGE
	local line

	for line in "${stages[@]}"; do
		line=" ${line// /  } "
		[[ $line != *" $1 "*" $2 "* ]] || return 0
	done
	return 1
}

lint_includes() {
	local file where what

	while IFS=: read -r file what; do
		where=${file#core/}
		where=${where%%/*}
		what=${what#*\"../}
		what=${what%%/*}
		# config.h, two folders up, is for all.
		[[ $what == .. ]] || comes_before "$what" "$where" || {
			echo "$file: $where/ must not include $what/"
			status=1
		}
	done < <(grep -H '^#include "../' core/*/*.[ch])
	grep -Hn '^#include ".*applets' core/*/*.[ch] && status=1
}

# 80 columns, files of at most 450 lines, functions of at most 60.
lint_layout() {
	local files

	mapfile -t files < <(find core applets tests scripts -type f \
		\( -name '*.[ch]' -o -name '*.sh' -o -name '*.t' \) | sort)
	awk '
		function complain(what) {
			print FILENAME ":" FNR ": " what
			bad = 1
		}
		FNR == 1 { begun = 0 }
		/[ \t]$/ { complain("space at the end of the line") }
		FNR == 451 { complain("more than 450 lines") }
		{
			line = $0
			wide = 0
			while ((at = index(line, "\t")) > 0) {
				wide += at - 1
				wide += 8 - wide % 8
				line = substr(line, at + 1)
			}
			# Text to be read stands as it will be read.
			if (wide + length(line) > 80 && $0 !~ /^\t*"/)
				complain("more than 80 columns")
		}
		/^{/ || /^[a-z_]+\(\) {/ { begun = FNR }
		/^}/ {
			if (begun && FNR - begun > 61)
				complain("a function of more than 60 lines")
			begun = 0
		}
		END { exit bad }' "${files[@]}" || status=1
}

[[ $# -gt 0 ]] || set -- shell tidy cppcheck analyzer includes layout
for word; do
	case $word in
	shell | tidy | cppcheck | analyzer | includes | layout)
		"lint_$word"
		;;
	*)
		echo "lint: unknown word '$word'"
		exit 2
		;;
	esac
done
exit $status
