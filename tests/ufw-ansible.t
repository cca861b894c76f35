#!/bin/bash
# Ansible's community.general.ufw drives the applet ufw: what it asks for
# happens, and it says "changed" when and only when something did.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/net.sh
. tests/lib/net.sh
net_need
command -v ansible-playbook >/dev/null || skip_all 'needs ansible'
module=ansible_collections.community.general.plugins.modules.ufw
/usr/bin/python3 -c "import $module" 2>/dev/null ||
	skip_all "needs Debian's ansible with community.general"
fwbox=${FWBOX:-$PWD/fwbox}

net_new host
net_own_etc host
net_run_etc host rm -rf /etc/fwbox
mkdir "$tmp/bin" "$tmp/home"
ln -s "$fwbox" "$tmp/bin/ufw"

# The module by itself, each time in a process of its own that has Ansible's
# library already.
cat >"$tmp/module.py" <<'END'
import contextlib, io, json, os, runpy, shlex, sys
from ansible.module_utils import basic

for line in sys.stdin:
    _, check, *words = shlex.split(line)
    arguments = dict(word.split("=", 1) for word in words)
    arguments["_ansible_check_mode"] = check == "c"
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        continue
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS":
                                      arguments}).encode()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), \
         contextlib.suppress(SystemExit):
        runpy.run_module(sys.argv[1], run_name="__main__")
    result = json.loads(said.getvalue())
    print(result.get("changed", "failed"), result.get("failed", False),
          json.dumps(result.get("msg", "")), flush=True)
    os._exit(0)
END

run_in() { # COMMAND...
	net_run_etc host env PATH="$tmp/bin:$PATH" HOME="$tmp/home" \
		LC_ALL=C.UTF-8 "$@"
}

compare() { # CASES RESULTS
	local want check arguments got failed text

	while read -r want check arguments <&3; do
		got='nothing' failed='' text=''
		read -r got failed text <&4
		[[ $check == c ]] && arguments="$arguments (check mode)"
		is "$got $failed" "$want False" "$arguments: changed: $want" ||
			diag "$text"
	done 3<"$1" 4<"$2"
}

# CHANGED, then c in check mode or -, then the module's arguments.
cat >"$tmp/cases" <<'END'
False c state=disabled
False - state=disabled
True c state=enabled
True - rule=allow name=OpenSSH
False - rule=allow name=OpenSSH
False c rule=allow name=OpenSSH
True - state=enabled
False c state=enabled
False - state=enabled
True c rule=allow port=80 proto=tcp
True - rule=allow port=80 proto=tcp
False - rule=allow port=80 proto=tcp
False c rule=allow port=80 proto=tcp
True c rule=allow port=80 proto=tcp comment='web_server'
True - rule=allow port=80 proto=tcp comment='web_server'
False - rule=allow port=80 proto=tcp comment='web_server'
True - rule=deny port=80 proto=tcp comment='web_server'
True - rule=deny src=10.0.0.0/8 insert=1 comment='first'
False - rule=deny src=10.0.0.0/8 insert=1 comment='first'
False c rule=deny src=10.0.0.0/8 insert=1 comment='first'
True - rule=allow src=10.1.0.0/16 insert=0 insert_relative_to=last-ipv4
False - rule=allow src=10.1.0.0/16 insert=0 insert_relative_to=last-ipv4
True - rule=reject src=2001:db8::/32 port=25 proto=tcp log=true
False - rule=reject src=2001:db8::/32 port=25 proto=tcp log=true
True - rule=allow src=2001:db8:1::/48 insert=0 insert_relative_to=first-ipv6
False - rule=allow src=2001:db8:1::/48 insert=0 insert_relative_to=first-ipv6
True - rule=limit port=ssh proto=tcp
False - rule=limit port=ssh proto=tcp
True - rule=allow interface=eth0 direction=in port=53 proto=udp
False - rule=allow interface=eth0 direction=in port=53 proto=udp
True - rule=deny direction=out to_ip=192.0.2.1 to_port=25 proto=tcp
False - rule=deny direction=out to_ip=192.0.2.1 to_port=25 proto=tcp
True c rule=allow route=true interface_in=eth0 interface_out=eth1
True - rule=allow route=true interface_in=eth0 interface_out=eth1
False - rule=allow route=true interface_in=eth0 interface_out=eth1
False c rule=allow route=true interface_in=eth0 interface_out=eth1
True - rule=allow route=true interface_in=eth0 interface_out=eth1 delete=true
False - rule=allow route=true interface_in=eth0 interface_out=eth1 delete=true
True c rule=deny src=10.0.0.0/8 delete=true
True - rule=deny src=10.0.0.0/8 delete=true
False - rule=deny src=10.0.0.0/8 delete=true
False c rule=deny src=10.0.0.0/8 delete=true
False c rule=allow port=9999 delete=true
False c default=deny direction=incoming
False - default=deny direction=incoming
True c default=reject direction=incoming
True - default=reject direction=incoming
False - default=reject direction=incoming
True - default=deny direction=outgoing
False - default=deny direction=outgoing
True - default=allow direction=routed
False - default=allow direction=routed
False c logging=low
False - logging=on
True - logging=full
False - logging=full
True - logging=off
False - logging=off
False c logging=off
True - state=reloaded
True - state=disabled
False - state=disabled
True - rule=allow port=4711
False - rule=allow port=4711
True - rule=allow port=4711 delete=true
False - rule=allow port=4711 delete=true
True - state=reset
True - state=reset
END
run_in /usr/bin/python3 "$tmp/module.py" "$module" <"$tmp/cases" >"$tmp/done" \
	2>"$tmp/err"
ok $? 'the module runs' || diag "$(<"$tmp/err")"
compare "$tmp/cases" "$tmp/done"

# A play.
cat >"$tmp/play.yml" <<END
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
  - community.general.ufw: { default: deny }
    register: a
  - community.general.ufw: { rule: allow, name: OpenSSH }
    register: b
  - community.general.ufw: { state: enabled }
    register: c
  - community.general.ufw: { rule: allow, name: OpenSSH }
    register: d
  - community.general.ufw: { state: enabled }
    register: e
  - copy:
      dest: $tmp/done
      content: "{{ [a, b, c, d, e] | map(attribute='changed') | join(' ') }}"
END
run_in ansible-playbook -i localhost, \
	-e ansible_python_interpreter=/usr/bin/python3 "$tmp/play.yml" \
	>"$tmp/out" 2>&1
ok $? 'a play runs' || diag "$(tail -n 30 "$tmp/out")"
is "$(<"$tmp/done")" 'True True True False False' \
	'it changes what is not so yet'
like "$(run_in ufw status)" 'Status: active.*OpenSSH +ALLOW' 'and it is so'
done_testing
