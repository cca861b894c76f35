# readelf -srW CODE.o LIBRARY.a | awk -f unused.awk: the library's functions
# that nothing refers to, its own objects neither.  They are linked because
# another of their object is used.  Where code names code without a name, of
# that object all count as used.

/^File: / {
	library = /\.a\(/
	object = $2
}
/^Relocation section/ {
	in_code = $3 ~ /^'\.rela?\.text/
}
$1 ~ /^[0-9]+:$/ && $7 == "UND" {
	used[$8]
}
$1 ~ /^[0-9]+:$/ && $7 != "UND" && $4 == "FUNC" && $5 == "GLOBAL" && library {
	functions[$8] = object
}
/^[0-9a-f]+ +[0-9a-f]+ R_/ {
	used[$5]
	if (in_code && $5 ~ /^\.text/)
		nameless[object]
}

END {
	for (name in functions)
		if (!(name in used || functions[name] in nameless))
			print name
}
