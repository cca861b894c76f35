"""Random rule lists shown by ufw and by us: the same bytes.  Speaks TAP.

Arguments: the table_cli program, a folder to work in, how many lists, how many
of them through ufw's command line as well, the number of the first check.
Runs where ufw is enabled and its files are ours to write.
"""
import contextlib
import functools
import io
import os
import subprocess
import sys
import warnings

import ufw_syntax
import ufw.backend_iptables
import ufw.common
import ufw.frontend
import ufw.util

SEED = int(os.environ.get('STATUS_SEED', '5'))
STATUS = {'u': [], 'uv': ['verbose'], 'un': ['numbered']}
USER_RULES = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules']


def quote(word):
    plain = word and not set(word) & set(' \t#"\\')
    return word if plain else "'%s'" % word


def settled(rule, v6):
    rule = rule.dup_rule()
    rule.set_v6(v6)
    rule.normalize()
    return rule


def meant(rule):
    """Where we differ: reading its files ufw takes `in out on eth0` for `in on
    eth0`, and `out` with two interfaces for `in`."""
    inward, outward = rule.interface_in, rule.interface_out
    return rule.forward or not (
        outward and not inward if rule.direction == 'in' else inward)


def hidden(rule, old):
    """... and of two rules for an application it hides the second where only
    the one is routed."""
    return old.get_app_tuple() and rule.get_app_tuple() == old.get_app_tuple()


def take(rule, iptype, rules):
    """Adds it to those there are, unless it would change one of them."""
    new = [settled(rule, v6) for v6 in (False, True)
           if iptype in ('both', 'v6' if v6 else 'v4')]
    for rule in new:
        for old in rules:
            if ufw.common.UFWRule.match(rule, old) != 1 or hidden(rule, old):
                return False
    rules += new
    return True


def candidate(lines):
    k = lines.r.random()
    if k < 0.1:
        return lines.r.choice(ufw_syntax.BY_HAND)
    if k < 0.3:
        return ['route'] + lines.route()
    return lines.rule()


def add(ui, words, rules):
    """True if ufw took the line as a new rule."""
    if set(w.lower() for w in words) & {'delete', 'insert', 'rule'}:
        return False
    pr = ufw.frontend.parse_command(['ufw'] + words)
    rule = pr.data.get('rule')
    if not rule or rule.position or not meant(rule) or \
            not take(rule, pr.data['iptype'], rules):
        return False
    ui.do_action(pr.action, rule, pr.data['iptype'], True)
    return True


def fill(lines, path, n):
    """The same rules for ufw and in our file."""
    for name in USER_RULES:
        open(name, 'w').close()
    ui = ufw.frontend.UFWFrontend(False)
    ui.backend.is_enabled = lambda: False  # the files alone
    ui.backend.caps = {'limit': {'4': True, '6': True}}
    rules, kept = [], []
    while len(kept) < n:
        words = candidate(lines)
        try:
            if add(ui, words, rules):
                kept.append(words)
        except (Exception, SystemExit):
            pass
    with open(path, 'w') as f:
        for words in kept:
            f.write(' '.join(map(quote, words)) + '\n')
    return len(kept)


def from_ufw(backend, name):
    return backend.get_status('v' in name, 'n' in name) + '\n'


def from_us(program, path, name, head):
    """The lines above the table are not the table's."""
    done = subprocess.run([program, path, name], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    table = done.stdout.decode()
    return head + (table + '\n' if table else '')


def difference(got, want):
    got, want = got.split('\n'), want.split('\n')
    for a, b in zip(got + [''] * len(want), want + [''] * len(got)):
        if a != b:
            return '# ours |%s|\n# ufw  |%s|\n' % (a, b)
    return ''


def compare(program, path, whole):
    backend = ufw.frontend.UFWFrontend(False).backend  # reads what is saved
    report = ''
    for name, words in STATUS.items():
        if whole:
            want = subprocess.run(['ufw', 'status'] + words, check=True,
                                  stdout=subprocess.PIPE).stdout.decode()
        else:
            want = from_ufw(backend, name)
        head = want.split('\n')[:4 if 'v' in name else 1]
        got = from_us(program, path, name, '\n'.join(head) + '\n')
        if got != want:
            report += '# ufw status %s\n%s' % (' '.join(words),
                                              difference(got, want))
    return report


def main():
    program, folder, n_lists, n_whole, number = sys.argv[1:]
    lines = ufw_syntax.Lines(SEED)
    ufw.common.do_checks = False
    warnings.simplefilter('ignore')
    # ufw asks iptables six times whether its chains are there.
    ufw.backend_iptables.cmd = functools.lru_cache(None)(
        lambda *words: ufw.util.cmd(list(words)))
    cached = ufw.backend_iptables.cmd
    ufw.backend_iptables.cmd = lambda command: cached(*command)
    bad = rows = 0
    for count in range(int(n_lists)):
        silent = io.TextIOWrapper(io.BytesIO())
        with contextlib.redirect_stdout(silent), \
                contextlib.redirect_stderr(silent):
            rows += fill(lines, folder + '/list',
                         lines.r.randrange(31) if count else 0)
        report = compare(program, folder + '/list', count < int(n_whole))
        bad += bool(report)
        sys.stdout.write(report)
    print('%sok %s - the table is ufw\'s, %d lists of %d rules in three ways'
          % ('not ' if bad else '', number, int(n_lists), rows))
    return bad > 0


# ufw's parser is not in question here, nor which spelling it keeps.
ufw_syntax.CASED_APPS = []
ufw_syntax.NUMBERS.remove('0080')
ufw_syntax.V4.remove('10.0.0.0/024')
ufw_syntax.V6 += ['2001:db8::/127', 'fe80::/64']
for _address in '2001:db8::1/127', 'fe80::1/64':
    ufw_syntax.V6.remove(_address)
ufw_syntax.APPS = ['WWW', 'WWW Full', 'DNS', 'CIFS', 'OpenSSH', 'Samba', 'Odd',
                   'A profile of a name that is wider than the column is']
sys.exit(main())
