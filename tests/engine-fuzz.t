#!/bin/bash
# A coverage-guided fuzzer over the answers of Docker's engine, HTTP and JSON,
# with the sanitizers.  FUZZ_SECONDS=N for another time than fifteen seconds.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
seconds=${FUZZ_SECONDS:-15}
clang=${CLANG:-clang}

echo 'int LLVMFuzzerTestOneInput(const char *s, long n);
int LLVMFuzzerTestOneInput(const char *s, long n) { return !s && n; }' \
	>"$tmp/try.c"
$clang -fsanitize=fuzzer,address,undefined -o "$tmp/try" "$tmp/try.c" \
	2>/dev/null || skip_all 'no clang with libFuzzer'

$clang -std=c11 -D_GNU_SOURCE -g -O1 -I. -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -o "$tmp/fuzz" tests/fuzz/engine_fuzz.c \
	core/docker/{engine,http,network,reading}.c \
	core/json/{check,read,encode}.c core/rule/addr.c \
	core/base/{buf,choose,clock,err,num,inet,sort}.c
ok $? 'the fuzzer is built' || done_testing

mkdir "$tmp/found"
"$tmp/fuzz" -max_total_time="$seconds" -max_len=4000 -timeout=10 \
	-dict=tests/fuzz/engine.dict -artifact_prefix="$tmp/" \
	-print_final_stats=1 "$tmp/found" tests/fuzz/engine-corpus \
	>"$tmp/log" 2>&1
status=$?
ok $status "$(sed -n 's/stat::number_of_executed_units: *//p' "$tmp/log") \
inputs in $seconds s, none crashes or breaks a property" ||
	diag "$(tail -n 30 "$tmp/log")"

done_testing
