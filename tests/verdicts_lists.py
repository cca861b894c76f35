"""Lists of commands at random, over ufw's whole grammar."""
from verdicts_packets import HOST, PORTS, far, favourites

ACTIONS = ['allow', 'deny', 'reject', 'limit']
ODDS = [3, 2, 3, 2]
LEVELS = ['off', 'low', 'medium', 'high', 'full']
SERVICES = ['ssh', 'http', 'https', 'domain', 'smtp', 'ntp', 'imap2']
APPS = ['WWW', 'WWW Full', 'DNS', 'CIFS', 'SSH', 'Bonjour', 'SMTP', 'NFS']
PORTLESS = {4: ['ah', 'esp', 'gre', 'vrrp', 'ipv6', 'igmp'],
            6: ['ah', 'esp', 'gre', 'vrrp'],
            0: ['ah', 'esp', 'gre', 'vrrp']}
DIRECTIONS = ['incoming', 'outgoing', 'routed']


class Lists:
    """Commands without `ufw`: a list of words each."""

    def __init__(self, made, number):
        self.r = made
        self.favourites = favourites(number)
        self.number = number
        self.families = [0, 4, 6]

    def maybe(self, odds, *words):
        return list(words) if self.r.random() < odds else []

    def one_port(self):
        return self.r.choice(self.favourites if self.r.random() < 0.7
                             else PORTS)

    def ports(self):
        """(words, several)"""
        chance = self.r.random()
        if chance < 0.6:
            return str(self.one_port()), False
        parts = []
        for _ in range(self.r.randrange(1, 5)):
            low = self.one_port()
            high = min(65535, low + self.r.choice([1, 5, 100, 5000]))
            if self.r.random() < 0.4 and high > low:
                parts.append('%d:%d' % (low, high))
            else:
                parts.append(str(low))
        return ','.join(parts), len(parts) > 1 or ':' in parts[0]

    def iface(self):
        return self.r.choice(['eth0', 'eth0', 'eth1', 'eth+', 'eth2', 'e+',
                              'lo'])

    def log(self):
        return self.maybe(0.15, self.r.choice(['log', 'log-all']))

    def network(self, address, family):
        whole = 32 if family == 4 else 128
        length = self.r.choice([whole, whole, 24, 16, 8, 23, 30, 0]
                               if family == 4 else
                               [whole, whole, 64, 48, 32, 16, 47, 127, 0])
        if length == 0:  # names the family and no more
            return '0.0.0.0/0' if family == 4 else '::/0'
        if length == whole and self.r.random() < 0.8:
            return address
        if length == 16 and family == 4 and self.r.random() < 0.5:
            return address + '/255.255.0.0'
        return '%s/%d' % (address, length)

    def far_address(self, family):
        rest = (self.r.choice([0x101, 0x102, 0x103, 0x203]) |
                (self.r.randrange(6) << 16 if family == 6 else 0))
        return far(self.r.choice(['eth0', 'eth0', 'eth1']), self.number,
                   rest, family)

    def near_address(self, family):
        if self.r.random() < 0.1:
            return '224.0.0.251' if family == 4 else 'ff02::fb'
        return HOST[family][self.r.choice(['eth0', 'eth0', 'eth1'])]

    def side(self, word, family, here, proto):
        """from or to, with ports; proto is '' where none is named yet.
        (words, several ports)"""
        words, several = [word], False
        if family and self.r.random() < 0.6:
            address = (self.near_address(family) if here
                       else self.far_address(family))
            words.append(self.network(address, family))
        else:
            words.append('any')
        if proto not in ('', 'tcp', 'udp') or self.r.random() < 0.35:
            return words, False
        chance = self.r.random()
        if chance < 0.12 and not proto:
            return words + ['app', self.r.choice(APPS)], False
        if chance < 0.2:
            return words + ['port', self.r.choice(SERVICES)], False
        text, several = self.ports()
        return words + ['port', text], several

    def clauses(self, where):
        family = self.r.choice(self.families)
        proto = self.r.choice(['', '', '', '', 'tcp', 'tcp', 'udp', 'udp',
                               self.r.choice(PORTLESS[family])])
        here = {'in': (False, True), 'out': (True, False),
                'route': (False, False)}[where]
        sides = [('from', here[0]), ('to', here[1])]
        if self.r.random() < 0.5:
            del sides[self.r.randrange(2)]
        elif self.r.random() < 0.1:
            sides.reverse()
        parts = []
        for word, near in sides:
            words, several = self.side(word, family, near, proto)
            if several and not proto:
                proto = self.r.choice(['tcp', 'udp'])
            parts.append(words)
        if proto and not any('app' in words for words in parts):
            parts.insert(self.r.randrange(len(parts) + 1), ['proto', proto])
        return [w for words in parts for w in words]

    def simple(self):
        chance = self.r.random()
        if chance < 0.2:
            return [self.r.choice(APPS)]
        if chance < 0.3:
            return [self.r.choice(SERVICES) + self.r.choice(['', '', '/tcp'])]
        text, several = self.ports()
        return [text + self.r.choice(['/tcp', '/udp'] if several else
                                     ['', '', '/tcp', '/udp'])]

    def body(self, where):
        comment = self.maybe(0.05, 'comment', 'a comment')
        if where == 'route':
            words = (self.maybe(0.4, 'in', 'on', self.iface()) +
                     self.maybe(0.4, 'out', 'on', self.iface()) + self.log())
            return words + self.clauses(where) + comment
        direction = ['out'] if where == 'out' else self.maybe(0.3, 'in')
        if self.r.random() < 0.4:
            return direction + self.log() + self.simple() + comment
        if direction:
            direction += self.maybe(0.5, 'on', self.iface())
        return direction + self.log() + self.clauses(where) + comment

    def rule(self):
        where = self.r.choice(['in', 'in', 'route', 'out'])
        return (['route'] if where == 'route' else [],
                self.r.choices(ACTIONS, ODDS) + self.body(where))

    def commands(self):
        """A firewall: defaults, rules, a few put in front or taken away."""
        self.families = self.r.choice([[0, 4, 6], [0, 4, 6], [0, 0, 4, 6],
                                       [0]])
        list_ = []
        for direction in DIRECTIONS:
            if self.r.random() < 0.4:
                list_.append(['default', self.r.choice(ACTIONS[:3]),
                              direction])
        list_ += [x for x in [self.maybe(0.4, 'logging',
                                         self.r.choice(LEVELS))] if x]
        made = []
        for _ in range(self.r.randrange(3, 16)):
            chance = self.r.random()
            if chance < 0.06 and made:
                route, words = made.pop(self.r.randrange(len(made)))
                list_.append(route + ['delete'] + words)
                continue
            if chance < 0.12 and made:  # the same with another action
                route, words = self.r.choice(made)
                words = self.r.choices(ACTIONS, ODDS) + words[1:]
            else:
                route, words = self.rule()
            front = (['prepend'] if chance > 0.9 else
                     ['insert', str(self.r.randrange(1, 6))]
                     if chance > 0.8 else [])
            made.append((route, words))
            list_.append(route + front + words)
        return list_


def as_ours(words):
    """ufw's words as an applet and its words."""
    if words[0] in ('default', 'logging'):
        return ['fw-' + words[0]] + words[1:]
    route = words[:1] if words[0] == 'route' else []
    words = words[len(route):]
    if words[0] == 'delete':
        return ['fw-delete'] + route + words[1:]
    n = {'insert': 2, 'prepend': 1}.get(words[0], 0)
    return ['fw-' + words[n]] + words[:n] + route + words[n + 1:]
