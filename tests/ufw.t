#!/bin/bash
# The applet ufw beside ufw itself: the same commands one after the other to
# both, each in a network of its own, and the same output and exit status.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
theirs=/usr/sbin/ufw
[[ -x $theirs ]] || skip_all 'needs ufw'
fwbox=${FWBOX:-$PWD/fwbox}

net_new ufw fwbox
net_own_etc ufw
net_own_etc fwbox
for name in ufw fwbox; do
	net_forward "$name"
	net_run_etc "$name" sh -ec 'cat >/etc/ufw/applications.d/usual
		: >/etc/ufw/user.rules
		: >/etc/ufw/user6.rules
		rm -rf /etc/fwbox' <<-END
		[OpenSSH]
		title=Secure shell server
		description=Opens the port of sshd
		ports=22/tcp
		[Web Full]
		title=Web Server
		description=Web Server (HTTP,HTTPS)
		ports=80,443/tcp
		[Mixed]
		title=Mixed
		description=Several parts
		ports=137,138/udp|139,445/tcp
	END
done
net_run_etc ufw sh -c 'cp /usr/share/ufw/iptables/user*.rules /etc/ufw'
mkdir "$tmp/bin"
ln -s "$fwbox" "$tmp/bin/ufw"

# Both prompts and what is said of success are of interest, errors are not.
run() { # NETWORK PROGRAM LINE
	local line=$3 input=

	[[ $line != *' <<< '* ]] || input=${line#* <<< } line=${line%% <<< *}
	eval "set -- \"\$1\" \"\$2\" $line"
	printf '%b' "$input" | net_run_etc "$@" 2>"$tmp/$1.err"
	echo "exit $?"
}

# Deliberately different: a wrong command gives an error and not the whole
# help, and the files that a reset keeps are others.
usual() { # COMMAND-LINE
	local reset=()

	[[ $1 != *reset* ]] ||
		reset=(-e "s/Backing up '.*//" -e '/^$/d')
	sed -e '/^$/{N;/\nUsage: ufw/{:a;N;$!ba;s/.*\n\(exit\)/\1/}}' \
		"${reset[@]}"
}

same() { # COMMAND-LINE, without ufw; <<< INPUT
	local want got

	# Its copies are named by the second, and it refuses to make one again.
	[[ $1 != *reset* ]] || sleep 1.1
	run fwbox "$tmp/bin/ufw" "$1" >"$tmp/ours" &
	want=$(run ufw "$theirs" "$1" | usual "$1")
	wait "$!"
	got=$(usual "$1" <"$tmp/ours")
	is "$got" "$want" "ufw $1" || {
		diag "its errors: $(<"$tmp/ufw.err")"
		diag "our errors: $(<"$tmp/fwbox.err")"
	}
}

commands() { # on standard input
	local line

	while read -r line; do
		[[ -z $line ]] || same "$line"
	done
}

# Without a firewall.
commands <<'END'
status
show added
reload
allow 22
allow 22
deny 22
deny 22 comment 'no more'
deny 22
allow 53/udp
allow out 53
allow log 80/tcp
allow OpenSSH
allow openssh
deny OpenSSH
limit ssh
reject from 10.0.0.0/8 to any port 25 proto tcp
allow from 2001:db8::/32
allow proto esp from any
route allow in on eth0 out on eth1
route allow 8080/tcp
allow in on eth0 to any app 'Web Full'
allow 443,80/tcp comment 'web'
delete allow 443,80/tcp
delete allow 443,80/tcp
delete allow 1234
delete deny 22 comment 'no'
delete deny 22
insert 1 allow 9
insert 99 allow 8
insert 0 allow 8
prepend deny from 10.9.9.9
prepend deny from 2001:db8::9
insert 1 deny from 2001:db8::8
insert 1 reject 7
END
commands <<'END'
default
default deny
default reject routed
default allow nowhere
logging medium
logging on
logging loud
status loud
show
enable now
nonsense
allow
allow 70000
delete
delete 999
delete 0
route delete 1
allow in on
allow deny 22
END
# Who listens, and the rules for it.
net_link ufw eth0 fwbox eth0
for name in ufw fwbox; do
	net_address "$name" eth0 192.0.2.5/24 2001:db8::5/64
	net_serve "$name" tcp,0.0.0.0,22 tcp,192.0.2.5,9 tcp,127.0.0.1,1 \
		tcp,2001:db8::5,80 udp,0.0.0.0,53 udp,192.0.2.5,7 tcp,::1,2 \
		tcp,0.0.0.0,110
done

commands <<'END'
show added
enable
status
status verbose
status numbered
show listening
app info OpenSSH
app info 'Web Full'
app info Nothing
app
app update OpenSSH
app update --add-new all
app update nothing
app default skip
allow 123/udp
allow 123/udp
reject 123/udp
prepend limit 22/tcp
insert 1 deny from 10.7.7.7 comment 'seven'
insert 1 allow out to 10.7.7.8
status numbered
delete 1 <<< n\n
delete 1 <<< nonsense\n
delete 1 <<< y\n
delete 2 <<< YES\n
--force delete 2
delete 15 <<< y\n
insert 2 deny 1002
insert 12 deny 1012
insert 16 deny from 2001:db8::16
insert 1 deny from 2001:db8::16
status numbered
delete reject 123/udp
default reject outgoing
logging high
status verbose
reload
disable
status
logging off
logging on
disable
reset <<< n\n
reset <<< y\n
show added
allow 1
--force reset
show added
status
END

# What is not compared, and why it is as it is.
net_run_etc fwbox rm -rf /etc/fwbox
ours() { # COMMAND...
	net_run_etc fwbox "$tmp/bin/ufw" "$@" 2>&1
}
like "$(ours version)" $'^ufw 0\\.36\\.2\nfwbox [0-9.]+, ' 'version'
like "$(ours help)" '^usage: ufw ' 'help'
is "$(ours help)" "$(ours --help)" 'and --help'
is "$(ours nonsense)" "ERROR: bad action 'nonsense': must be allow, deny, \
reject, limit" 'a wrong word'
is "$(ours allow 22/tcp)" $'Rules updated\nRules updated (v6)' 'a rule'
like "$(ours --dry-run deny 22/tcp)" '^[^#]*add table.*### tuple ### deny '\
$'22/tcp\nRules updated\n### tuple ### deny 22/tcp \\(v6\\)\nRules' '--dry-run'
is "$(ours --dry-run allow 22/tcp)" "Skipping adding existing rule
Skipping adding existing rule (v6)" '--dry-run of nothing new'
is "$(ours show added | tail -n 1)" 'ufw allow 22/tcp' 'and nothing changes'
like "$(ours status verbose)" 'inactive.Logging: on.*22/tcp +ALLOW IN' \
	'verbose tells what would be'
like "$(ours app default allow)" '^ERROR: new profiles' 'app default allow'
like "$(ours show raw)" 'add rule inet fwbox .* 22' 'show raw: nft'

# One family's half leaves the other's.
ours --force delete 2 >/dev/null
is "$(net_run_etc fwbox grep 22/tcp /etc/fwbox/rules)" '' 'a rule cut in half'
like "$(net_run_etc fwbox grep -c . /etc/fwbox/rules; ours show added)" \
	'ufw allow 22/tcp' 'is there still'

# Over SSH.
ssh() { # INPUT COMMAND...
	local input=$1

	shift
	printf '%s\n' "$input" | SSH_CONNECTION='192.0.2.9 5 192.0.2.5 2222' \
		net_run_etc fwbox "$tmp/bin/ufw" "$@" 2>&1
}
question='Command may disrupt existing ssh connections. Proceed with operation'
is "$(ssh n enable)" "$question (y|n)? Aborted" 'over SSH: enable asks'
is "$(ours status)" 'Status: inactive' 'no is no'
like "$(ssh y enable)" "$question.*active" 'yes is yes'
like "$(ours status)" 'Status: active' 'and it is active'
like "$(ssh y enable)" 'WARN: this refuses the SSH connection in use' \
	'a lock-out is warned of'
like "$(ssh '' allow 80)" 'WARN: .*Rule added' 'and with it the rule comes'
ours disable >/dev/null
like "$(net_run_etc fwbox cat /etc/fwbox/rules)" 'startup off' \
	'disabled: nor is it started at boot'
said=$(ours --force enable 2>&1)
is "$(ssh '' --force enable 2>&1 | tail -n 1)" \
	'Firewall is active and enabled on system startup' \
	'over SSH: --force asks nothing'
like "$(net_run_etc fwbox cat /etc/fwbox/rules)" 'startup on' \
	'enabled: it is started at boot'
like "$said" 'WARN: nothing here runs fw-init --boot' 'where something does it'
unset -f ssh

# The page of commands that people copy, and cloud-init's runcmd.
ours --force reset >/dev/null
net_run_etc fwbox env PATH="$tmp/bin:$PATH" sh -ec '
	ufw default deny incoming
	ufw default allow outgoing
	ufw --force enable
	ufw allow OpenSSH
	ufw allow http
	ufw allow https
	ufw status verbose' </dev/null >"$tmp/page" 2>&1
is $? 0 'a page of commands'
page='Default: deny .incoming., allow .outgoing., deny .routed.'
page+='.*22/tcp .OpenSSH. +ALLOW IN .*80/tcp +ALLOW IN .*443 +ALLOW IN '
like "$(<"$tmp/page")" "$page" 'does what it says'

# A link only when asked for.
links() { # ARGUMENT...
	rm -rf "$tmp/links"
	mkdir "$tmp/links"
	"$fwbox" --install "$@" "$tmp/links" &&
		find "$tmp/links" -name ufw | wc -l
}
is "$(links)$(links -s)" 00 '--install makes no link of that name'
is "$(links --ufw)$(links -s --ufw)" 11 'with --ufw it does'
unlike "$("$fwbox" --list)" ufw 'nor is it listed'
make -o fwbox install DESTDIR="$tmp/root" >/dev/null
is "$(find "$tmp/root" -name ufw)" '' 'nor does make install'
make -o fwbox install DESTDIR="$tmp/root" UFW=1 >/dev/null
is "$(readlink "$tmp/root/usr/local/sbin/ufw")" fwbox 'UFW=1 does'
done_testing
