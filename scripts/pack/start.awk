# readelf -sW unpack.o LIBC.a | awk -f start.awk LINK.map -: what of libc runs
# before any of the program is unpacked, as patterns of the linker's: all that
# unpack.o and the start of a program can reach, by whole members, of those that
# are linked.

FILENAME != "-" {
	if (match($0, /libc\.a\([^)]*/))
		linked[substr($0, RSTART + 7, RLENGTH - 7)]
	next
}

/^File: / {
	member = $2
	sub(/.*\(/, "", member)
	sub(/\)$/, "", member)
}
$1 ~ /^[0-9]+:$/ && ($5 == "GLOBAL" || $5 == "WEAK") {
	# A weak one may give way to another member's.
	if ($7 == "UND" || $5 == "WEAK")
		needs[member] = needs[member] " " $8
	if ($7 != "UND" && (!($8 in home) || $5 == "GLOBAL"))
		home[$8] = member
}

function reach(member,    n, i, name)
{
	if (member in reached || !(member in linked || member ~ /\//))
		return
	reached[member]
	n = split(needs[member], name)
	for (i = 1; i <= n; i++)
		if (name[i] in home)
			reach(home[name[i]])
}

END {
	n = split(needs["build/musl/unpack.o"], name)
	for (i = 1; i <= n; i++) # it is no part of that link
		if (name[i] in home)
			linked[home[name[i]]]
	reach("build/musl/unpack.o")
	reach(home["__libc_start_main"])
	for (member in reached)
		print (member ~ /\// ? member : "*libc.a:" member)
}
