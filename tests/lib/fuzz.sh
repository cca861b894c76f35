# shellcheck shell=bash
# The fuzzers of tests/fuzz by clang's libFuzzer, under AddressSanitizer and
# UBSan, from their corpus on; without it the corpus is run once.
# FUZZ_SECONDS=N: as long for each, instead of the test's own time.
# Needs tap.sh.

declare -A fuzz_longest=([engine]=4000 [nftables]=6000) # bytes; else 2000

fuzz_can() { # whether there is a libFuzzer
	printf 'int LLVMFuzzerTestOneInput(const char *s, long n);
	int LLVMFuzzerTestOneInput(const char *s, long n) { return !s && n; }' \
		>"${tmp:?}/try.c"
	${CLANG:-clang} -fsanitize=fuzzer,address,undefined -o "$tmp/try" \
		"$tmp/try.c" 2>/dev/null
}

fuzz_make() { # PROGRAM; others may be about to make it too
	mkdir -p build
	flock build/fuzz.lock make -s -j 2 ${CLANG:+CLANG="$CLANG"} "$1" \
		>"$tmp/log" 2>&1
	ok $? "$1 is built" || {
		diag "$(tail -n 30 "$tmp/log")"
		done_testing
	}
}

fuzz_once() { # TARGET
	build/san/fuzz "$1" tests/fuzz/corpus/"$1"/* >"$tmp/log" 2>&1
	ok $? "$1: $(grep -c ^Running "$tmp/log") inputs, none crashes or \
breaks a property" || diag "$(tail -n 30 "$tmp/log")"
	skip 'no clang with libFuzzer' "$1: fuzzing"
}

fuzz_run() { # SECONDS TARGET
	local dictionary=tests/fuzz/$2.dict seconds=${FUZZ_SECONDS:-$1}
	local runs edges

	mkdir -p "$tmp/found/$2"
	[[ -e $dictionary ]] || dictionary=
	build/fuzz/fuzz "$2" -max_total_time="$seconds" -timeout=10 \
		-max_len="${fuzz_longest[$2]:-2000}" \
		${dictionary:+-dict="$dictionary"} \
		-artifact_prefix="$tmp/" -print_final_stats=1 \
		"$tmp/found/$2" "tests/fuzz/corpus/$2" >"$tmp/log" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$tmp/log")
	edges=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$tmp/log" | tail -n 1)
	ok $status "$2: $runs inputs in $seconds s, $edges edges, none \
crashes or breaks a property" || diag "$(tail -n 30 "$tmp/log")"
}

fuzz() { # SECONDS TARGET...
	local seconds=$1 target

	shift
	if fuzz_can; then
		fuzz_make build/fuzz/fuzz
		for target; do
			fuzz_run "$seconds" "$target"
		done
	else
		fuzz_make build/san/fuzz
		for target; do
			fuzz_once "$target"
		done
	fi
}
