"""Lists of rules that overlap, repeat and contradict each other, and packets
near the edges of what they name, for tests/compile.py."""
import functools
import ipaddress

from verdicts_packets import (GROUPS, HOST, ICMP, ICMP6, TCP, UDP, Packets,
                              far)

ODDS = {'allow': 8, 'deny': 8, 'reject': 4, 'limit': 0.3}
OTHERS = ['ah', 'esp', 'gre', 'vrrp']
LENGTHS = {4: [32, 32, 32, 31, 30, 29, 28, 24, 22, 8],
           6: [128, 128, 128, 127, 126, 120, 64, 62, 48, 16]}
# Where a host takes its own addresses from.
OWN = {4: {'eth0': '10.0.0.128', 'eth1': '20.0.0.128'},
       6: {'eth0': 'fd00:0:0:100::1', 'eth1': 'fd01:0:0:100::1'}}


class Rules:
    def __init__(self, made, number):
        self.r, self.number = made, number
        self.limited = False
        self.base = made.choice([20, 79, 1000, 65530, 1])
        self.spread = made.choice([3, 6, 20])
        self.near, self.far = {}, {}
        # Or small networks far apart, mostly with ports of their own.
        self.scattered = made.random() < 0.2
        hosts, lows = 3, [0x101, 0x102, 0x110, 0x203]
        if self.scattered:
            hosts, lows = 60, range(1, 0xffff)
        for family in (4, 6):
            self.far[family] = [
                far(side, number, self.r.choice(lows), family)
                for side in ('eth0', 'eth1') for _ in range(hosts)]
            self.near[family] = [HOST[family]['eth0'], HOST[family]['eth1'],
                                 GROUPS[family][0]] + [
                str(ipaddress.ip_address(OWN[family][side]) + i)
                for side in ('eth0', 'eth1') for i in range(4)]
        self.named = {4: set(), 6: set()}  # networks of the rules
        self.ports = set()

    def maybe(self, odds, *words):
        return list(words) if self.r.random() < odds else []

    def port(self):
        return max(1, min(65535, self.base + self.r.randrange(self.spread)))

    def port_text(self):
        """(text, several)"""
        if self.r.random() < self.exact:
            port = self.port()
            self.ports.update((port - 1, port, port + 1))
            return str(port), False
        parts, count = [], self.r.choice([1, 1, 2, 4])
        for _ in range(count):
            low, high = sorted((self.port(), self.port()))
            high = self.r.choice([high, high, 65535])
            self.ports.update((low - 1, low, high, high + 1))
            parts.append(str(low) if low >= high else '%d:%d' % (low, high))
        return ','.join(parts), True

    def net(self, family, near):
        address = self.r.choice((self.near if near else self.far)[family])
        whole = 32 if family == 4 else 128
        length = whole
        if self.r.random() > self.exact:
            length = self.r.choice(LENGTHS[family][:5] if self.scattered
                                   else LENGTHS[family])
        self.named[family].add(ipaddress.ip_network(
            '%s/%d' % (address, length), strict=False))
        return address if length == whole else '%s/%d' % (address, length)

    def one_side(self, word, dims, family, near):
        words = [word, self.net(family, near) if word in dims else 'any']
        several = False
        if word + ' port' in dims:
            text, several = self.port_text()
            words += ['port', text]
        return words, several

    def rule(self, shape):
        where, dims, family, iface = shape
        actions = list(ODDS)[:3] if self.scattered else ODDS
        action = self.r.choices(list(actions),
                                [ODDS[what] for what in actions])[0]
        self.limited |= action == 'limit'
        words = ['route'] if where == 'route' else []
        words.append(action)
        if where == 'route':
            words += self.maybe(iface, 'in', 'on', self.iface())
            words += self.maybe(iface, 'out', 'on', self.iface())
        elif where == 'out' or self.r.random() < iface:
            words.append(where)
            words += self.maybe(iface, 'on', self.iface())
        words += self.maybe(0 if self.scattered else 0.02,
                            self.r.choice(['log', 'log-all']))
        source, several = self.one_side('from', dims, family, where == 'out')
        target, many = self.one_side('to', dims, family, where == 'in')
        words += source + target
        proto = self.r.choice(['tcp', 'udp'] if several or many else
                              ['', '', 'tcp', 'udp'])
        if not proto and not any('port' in d for d in dims):
            proto = self.r.choice(['', '', *OTHERS])
        words += ['proto', proto] if proto else []
        words += self.maybe(0.1, 'comment', 'this')
        return ' '.join(words)

    def iface(self):
        return self.r.choice(['eth0', 'eth0', 'eth1', 'eth+', 'e+', 'eth2'])

    def shape(self):
        """A way to be for some of the rules."""
        dims = self.r.choice([
            ['to port'], ['to port'], ['from'], ['from'], ['to'],
            ['from port'], ['from', 'to port'], ['from', 'to'],
            ['from', 'to', 'to port'], ['from', 'from port', 'to', 'to port'],
            ['from port', 'to port'], []])
        if self.scattered:
            return *self.r.choice([
                ('in', ['from', 'to port']), ('out', ['to', 'to port']),
                ('route', ['from', 'from port', 'to']),
                ('in', ['from']), ('route', ['to'])]), \
                self.r.choice([4, 6]), 0
        return (self.r.choice(['in', 'in', 'route', 'out']), dims,
                self.r.choice([4, 6]), self.r.choice([0, 0, 0, 0.6]))

    def lines(self):
        lines = ['default %s %s' % (self.r.choice(['allow', 'deny', 'reject']),
                                    way)
                 for way in ('incoming', 'outgoing', 'routed')]
        lines += self.maybe(0.3, 'logging off') + self.maybe(0.05,
                                                             'counters on')
        shapes = [self.shape() for _ in range(self.r.choice([1, 2, 3, 6]))]
        if self.r.random() < 0.5:  # both families
            shapes += [shape[:2] + (10 - shape[2],) + shape[3:]
                       for shape in shapes]
        count = self.r.choice([2, 5, 10, 20, 40, 80])
        if self.scattered:
            shapes, count = shapes[:1], 80
        while len(lines) < count + 3:
            # Each for itself, as some say all in one place.
            self.exact = 0.2 if self.scattered else self.r.choice([1, 1, 0.5])
            shape = self.r.choice(shapes)
            for _ in range(self.r.choice([1, 1, 2, 8])):
                lines.append(self.rule(shape))
            if len(lines) > 4 and self.r.random() < 0.1:
                lines.append(self.r.choice(lines[3:]))
        return lines


@functools.lru_cache(None)
def places(side, family):
    """A host's networks: its own, what it routes to, and the link's."""
    if family == 4:
        return (ipaddress.ip_network(OWN[4][side] + '/26'),
                ipaddress.ip_network('10.0.0.0/8' if side == 'eth0'
                                     else '20.0.0.0/8'),
                ipaddress.ip_network(HOST[4][side] + '/24', strict=False))
    return (ipaddress.ip_network(OWN[6][side].replace('::1', '::/56')),
            ipaddress.ip_network('fd00::/16' if side == 'eth0'
                                 else 'fd01::/16'),
            ipaddress.ip_network(HOST[6][side] + '/48', strict=False))


class Near(Packets):
    """Packets that fit the rules, or nearly."""

    def __init__(self, made, number, rules):
        super().__init__(made, number)
        self.ports = sorted(p for p in rules.ports if 0 < p < 65536)
        self.named = {family: sorted(nets) for family, nets in
                      rules.named.items()}

    def edge(self, fallback, side, family, local):
        """An address at the edge of a network that the rules name."""
        for _ in range(20):
            if not self.named[family] or self.r.random() < 0.2:
                break
            net = self.r.choice(self.named[family])
            first = int(net.network_address)
            last = int(net.broadcast_address)
            at = self.r.choice([first - 1, first, first, last, last + 1,
                                self.r.randrange(first, last + 1)])
            if at < 0 or at >> (32 if family == 4 else 128):
                continue
            address = ipaddress.ip_address(at) if family == 4 else \
                ipaddress.IPv6Address(at)
            text = str(address)
            if self.usable(address, side, family, local) and \
                    self.used[text] < 5:
                self.used[text] += 1
                return text
        return fallback(side, family)

    @staticmethod
    def usable(address, side, family, local):
        """Does the host have it, or else routes to it on that side?"""
        own, wide, link = places(side, family)
        if local:  # but not the routers' anycast address
            return address in own and (family == 4 or
                                       int(address) & 0xffffffff)
        return address in wide and address not in link

    def source(self, side, family):
        return self.edge(super().source, side, family, False)

    def own(self, side, family):
        return self.edge(super().own, side, family, True)

    def here(self, side, family):
        return self.edge(super().here, side, family, True)

    def target(self, side, family):
        return self.edge(super().target, side, family, False)

    def port(self):
        if self.ports and self.r.random() < 0.9:
            return self.r.choice(self.ports)
        return super().port()

    def proto(self, family):
        chance = self.r.random()
        if chance < 0.9:
            return TCP if chance < 0.45 else UDP
        return super().proto(family) if chance < 0.97 else (
            ICMP if family == 4 else ICMP6)
