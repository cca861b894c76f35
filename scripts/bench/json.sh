# shellcheck shell=bash disable=SC2154 # tmp
# docker-cfg setting one key in files of 1 KB, 1 MB and 100 MB, against jq and
# Python's json.  What these print would have to be renamed over the file:
# docker-cfg does that itself, and syncs, which is not taken from its time.  The
# limit is the least program that reads such a file, looks at each byte and
# replaces it.

json_file() { # FILE BYTES: about so many
	awk -v left="$2" 'BEGIN {
		print "{\n  \"debug\": true,\n  \"mtu\": 1500,\n  \"labels\": ["
		while ((left -= length(line)) > 100) {
			line = sprintf("    \"com.example.n%d=value %d\",", n,
				n * 7919)
			print line
			n++
		}
		print "    \"com.example.last\"\n  ]\n}"
	}' >"$1"
}

bench_json() {
	local size rounds case file edit

	edit='import json, sys
with open(sys.argv[2]) as f:
    config = json.load(f)
config["mtu"] = int(sys.argv[1])
json.dump(config, sys.stdout, indent=2)'
	printf '%s\n' "$edit" >"$tmp/edit.py"
	begin
	net_new json
	for size in 1000:25 1000000:25 100000000:3; do
		rounds=${size#*:} size=${size%:*}
		case="$size bytes" file=$tmp/json
		json_file "$file" "$size"
		cp "$file" "$file.ours"
		contestant "$case" docker-cfg json
		run "$tmp/bin/docker-cfg" -f "$file.ours" mtu=%N
		contestant "$case" limit json
		run "$tools/copy" "$file.ours"
		contestant "$case" jq json
		run ">$file.new" jq '.mtu = %N' "$file"
		contestant "$case" python3 json
		run ">$file.new" python3 "$tmp/edit.py" %N "$file"
		race "$rounds"
	done
	report json 'One key set in a JSON file'
}
