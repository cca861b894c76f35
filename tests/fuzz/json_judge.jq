# Reads json_gen's lines, does each edit as jq would, and prints the cases
# where the result means something else or other bytes changed; last a count.
def same($v): . as $x | $x == $v;
def want:
  .path as $p | .value as $v | .op as $op | .doc | fromjson |
  if $op == "set" then setpath($p; $v)
  elif $op == "delete" then delpaths([$p])
  elif $op == "add" then
    setpath($p; getpath($p) |
      if any(.[]; same($v)) then . else . + [$v] end)
  else setpath($p; getpath($p) - [$v]) end;
reduce inputs as $case ({n: 0, bad: []};
  .n += 1 |
  if $case.bytes and
     ((try ($case.result | fromjson | [.]) catch []) == [$case | want])
  then . else .bad += [$case] end) |
(.bad[:5][] | tojson), "\(.n) cases, \(.bad | length) wrong"
