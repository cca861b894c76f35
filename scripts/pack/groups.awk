# readelf -SrsW CODE.o | awk -v groups='A B,C,D' -v start=... -f groups.awk: the
# middle of the linker script pack.ld; start is of start.awk.  The image comes
# in groups (groups.h), by which of the three sets of applets (A and B, as C
# names, are the first) can reach what is in it; the rest follows the last, with
# the usage texts, which are unpacked by themselves.  Who calls and refers to
# whom is read from the relocations.  A group begins a page, but for the
# second, which needs the first; and with how long its constants with pointers
# are, this number's 8 bytes with them, and with these.

# A section of the same name as its only symbol's, mostly: -ffunction-sections.
$1 ~ /^\[/ || $2 ~ /^[0-9]+\]$/ {
	sub(/^ *\[ */, "")
	sub(/\]/, "")
	section[$1] = $2
	if ($2 ~ /^\.(text|rodata|data\.rel\.ro)/)
		order[++count] = $2
}
$1 ~ /^[0-9]+:$/ && $7 in section {
	home[$8] = section[$7]
	if ($8 ~ /_applet$/)
		applets[section[$7]]
	if ($5 == "GLOBAL")
		roots[section[$7]] # libc may call it
}
/^Relocation section/ {
	from = $3
	sub(/^'\.rela?/, "", from)
	sub(/'$/, "", from)
}
/^[0-9a-f]+ +[0-9a-f]+ R_/ {
	edges[from] = edges[from] " " $5
}

# Of another group's applet only its name is looked at.
function follows(from, to)
{
	return !(from in applets) || from in whole ||
	       to ~ /^\.rodata\.(.*\.)?str/
}

function reach(name,    n, i, to)
{
	if (name in home)
		name = home[name]
	if (name in reached)
		return
	reached[name]
	n = split(edges[name], to)
	for (i = 1; i <= n; i++)
		if (follows(name, to[i] in home ? home[to[i]] : to[i]))
			targets[name, i] = to[i]
	for (i = 1; i <= n; i++)
		if ((name, i) in targets)
			reach(targets[name, i])
}

# Texts beside texts and code beside code: like packs best with like.
function place(g, like,    i)
{
	for (i = 1; i <= count; i++)
		if (order[i] ~ like && group_of(order[i]) == g &&
		    !(order[i] in placed)) {
			placed[order[i]]
			print "*/code.o(" order[i] ")"
		}
}

# What these applets, main and libc can reach, as set g.
function collect(g, applets_of_it,    i, n, applet, name)
{
	delete reached
	delete whole
	delete targets
	n = split(applets_of_it, applet, " ")
	for (i = 1; i <= n; i++)
		whole[home[applet[i] "_applet"]]
	for (name in whole)
		reach(name)
	for (name in roots)
		reach(name)
	for (name in reached)
		in_set[g, name ~ /^mnl_/ ? "libmnl" : name]
}

function group_of(name,    g)
{
	if (name ~ /^\.rodata\.([a-z_]*_)?usage(\.lto_priv\.[0-9]+)?$/)
		return 0
	if ((1, name) in in_set && (2, name) in in_set)
		return 1
	for (g = 1; g <= sets; g++)
		if ((g, name) in in_set)
			return g + 1
	return 0
}

function align(begins_page)
{
	return "ALIGN(" (begins_page ? "CONSTANT(MAXPAGESIZE)" : 16) ")"
}

END {
	sets = split(groups, applets_of, ",")
	if (sets != 3)
		exit 1
	for (g = 1; g <= sets; g++)
		collect(g, applets_of[g])
	for (g = 1; g <= sets + 1; g++) {
		print ".image" g " " align(g != 2) " : {"
		print "image" g " = .;", "QUAD(pointers" g " - image" g ")"
		place(g, "^\\.data\\.rel\\.ro")
		if (g == 1)
			print "*libc.a:*(.data.rel.ro .data.rel.ro.*)"
		if (group_of("libmnl") == g)
			print "*libmnl.a:*(.data.rel.ro .data.rel.ro.*)"
		print "pointers" g " = ALIGN(8);"
		if (g == 1)
			print "image = image1; KEEP(*(.image))",
			      "*libc.a:*(.rodata .rodata.*)",
			      "EXCLUDE_FILE(" start ")",
			      "*libc.a:*(.text .text.*)"
		place(g, "^\\.rodata\\.(.*\\.)?str")
		place(g, "^\\.rodata")
		place(g, "^\\.text")
		if (group_of("libmnl") == g)
			print "*libmnl.a:*(.text .text.* .rodata .rodata.*)"
		print ". = " align(g != 1) "; }"
	}
}
