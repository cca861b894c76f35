"""Rule command lines for ufw's parser and ours: the same verdict on each, and
where both take one the same meaning.  Speaks TAP.

Arguments: the rule_cli program, a folder with ufw's files to work in.
ufw runs inside this process, as `ufw --dry-run` would, on that folder.
"""
import contextlib
import io
import ipaddress
import random
import socket
import subprocess
import sys
import warnings

import gettext
gettext.install('ufw')
import ufw.common
import ufw.frontend
import ufw.util

SEED = 20
GENERATED, MUTATED = 2500, 2500
RULES = 3  # already there, in each of ufw's two lists

# ---- ufw ----


def ufw_start(folder):
    ufw.common.do_checks = False
    ufw.util.get_iptables_version = lambda *args: '1.8.9'
    ui = ufw.frontend.UFWFrontend(True, datadir=folder)
    # As on a real kernel; a dry run does not look, and then skips checks.
    ui.backend.caps = {'limit': {'4': True, '6': True}}
    return ui


def dummies(v6):
    rules = []
    for port in range(RULES):
        rule = ufw.common.UFWRule('allow', 'tcp', str(60001 + port))
        rule.set_v6(v6)
        rules.append(rule)
    return rules


def network(addr):
    if addr in ('0.0.0.0/0', '::/0', 'any'):
        return 'any'
    host, slash, length = addr.partition('/')
    if '.' in length:  # Python's module takes no leading zeros there
        length = '.'.join(str(int(q)) for q in length.split('.'))
    try:
        net = ipaddress.ip_network(host + slash + length, strict=False)
    except ValueError:
        return addr
    if net.prefixlen == 0:
        return 'any'
    kind = socket.AF_INET if net.version == 4 else socket.AF_INET6
    text = socket.inet_ntop(kind, net.network_address.packed)
    if net.prefixlen == net.max_prefixlen:
        return text
    return '%s/%d' % (text, net.prefixlen)


def ports(text, app):
    if text == 'any' or app:
        return ''
    return ','.join(':'.join(str(int(x)) for x in p.split(':')) for p in
                    sorted(text.split(','),
                           key=lambda p: [int(x) for x in
                                          (p + ':0').split(':')][:2]))


def meaning(rule, iptype):
    return [rule.action, 'route' if rule.forward else rule.direction,
            rule.logtype, iptype, rule.protocol,
            rule.interface_in, rule.interface_out,
            network(rule.src), ports(rule.sport, rule.sapp), rule.sapp,
            network(rule.dst), ports(rule.dport, rule.dapp), rule.dapp,
            rule.get_comment()]


def ufw_verdict(ui, words):
    """(accepted, meaning or None, iptype)"""
    ui.backend.rules, ui.backend.rules6 = dummies(False), dummies(True)
    what, iptype = None, None
    try:
        pr = ufw.frontend.parse_command(['ufw', '--dry-run'] + list(words))
        rule = pr.data.get('rule')
        iptype = pr.data.get('iptype')
        if rule:
            what = meaning(rule, iptype)
            ui.do_action(pr.action, rule, iptype, pr.force)
        else:
            ui.do_action(pr.action, '', '', pr.force)
    except (Exception, SystemExit):
        return False, None, iptype
    return True, what, iptype


def ufw_verdicts(ui, lines):
    verdicts = []
    silent = io.TextIOWrapper(io.BytesIO())
    stdin, sys.stdin = sys.stdin, io.StringIO('')
    warnings.simplefilter('ignore')
    with contextlib.redirect_stdout(silent), \
            contextlib.redirect_stderr(silent):
        for words in lines:
            verdicts.append(ufw_verdict(ui, words))
    sys.stdin = stdin
    return verdicts

# ---- ours ----


def our_verdicts(program, folder, lines):
    text = ''.join('\t'.join(words) + '\n' for words in lines)
    done = subprocess.run(
        [program, '/etc/services', folder + '/etc/ufw/applications.d',
         str(2 * RULES)],
        input=text.encode(), stdout=subprocess.PIPE, check=True)
    out = done.stdout.decode().split('\n')[:-1]
    assert len(out) == len(lines), 'an answer for each line'
    return [line.split('\t') for line in out]

# ---- the lines ----


ACTIONS = ['allow', 'deny', 'reject', 'limit']
NUMBERS = ['22', '80', '1', '65535', '8080', '0080']
BAD_NUMBERS = ['0', '65536', '70000', '-1', '+80', '8x', '99999999999999']
MULTI = ['80,443', '6000:6010', '22,80:90,443', '1:65535', '443,80',
         '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15', '1:2,3:4,5:6,7:8']
BAD_MULTI = ['80,', ',80', '80,,443', '90:80', '80:80', '1:2:3', '80:', ':80',
             '0:5', '5:65536', 'ssh,http', '80,http', '80-90',
             '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16',
             '1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16']
SERVICES = ['ssh', 'http', 'https', 'domain', 'smtp', 'www', 'ntp', 'imaps',
            'syslog', 'shell', 'time', 'sip', 'rtmp']
BAD_SERVICES = ['nosuchservice', 'SSH', 'any', 's', 'http/', '-']
APPS = ['WWW', 'WWW Full', 'DNS', 'CIFS', 'SMTP', 'SSH', 'IMAP', 'IMAPS',
        'Bonjour', 'Test Mixed', 'Test.Names', 'Twice']
CASED_APPS = ['www full', 'dns', 'cIFS', 'twice']
BAD_APPS = ['NoSuchApp', 'all', 'Bad Ports', 'No Title', '22', '', 'TWIN',
            'Hidden', 'Leftover']
PROTOS = ['tcp', 'udp', 'any', 'ah', 'esp', 'gre', 'ipv6', 'igmp', 'vrrp']
BAD_PROTOS = ['TCP', 'icmp', 'sctp', '6', '', 'all']
V4 = ['10.0.0.1', '192.168.0.0/16', '10.1.2.3/8', '1.2.3.4/255.255.255.0',
      '0.0.0.0/0', '127.0.0.1/32', '10.0.0.0/255.0.0.0', '1.2.3.4/0',
      '10.0.0.0/024', '1.2.3.4/255.255.255.255']
V6 = ['2001:db8::1', '2001:DB8::/32', 'fe80::1/64', '::/0', '::1/128',
      '::ffff:1.2.3.4', '2001:db8::1/127']
BAD_ADDRS = ['10.0.0', '10.0.0.256', '10.0.0.0/33', '1.2.3.4/', '1.2.3.4/a',
             '2001:db8::/129', '2001:db8:::1', 'example.com', '010.0.0.1',
             '1.2.3.4/8/8', 'fe80::1%eth0', '2001:db8::/ffff::', '1.2.3.4.5',
             '1.2.3.4/255.255', '1.2.3.4/256.0.0.0', '', 'anywhere']
IFACES = ['eth0', 'br-0123456789ab', 'wg0', 'eth0.100', 'ppp+', 'a@b', 'x=y',
          'abcdefghijklmno']
BAD_IFACES = ['', '.', '..', 'eth0:1', '!eth0', 'eth/0', 'abcdefghijklmnop',
              'eth 0', 'eth*', 'eth;0']
COMMENTS = ['x', 'two words', 'ssh: for me', '', 'comment', '#1', 'a "b"']
BAD_COMMENTS = ["it's", 'in', 'log', 'out']
JUNK = ['from', 'to', 'port', 'proto', 'app', 'in', 'out', 'on', 'log',
        'log-all', 'comment', 'any', 'allow', 'insert', 'delete', 'rule',
        'route', 'prepend', 'IN', 'Out', 'LOG', 'ON', 'FROM', 'xyz', '', '22',
        'tcp', '/', '22/tcp', 'eth0', '1.2.3.4', 'ssh', 'WWW', 'x' * 70]

GRAMMAR = ['in', 'out', 'log', 'log-all', 'comment', 'proto', 'from', 'to',
           'port', 'app']


class Lines:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.odds = 0.0  # that a piece is a wrong one

    def pick(self, good, bad):
        return self.r.choice(bad if self.r.random() < self.odds else good)

    def chance(self, odds):
        return self.r.random() < odds

    def port(self):
        k = self.r.random()
        if k < 0.4:
            return self.pick(NUMBERS, BAD_NUMBERS)
        if k < 0.7:
            return self.pick(MULTI, BAD_MULTI)
        return self.pick(SERVICES, BAD_SERVICES)

    def addr(self, family):
        k = self.r.random()
        if k < 0.35:
            return self.r.choice(['any', 'any', 'ANY'])
        return self.pick(V6 if family == 6 else V4, BAD_ADDRS + V4 + V6)

    def short(self):
        k = self.r.random()
        if k < 0.3:
            return [self.pick(APPS + CASED_APPS, BAD_APPS)]
        port = self.port()
        if self.chance(0.6):
            port += '/' + self.pick(['tcp', 'tcp', 'udp', 'any'],
                                    BAD_PROTOS + PROTOS)
        return [port]

    def side(self, word, family, apps):
        words = [word, self.addr(family)]
        if self.chance(0.5):
            if apps and self.chance(0.6):
                words += ['app', self.pick(APPS, BAD_APPS)]
            else:
                words += ['port', self.port()]
        return words

    def clauses(self):
        family = self.r.choice([4, 4, 6])
        apps = self.chance(0.3)
        parts = [self.side(w, family, apps)
                 for w in self.r.choice([['from'], ['to'], ['from', 'to']])]
        if self.chance(0.1 if apps else 0.6):
            protos = self.r.choice([['tcp', 'udp'], PROTOS])
            parts.append(['proto', self.pick(protos, BAD_PROTOS)])
        self.r.shuffle(parts)
        return sum(parts, [])

    def iface(self, word):
        return [word, 'on', self.pick(IFACES, BAD_IFACES)]

    def log(self):
        return [self.r.choice(['log', 'log-all', 'LOG'])] \
            if self.chance(0.2) else []

    def comment(self):
        return ['comment', self.pick(COMMENTS, BAD_COMMENTS)] \
            if self.chance(0.2) else []

    def rule(self):
        words = [self.pick(ACTIONS, ['ALLOW', 'permit', 'drop', ''])]
        if self.chance(0.4):
            if self.chance(0.3):
                words.append(self.r.choice(['in', 'out', 'IN', 'Out']))
            words += self.log() + self.short()
        else:
            k = self.r.random()
            if k < 0.3:
                words += self.iface(self.r.choice(['in', 'out']))
            elif k < 0.5:
                words.append(self.r.choice(['in', 'out']))
            words += self.log()
            if k > 0.05:
                words += self.clauses()
        return words + self.comment()

    def route(self):
        words = [self.pick(ACTIONS, ['ALLOW', 'permit'])]
        k = self.r.random()
        if k < 0.6:
            words += self.iface('in')
        if 0.3 < k < 0.8:
            words += self.iface('out')
        words += self.log()
        if self.chance(0.2) and k >= 0.8:
            words += self.short()
        elif self.chance(0.9):
            words += self.clauses()
        return words + self.comment()

    def command(self):
        routed = self.chance(0.2)
        words = self.route() if routed else self.rule()
        k = self.r.random()
        if k < 0.08:
            words = ['insert', self.pick(['1', '2', '3', '01'],
                                         ['0', '-1', 'x', '', '7', '2x',
                                          '999999999999'])] + words
        elif k < 0.14:
            words = ['prepend'] + words
        elif k < 0.24:
            words = ['delete'] + words
        elif k < 0.25:
            words = ['delete', self.r.choice(['1', '6', '7', '0'])]
        if routed:
            return ['route'] + words
        return (['rule'] if self.chance(0.05) else []) + words

    def mutate(self, words):
        words = list(words)
        for _ in range(self.r.choice([1, 1, 1, 2, 3])):
            i = self.r.randrange(len(words))
            k = self.r.randrange(8)
            if k == 0 and len(words) > 1:
                del words[i]
            elif k == 1:
                words.insert(i, words[i])
            elif k == 2:
                j = self.r.randrange(len(words))
                words[i], words[j] = words[j], words[i]
            elif k == 3:
                words[i] = self.r.choice(JUNK)
            elif k == 4:
                words.insert(i, self.r.choice(JUNK))
            elif k == 5:
                words[i] = self.r.choice([str.upper, str.lower,
                                          str.title])(words[i])
            elif words[i]:
                words[i] = self.letters(words[i])
        return words

    def letters(self, word):
        i = self.r.randrange(len(word))
        c = self.r.choice('0189,:/.-+ aztT@')
        return self.r.choice([word[:i] + word[i + 1:],
                              word[:i] + c + word[i:],
                              word[:i] + c + word[i + 1:],
                              word[:i] + word[i] + word[i:]])


BY_HAND = [line.split() for line in '''
allow 22
allow 22/tcp
limit ssh
deny from 1.2.3.4
allow in on eth0 to any port 80,443 proto tcp comment x
route allow in on eth0 out on eth1 from any to 10.0.0.0/8
route allow out on eth1 in on eth0 from any
route allow in on eth0 from any out on eth1 port 22
route allow in on eth0
route allow 22
route allow in 22
route allow out
route allow IN 22
ROUTE allow 22
route rule allow 22
allow out in on eth0
allow in out on eth0
allow in on eth0 out eth1
allow in on eth0 out on eth1
allow in ON eth0
allow IN on eth0
allow in on
allow in
allow out
allow log
allow log 22
allow log in 22
allow in log 22
allow in on eth0 log from any
allow in on eth0 from any log
allow comment x 22
allow 22 comment
allow 22 comment comment
allow 22 comment a comment b
allow 22/tcp/udp
allow /tcp
allow 22/
allow ssh/udp
allow ssh/tcp
allow domain/udp
allow 80,443
allow 80,443/any
allow 80,443/tcp
allow from any
allow from
allow to
allow to any
allow proto tcp
allow proto tcp from any
allow port 22
allow port 22 from any
allow from any port any
allow from any port 22 port 80
allow from any port ssh port 80
allow from any app WWW port 22
allow from any port 22 app WWW
allow from any port 80,443 app DNS
allow from any port 80,443 app WWW
allow from any port ssh app WWW
allow from any app WWW to any port ssh
allow from any app WWW to any port domain
allow from any app WWW to any port 80,443
allow from any app DNS to any port 80,443
allow from any app WWW to any app DNS
allow from any app DNS to any app DNS
allow from any app app to any
allow from any app port
allow from any port proto
allow from any port ssh to any port ntp
allow from any port domain to any port ntp
allow from any port ssh to any port 80,443
allow from 10.0.0.0/8 to 2001:db8::1
allow from 0.0.0.0/0 to 2001:db8::1
allow from any to 2001:db8::1 proto igmp
allow from any proto igmp
allow proto esp from any port 80
allow from any port ssh proto esp
allow from any port domain proto udp
allow 22/esp
allow any
allow any/tcp
allow all
allow allow
insert 0 allow 22
insert 00 allow 22
insert -1 allow 22
insert 1 allow
insert 1
insert
prepend
prepend allow
prepend allow 22
delete
delete 1
delete 0
delete 9
delete allow 22
delete allow NoSuchApp
delete allow from any app NoSuchApp
delete delete allow 22
delete insert 1 allow 22
route delete 1
route delete allow in on eth0
route insert 1 allow in on eth0
rule allow 22
RULE allow 22
rule rule allow 22
Delete allow 22
DELETE 1
Allow 22
allow in from any to any from any
allow from any to any port 22 proto tcp proto udp
allow proto tcp from 1.2.3.4 port 1 to 5.6.7.8 port 2 comment x
allow in on eth0 proto tcp from 1.2.3.4 port 1 to 5.6.7.8 port 2
allow log proto tcp from any port 1 to any port 2 in on eth0
'''.strip().split('\n')]

# What fwbox takes and ufw does not, and the other way round; all there is.
OURS_ALONE = [
    ['allow', 'OpenSSH'],  # ufw needs a file for it
    ['allow', 'wireguard'],  # not in /etc/services
    ['deny', 'from', '@/etc/bad'],
    # ufw looks into the comment, and mixes up the sides.
    ['route', 'allow', 'from', 'any', 'comment', 'a in b'],
    ['allow', 'from', 'any', 'app', 'www full'],
    ['route', 'allow', '22', 'comment', 'delete'],  # ufw's parser crashes
]
UFWS_ALONE = [
    # a mask with holes; ufw hands it on to iptables
    ['allow', 'from', '1.2.3.4/255.0.255.0'],
    # an interface called as a word of the grammar
    ['route', 'allow', 'in', 'on', 'eth0', 'out', 'on', 'log'],
    # no service; the second port takes its place
    ['allow', 'from', 'any', 'port', 'any', 'port', 'ssh'],
    # deletes a rule for the profile "out"
    ['delete', 'allow', 'out', 'on'],
    ['delete', ' +1'],  # what Python's int() takes
    # ufw drops the interface, and the rule is for all of them
    ['route', 'allow', 'in', 'on', 'eth0', 'out', 'on', ''],
]


def has_holes(word):
    """Is it an address with a mask that no length stands for?"""
    quads = word.partition('/')[2].split('.')
    if len(quads) != 4 or not all(q.isdigit() for q in quads):
        return False
    bits = ''.join(bin(int(q))[2:].zfill(8) for q in quads)
    return '0' in bits.rstrip('0')


def excused(words, theirs):
    """Lines whose verdict hangs on one of the differences above, or on how
    many rules ufw's two lists hold."""
    iptype = theirs[2]
    if any(w.startswith('@') or has_holes(w) for w in words):
        return True
    if words[0] == 'route' and any(not w or ' in ' in w or ' out ' in w
                                   for w in words):
        return True
    lower = [w.lower() for w in words]
    if 'delete' in lower[:3] and lower[-1] == 'on':
        return True
    pairs = list(zip(words, words[1:]))
    if ('comment', 'delete') in pairs and words[0] == 'route':
        return True
    if ('port', 'any') in pairs and words.count('port') > 1 and theirs[0]:
        return True
    if theirs[1] and (theirs[1][5] in GRAMMAR or theirs[1][6] in GRAMMAR):
        return True
    for i in range(len(words) - 3):
        if words[i] == 'from' and words[i + 2] == 'app':
            cased = [a for a in APPS if a.lower() == lower[i + 3]]
            if cased and words[i + 3] not in APPS:
                return True
    if 'insert' in lower[:3] and (iptype != 'both' or
                                  any(w != w.strip() for w in words)):
        return True
    return taken_as_other(words, theirs)


def taken_as_other(words, theirs):
    """Another command of ufw's, or its way to read a number."""
    accepted, what, _ = theirs
    return accepted and what is None and not (
        words[0].lower() in ('delete', 'rule') and words[-1].isdigit())


def same(ours, theirs):
    accepted, what, _ = theirs
    if (ours[0] == 'ok') != accepted:
        return False
    if not accepted or what is None:
        return True
    got, want = ours[1:], list(what)
    for app in (9, 12):  # ufw looks their real names up later
        got[app], want[app] = got[app].lower(), want[app].lower()
    if got[1] == 'route':
        want[1] = 'route'
    return got == want


class Tap:
    def __init__(self):
        self.n = 0

    def ok(self, passed, text):
        self.n += 1
        print('%sok %d - %s' % ('' if passed else 'not ', self.n, text))


def compare(tap, ui, program, folder, name, lines):
    theirs = ufw_verdicts(ui, lines)
    ours = our_verdicts(program, folder, lines)
    wrong = taken = counted = 0
    for words, o, t in zip(lines, ours, theirs):
        if excused(words, t):
            continue
        counted += 1
        taken += t[0]
        if not same(o, t):
            wrong += 1
            print('# ufw %r\n#   ours %r\n#   ufw  %r' % (words, o, t))
    tap.ok(not wrong, '%s: %d lines, %d of them right' %
           (name, counted, taken))
    return counted


def main():
    program, folder = sys.argv[1:]
    ui = ufw_start(folder)
    tap = Tap()
    make = Lines(SEED)
    args = (tap, ui, program, folder)
    count = compare(*args, 'by hand', BY_HAND)
    right = [make.command() for _ in range(GENERATED)]
    count += compare(*args, 'from the grammar', right)
    make.odds = 0.15
    count += compare(*args, 'from the grammar, with wrong pieces',
                     [make.command() for _ in range(GENERATED)])
    count += compare(*args, 'by mutation',
                     [make.mutate(make.r.choice(right))
                      for _ in range(MUTATED)])
    tap.ok(count >= 1500, 'at least 1500 lines')
    for lines, ours, theirs in (OURS_ALONE, True, False), \
                               (UFWS_ALONE, False, True):
        o = our_verdicts(program, folder, lines)
        t = ufw_verdicts(ui, lines)
        for i, words in enumerate(lines):
            tap.ok((o[i][0] == 'ok', t[i][0]) == (ours, theirs),
                   'a difference that is meant: %s' % ' '.join(words))
    print('1..%d' % tap.n)


if __name__ == '__main__':
    main()
