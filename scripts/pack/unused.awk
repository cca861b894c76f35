# readelf -srW CODE.o LIBRARY.a | awk -f unused.awk: the library's functions
# that nothing refers to, its own objects neither.  They are linked because
# another of their object is used.

/^File: / {
	library = /\.a\(/
}
$1 ~ /^[0-9]+:$/ && $7 == "UND" {
	used[$8]
}
$1 ~ /^[0-9]+:$/ && $7 != "UND" && $4 == "FUNC" && $5 == "GLOBAL" && library {
	functions[$8]
}
/^[0-9a-f]+ +[0-9a-f]+ R_/ {
	used[$5]
}

END {
	for (name in functions)
		if (!(name in used))
			print name
}
