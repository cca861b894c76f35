#!/bin/bash
# ufw's rule parser as oracle: the same verdict and meaning on thousands of
# right and wrong command lines.  ufw works on a copy of its files.
set -u

skip() {
	echo "1..0 # SKIP $1"
	exit 0
}

# Debian's own python, which the ufw package installs its modules for.
python=/usr/bin/python3
"$python" -c 'import ufw.parser' 2>/dev/null ||
	skip 'ufw is not installed'
[ -e /etc/services ] || skip 'no /etc/services for ufw to read'
for file in user.rules user6.rules ufw.conf; do
	[ -r "/etc/ufw/$file" ] || skip "/etc/ufw/$file is not readable"
done
[ -d /etc/ufw/applications.d ] || skip 'no /etc/ufw/applications.d'

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

mkdir -p "$tmp/etc/default" "$tmp/etc/ufw/applications.d"
for file in /etc/ufw/*; do
	[ -d "$file" ] || cp "$file" "$tmp/etc/ufw/"
done
cp /etc/default/ufw "$tmp/etc/default/"
: >"$tmp/etc/ufw/user.rules"
: >"$tmp/etc/ufw/user6.rules"

apps=$tmp/etc/ufw/applications.d
cat >"$apps/usual" <<'EOF'
[WWW]
title=Web Server
description=Web server
ports=80/tcp

[WWW Full]
title=Web Server (HTTP,HTTPS)
description=Web Server (HTTP,HTTPS)
ports=80,443/tcp

[DNS]
title=Internet Domain Name Server
description=Internet Domain Name Server
ports=53

[CIFS]
title=SMB/CIFS server
description=SMB/CIFS server
ports=137,138/udp|139,445/tcp

[SSH]
title=SSH server
description=SSH server
ports=22/tcp

[IMAP]
title=Mail server
description=Mail server
ports=143/tcp

[IMAPS]
title=Mail server
description=Mail server
ports=993/tcp

[SMTP]
title: Mail server
description: Mail server
ports: 25/tcp
EOF
cat >"$apps/odd" <<'EOF'
# a comment
[Bonjour]
TITLE = Bonjour
  goes on here
description=Two

	lines
ports=5353/udp|5298
other=field
[Test Mixed]
title=x
description=x
ports=1|2:3/udp|4/tcp
[Test.Names]
title=x
description=x
ports=ssh|http,https/tcp
[Bad Ports]
title=x
description=x
ports=1:2
[No Title]
description=x
ports=1
[Twin]
title=x
description=x
ports=1
[tWin]
title=x
description=x
ports=2
[Twice]
title=x
description=x
ports=1/tcp
[ssh]
title=x
description=x
ports=1
EOF
cat >"$apps/twice" <<'EOF'
[Twice]
title=x
description=x
ports=2/udp
EOF
cat >"$apps/.hidden" <<'EOF'
[Hidden]
title=x
description=x
ports=1
EOF
sed s/Hidden/Leftover/ "$apps/.hidden" >"$apps/x.dpkg-old"
cat >"$apps/wrong" <<'EOF'
[Leftover]
title=x
description=x
ports=1
this is no line of an INI file
EOF

${CC:-gcc} -std=c11 -D_GNU_SOURCE -O1 -o "$tmp/rule_cli" \
	tests/unit/rule_cli.c core/rule/*.c core/base/*.c || {
	echo 'not ok 1 - the driver compiles'
	echo 1..1
	exit 1
}
PYTHONDONTWRITEBYTECODE=1 "$python" tests/ufw_syntax.py \
	"$tmp/rule_cli" "$tmp" 2>"$tmp/warnings"
status=$?
sed 's/^/# /' "$tmp/warnings"
exit "$status"
