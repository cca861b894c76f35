"""Packets for tests/verdicts.py: made up at random, as bytes, and read again
when they arrive, are quoted by an ICMP error, or reset."""
import collections
import functools
import ipaddress
import random
import socket
import struct

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
IGMP, IPV6, GRE, ESP, AH, VRRP = 2, 41, 47, 50, 51, 112
SYN, ACK = 2, 16
PORTS = [22, 25, 53, 67, 68, 80, 111, 137, 138, 139, 143, 443, 445, 546, 547,
         1000, 1001, 1900, 2000, 5353, 6000, 6005, 6010, 8080, 65535]
MOST_FROM_ONE = 5  # more tries of an address would set off a limit rule

# Both hosts have the same addresses.
HOST = {4: {'eth0': '10.0.0.1', 'eth1': '20.0.0.1'},
        6: {'eth0': 'fd00::1', 'eth1': 'fd01::1'}}
LINK_LOCAL, LINK_LOCAL_PEER = 'fe80::1', 'fe80::2'
GROUPS = {4: ['224.0.0.251', '239.255.255.250', '224.0.0.1'],
          6: ['ff02::fb', 'ff02::f', 'ff02::1']}
BROADCAST = '10.0.0.255'
OTHER_SIDE = {'eth0': 'eth1', 'eth1': 'eth0'}

Packet = collections.namedtuple(
    'Packet', 'number dir family proto src dst sport dport kind hops flags '
              'iif oif')
# kind: the ICMP type.


def far(side, number, rest, family):
    """An address beyond the side, of list `number`."""
    block = 1 + number % 250
    if family == 4:
        return '%d.%d.%d.%d' % (10 if side == 'eth0' else 20, block,
                                rest >> 8 & 3, rest & 0xff)
    return 'fd0%d:%x:%x:%x::%x' % (side == 'eth1', block, rest >> 8 & 3,
                                   rest >> 16, 1 + (rest & 0xff))


def favourites(number):
    """The ports that list `number` and its packets are mostly about."""
    return random.Random(number).sample(PORTS, 5)


class Packets:
    """Those for one list."""

    def __init__(self, made, number):
        self.r = made
        self.number = number
        self.favourites = favourites(number)
        self.used = collections.Counter()
        self.flows = set()

    def source(self, side, family):
        """Mostly one of a few, that rules name; none of them too often."""
        while True:
            rest = (self.r.randrange(1 << 10) if self.r.random() < 0.5
                    else 0x101 + self.r.randrange(3))
            if family == 6:
                rest |= self.r.randrange(6) << 16
            address = far(side, self.number, rest, family)
            key = address if family == 4 else address.rpartition('::')[0]
            self.used[key] += 1
            if self.used[key] <= MOST_FROM_ONE:
                return address

    def own(self, side, family):
        """An address of the host, to send from; it has many."""
        address = HOST[family][side]
        while self.used[address] == MOST_FROM_ONE:
            rest = self.r.randrange(64)
            address = ('%s%d' % (HOST[4][side][:-1], 128 + rest) if family == 4 else
                       'fd0%d:0:0:1%02x::1' % (side == 'eth1', rest))
        self.used[address] += 1
        return address

    def target(self, side, family):
        return far(side, self.number, self.r.choice([0x101, 0x102, 0x203,
                   self.r.randrange(1 << 10)]), family)

    def port(self):
        chance = self.r.random()
        if chance < 0.6:
            return self.r.choice(self.favourites)
        if chance < 0.85:
            return self.r.choice(PORTS)
        return self.r.randrange(1, 65536)

    def here(self, side, family):
        """An address of the host, as somebody on that side may use it."""
        chance = self.r.random()
        if chance < 0.75:
            return HOST[family][self.r.choice(['eth0', side])]
        if chance < 0.85 and family == 4 and side == 'eth0':
            return BROADCAST
        return self.r.choice(GROUPS[family])

    def way(self, where, side, family):
        """src, dst, iif, oif"""
        if where == 'in':
            return (self.source(side, family), self.here(side, family),
                    side, '')
        if where == 'route':
            out = OTHER_SIDE[side]
            return (self.source(side, family), self.target(out, family),
                    side, out)
        if self.r.random() < 0.04:
            dst = self.r.choice([HOST[family]['eth0'],
                                 '127.0.0.1' if family == 4 else '::1'])
            return dst, dst, '', 'lo'
        return (self.own(side, family), self.target(side, family), '', side)

    def proto(self, family):
        chance = self.r.random()
        if chance < 0.38:
            return TCP
        if chance < 0.74:
            return UDP
        if chance < 0.88:
            return ICMP if family == 4 else ICMP6
        return self.r.choice([ESP, AH, GRE, VRRP, IGMP, IPV6] if family == 4
                             else [ESP, AH, GRE, VRRP])

    def kind(self, family):
        if family == 4:
            return self.r.choice([8, 8, 0, 3, 5, 11, 12, 13, 17,
                                  self.r.randrange(256)])
        return self.r.choice([128, 128, 129, 1, 2, 3, 4, 130, 131, 132, 133,
                              134, 135, 136, 139, 141, 143, 144, 148, 151,
                              self.r.randrange(256)])

    def special(self, family):
        """Near what is let in without a rule: way, proto, sport, dport"""
        side = self.r.choice(['eth0', 'eth1'])
        local = self.r.random() < 0.7
        src = (self.source(side, family) if family == 4 or not local
               else LINK_LOCAL_PEER)
        dst = (HOST[family][side] if family == 4 or not local else LINK_LOCAL)
        sport, dport = self.r.choice(
            [(67, 68), (66, 68), (67, 67), (547, 546), (548, 546),
             (5353, 5353), (9, 1900), (9, 5353), (5353, 1900)])
        if dport in (5353, 1900):
            dst = self.r.choice(GROUPS[family])
        elif family == 4 and side == 'eth0' and self.r.random() < 0.5:
            dst = BROADCAST
        proto = UDP if self.r.random() < 0.9 else TCP
        return (src, dst, side, ''), proto, sport, dport

    def one(self, number):
        family = self.r.choice([4, 6])
        where = self.r.choice(['in', 'in', 'route', 'out'])
        side = self.r.choice(['eth0', 'eth0', 'eth1'])
        sport = dport = kind = flags = 0
        proto = self.proto(family)
        hops = self.r.choice([64, 64, 255, 1]) if where == 'in' else 64
        if where == 'in' and self.r.random() < 0.12:
            way, proto, sport, dport = self.special(family)
        else:
            way = self.way(where, side, family)
        if proto in (ICMP, ICMP6):
            kind = self.kind(family)
            if where == 'in' and family == 6 and self.r.random() < 0.4:
                way = LINK_LOCAL_PEER, LINK_LOCAL, side, ''
        if proto in (TCP, UDP) and not dport:
            dport = self.port()
            sport = self.port() if self.r.random() < 0.3 else \
                self.r.randrange(32768, 61000)
        if proto == TCP:
            flags = SYN if self.r.random() < 0.9 else ACK
        return Packet(number, where, family, proto, way[0], way[1], sport,
                      dport, kind, hops, flags, way[2], way[3])

    def many(self, count):
        """Each the first of its flow, also seen from the other end."""
        made = []
        while len(made) < count:
            p = self.one(len(made) + 1)
            flow = p.proto, (p.src, p.sport), (p.dst, p.dport)
            if p.proto in (TCP, UDP) and flow in self.flows:
                continue
            if (flow[0], flow[2], flow[1]) in self.flows:
                continue
            self.flows.add(flow)
            made.append(p)
        return made


def checksum(data):
    if len(data) & 1:
        data += b'\0'
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return 0xffff - total


@functools.lru_cache(1 << 14)
def packed(address):
    return socket.inet_pton(SOCKET_FAMILY[6 if ':' in address else 4], address)


def transport(p, src, dst):
    if p.proto == TCP:
        body = struct.pack('!HHIIBBHHH', p.sport, p.dport, 1000, 2000, 5 << 4,
                           p.flags, 1024, 0, 0)
        at = 16
    elif p.proto == UDP:
        body = struct.pack('!HHHH', p.sport, p.dport, 12, 0) + b'try\n'
        at = 6
    elif p.proto in (ICMP, ICMP6):
        # What an error quotes, or a neighbour's address, is about nobody.
        body = struct.pack('!BBHHH', p.kind, 0, 0, p.number, 1) + bytes(24)
        at = 2
    elif p.proto == AH:
        return struct.pack('!BBHII', UDP, 1, 0, 1, 1) + transport(
            p._replace(proto=UDP, sport=9, dport=9), src, dst)
    else:
        # Where there is a checksum, it is here.
        body = struct.pack('!HHI', 0, 0, p.number) + bytes(24)
        at = 2
    pseudo = b''
    if p.proto in (TCP, UDP) or p.family == 6:
        pseudo = src + dst + struct.pack('!II', len(body), p.proto)
    total = checksum(pseudo + body)
    return body[:at] + struct.pack('!H', total) + body[at + 2:]


@functools.lru_cache(1 << 10)  # each host is sent the same
def to_bytes(p):
    """From its IP header on."""
    src, dst = packed(p.src), packed(p.dst)
    body = transport(p, src, dst)
    if p.family == 6:
        return struct.pack('!IHBB', 6 << 28 | p.number, len(body), p.proto,
                           p.hops) + src + dst + body
    head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), p.number, 0,
                       p.hops, p.proto, 0) + src + dst
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + body


Read = collections.namedtuple('Read', 'number family proto src dst body')


def read(data):
    """What there is of a packet from its IP header on, or None."""
    if len(data) >= 20 and data[0] >> 4 == 4:
        size = (data[0] & 15) * 4
        return Read(struct.unpack('!H', data[4:6])[0], 4, data[9],
                    data[12:16], data[16:20], data[size:])
    if len(data) >= 40 and data[0] >> 4 == 6:
        return Read(struct.unpack('!I', data[:4])[0] & 0xfffff, 6, data[6],
                    data[8:24], data[24:40], data[40:])
    return None


def result(data, sent):
    """(number, what came of that packet), or None if it is about none of
    sent, which is by number."""
    got = read(data)
    if not got:
        return None
    if got.proto in (ICMP, ICMP6) and len(got.body) > 8 and \
            got.body[0] == (3 if got.proto == ICMP else 1):
        inner = read(got.body[8:])
        if inner and same(inner, sent.get(inner.number)):
            return inner.number, 'icmp:%d/%d' % (got.body[0], got.body[1])
    if same(got, sent.get(got.number)):
        return got.number, 'accept'
    if got.proto == TCP and len(got.body) >= 14 and got.body[13] & 4:
        ends = struct.unpack('!HH', got.body[:4])
        for p in sent.values():
            if p.proto == TCP and (p.dport, p.sport) == ends and \
                    packed(p.src) == got.dst and packed(p.dst) == got.src:
                return p.number, 'reset'
    return None


def same(got, p):
    return p is not None and (p.family, p.proto) == (got.family, got.proto) \
        and packed(p.src) == got.src and packed(p.dst) == got.dst


def answerable(p):
    """Is an ICMP error about it sure to be sent, and let out?"""
    dst = ipaddress.ip_address(p.dst)
    if dst.is_multicast or p.dst == BROADCAST:
        return False
    if p.proto == ICMP:
        return p.kind in (8, 13, 15, 17)  # the others belong to nothing
    return p.proto != ICMP6 or p.kind >= 128


def words(p):
    return '%s %s IPv%d proto %d %s:%d > %s:%d icmp %d hops %d %s>%s' % (
        p.dir, protocol_name(p), p.family, p.proto, p.src, p.sport, p.dst,
        p.dport, p.kind, p.hops, p.iif, p.oif)


def protocol_name(p):
    return {TCP: 'tcp', UDP: 'udp', ICMP: 'icmp', ICMP6: 'icmp'}.get(
        p.proto, 'other')


def marker(number, family=4):
    """A packet that passes any firewall and comes last."""
    return Packet(number, 'route', family, ICMP, '10.254.0.2', '20.254.0.2',
                  0, 0, 8, 64, 0, 'eth0', 'eth1')


def broadcast_mac(p):
    address = packed(p.dst)
    if p.dst == BROADCAST:
        return b'\xff' * 6
    if p.family == 4 and address[0] >> 4 == 14:
        return b'\x01\x00\x5e' + bytes([address[1] & 127]) + address[2:]
    if p.family == 6 and address[0] == 0xff:
        return b'\x33\x33' + address[12:]
    return None


ETHERTYPE = {4: b'\x08\x00', 6: b'\x86\xdd'}
SOCKET_FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
