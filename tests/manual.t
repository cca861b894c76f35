#!/bin/bash
# The manual pages: they are without fault, every applet has one, its options
# are those of --help, and what the examples say can be done.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
command -v mandoc >/dev/null || skip_all 'needs mandoc'
fwbox=${FWBOX:-$PWD/fwbox}
pages=$PWD/scripts/man
unset SSH_CONNECTION FWBOX_RULES

mapfile -t applets < <("$fwbox" --list)
applets+=(ufw)
"$pages/install.sh" "$tmp/share" "${applets[@]}"
ok $? 'the pages install'
man=$tmp/share/man

for page in "$man"/man?/*.[58]; do
	[[ ! -L $page ]] || continue
	name=${page##*/}
	mandoc -T lint -W warning "$page" >"$tmp/out" 2>&1
	ok $? "$name: without a warning" || diag "$(<"$tmp/out")"
	! LC_ALL=C grep -n '[^ -~]' "$page" >"$tmp/out"
	ok $? "$name: plain ASCII" || diag "$(<"$tmp/out")"
	# NAME(SECTION) is the file's, and each Xr leads to a page.
	title=$(sed -n 's/^\.Dt //p' "$page" | tr 'A-Z ' 'a-z.')
	is "$title" "$name" "$name: its title"
	while read -r ref section _; do
		case $ref in
		iptables | jq | nft | ufw) continue ;;
		esac
		[[ -e $man/man$section/$ref.$section ]]
		ok $? "$name: $ref($section) is there"
	done < <(sed -n 's/^\(\.It \)\{0,1\}\.\{0,1\}Xr //p' "$page" | sort -u)
	for part in NAME SYNOPSIS DESCRIPTION EXAMPLES 'SEE ALSO'; do
		grep -qx "\.Sh $part" "$page"
		ok $? "$name: $part"
	done
done

# The pages to be read elsewhere.
for page in "$pages"/*.md; do
	name=${page##*/}
	[[ $(wc -l <"$page") -lt 80 ]]
	ok $? "$name: under 80 lines"
	while read -r ref; do
		[[ -e $pages/$ref ]]
		ok $? "$name: $ref is there"
	done < <(grep -oE '\]\([^)]*\)' "$page" | tr -d '])(')
done
python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' \
	"$pages/packet.svg" 2>"$tmp/out"
ok $? 'packet.svg: valid XML' || diag "$(<"$tmp/out")"

# Options.
help_of() { # APPLET: what is shown of its own options
	if [[ $1 == fwbox ]]; then
		"$fwbox" --help
	else
		"$fwbox" "$1" --help
	fi >"$tmp/help"
	! grep -q 'Options: see fw-init' "$tmp/help" ||
		"$fwbox" fw-init --help | grep -v '^  --\(keep\|boot\)' >>"$tmp/help"
	sed -E 's/[a-z]+-[a-z]+ --[a-z-]+//g; s/^usage: [^ ]+//' "$tmp/help" |
		grep -oE -- '(^|[[ (])--?[a-z][a-z-]*' | tr -d '[ (' |
		sort -u
}

for applet in fwbox "${applets[@]}"; do
	page=$man/man8/$applet.8
	[[ -e $page ]]
	ok $? "$applet: has a page" || continue
	grep -qw "^\.Nm $applet" "$page" || [[ $applet == ufw ]]
	ok $? "$applet: is named in it"
	grep -qw -e "$applet" "$man/man8/fwbox.8"
	ok $? "$applet: is named in fwbox.8"
	help_of "$applet" >"$tmp/want"
	grep '^\.' "$page" | grep -oE 'Fl -?[a-z][a-z-]*' | sed 's/^Fl /-/' |
		sort -u >"$tmp/got"
	diff "$tmp/want" "$tmp/got" >"$tmp/out"
	ok $? "$applet: the options are those of --help" ||
		diag "$(<"$tmp/out")"
	[[ $applet == fwbox || $applet == ufw ]] && continue
	help=$("$fwbox" "$applet" --help | sed -n 1p)
	brief=$("$fwbox" --help | sed -n "s/^  $applet  *//p")
	grep -qF -e "$brief" "$page" || [[ -L $page || $applet == fw-allow ]]
	ok $? "$applet: says what --help says: $brief"
	like "$help" "^usage: $applet" "$applet: --help has its usage"
done
for page in "$man"/man8/*; do
	name=${page##*/}
	name=${name%.8}
	[[ " fwbox fwbox-ufw ${applets[*]} " == *" $name "* ]]
	ok $? "$name: the page is of an applet"
done

# Examples: every line of them, a page in a network and an /etc of its own.
examples() { # PAGE: as they are read
	awk '
		/^\.Sh / { on = $2 == "EXAMPLES" }
		on && /^\.Ed/ { inside = 0 }
		on && inside { print }
		on && /^\.Bd -literal/ { inside = 1 }
	' "$1" | sed 's/\\(aq/'\''/g; s/\\-/-/g; s/\\&//g; s/\\e/\\/g'
}

# shellcheck disable=SC2317 # called where it is exported to
inside() { # FOLDER: runs its `examples`, and says what failed
	local line more

	cd "$1" || return
	PATH=/usr/local/sbin:$PATH
	mount --bind "$1/sbin" /usr/local/sbin || return
	rm -rf /etc/fwbox /etc/docker
	fwbox --install /usr/local/sbin || return
	while read -r line; do
		while [[ $line == *\\ ]] && read -r more; do
			line=${line%\\}$more
		done
		eval "$line" >out 2>&1 </dev/null || {
			echo "$line: $?"
			cat out
		}
		echo >>ran
	done <examples
}
export -f inside

run_examples() { # NAME, and its lines
	local dir=$tmp/run.$1

	mkdir -p "$dir/sbin"
	cp "$fwbox" "$dir/sbin/fwbox"
	examples "$man/man5/fwbox.rules.5" | sed '/^fw-/d' >"$dir/rules.new"
	grep -vxF -f "$dir/rules.new" >"$dir/examples"
	net_new "$1"
	net_own_etc "$1"
	net_run_etc "$1" unshare --pid --fork --kill-child \
		bash -c "inside '$dir'" >"$tmp/out" 2>&1
	[[ ! -s $tmp/out && -s $dir/ran ]]
	ok $? "$1: the examples run ($(wc -l <"$dir/ran"))" ||
		diag "$(<"$tmp/out")"
}

blocks() { # PAGE: the lines of a Markdown page that are to be typed
	sed -n 's/^    //p' "$1"
}

if why=$(net_missing); then
	skip "$why" 'the examples run'
else
	for page in "$man"/man?/*.[58]; do
		[[ -L $page ]] || run_examples "$(basename "$page")" \
			< <(examples "$page")
	done
	run_examples docker.md \
		< <(blocks "$pages/docker.md" | grep -E '^(fw|docker)-')
	if command -v ufw >/dev/null; then
		run_examples moving-from-ufw.md <<-EOT
			ufw allow 22/tcp comment 'the door'
			ufw limit from 10.0.0.0/8 to any port 80,443 proto tcp
			ufw insert 1 deny out to 192.0.2.9 port 25 proto tcp
			ufw route allow in on wg0 out on eth0
			ufw --force enable
			$(blocks "$pages/moving-from-ufw.md")
			fw-status --json >status
			cp /etc/fwbox/rules moved
		EOT
		is "$(<"$tmp/run.moving-from-ufw.md/moved")" \
"deny out to 192.0.2.9 port 25 proto tcp
allow 22/tcp comment 'the door'
limit from 10.0.0.0/8 to any port 80,443 proto tcp
route allow in on wg0 out on eth0" 'moving-from-ufw.md: all rules came along'
		like "$(<"$tmp/run.moving-from-ufw.md/status")" \
			'"active":true,.*"differs":false,.*"others":\[\]' \
			'... and the firewall is fwbox'"'s alone"
	else
		skip 'no ufw' 'moving-from-ufw.md'
	fi
fi
done_testing
