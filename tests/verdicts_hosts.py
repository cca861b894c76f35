"""The two hosts of tests/verdicts.py: sockets in their network namespaces,
packets to and from them, and what came of each."""
import contextlib
import ctypes
import os
import select
import socket
import struct
import subprocess
import time

import verdicts_packets as packets

CLONE_NEWNET = 0x40000000
NETLINK_NETFILTER = 12
NFNL_CONNTRACK_DELETE, NFNL_LOG_CONFIG = 1 << 8 | 2, 4 << 8 | 1
NFNL_LOG_PACKET, NFULA_PAYLOAD = 4 << 8, 9
REQUEST, ACK = 1, 4
GROUP = 7
ETH_P_ALL, PACKET_OUTGOING = 3, 4
LIBC = ctypes.CDLL(None, use_errno=True)
WAIT = 10.0

# What the input chain lets pass is told and dropped, so that nobody answers
# but the firewall.
SEEN = '''table inet seen {
	chain input {
		type filter hook input priority 300
		log group %d snaplen 128 queue-threshold 1 drop
	}
}
''' % GROUP


def enter(pid):
    with open('/proc/%d/ns/net' % pid) as space:
        if LIBC.setns(space.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), 'setns')


def netlink(kind, flags, family, group, attrs=b''):
    return struct.pack('=IHHIIBBH', 20 + len(attrs), kind, flags, 1, 0,
                       family, 0, socket.htons(group)) + attrs


def attr(kind, data):
    return (struct.pack('=HH', 4 + len(data), kind) + data +
            bytes(-len(data) % 4))


def packet_socket(iface):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 23)  # SO_RCVBUFFORCE
    sock.bind((iface, ETH_P_ALL))
    sock.setblocking(False)
    return sock


class Host:
    """One with a firewall; ends are the far ends of its interfaces."""

    def __init__(self, name, pid, world, ends, macs):
        self.name, self.pid, self.macs = name, pid, macs
        enter(world)
        self.wire = {side: packet_socket(end) for side, end in ends.items()}
        enter(pid)
        self.loop = packet_socket('lo')
        self.log = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                 NETLINK_NETFILTER)
        self.conntrack = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                       NETLINK_NETFILTER)
        self.raw = {family: socket.socket(kind, socket.SOCK_RAW,
                                          socket.IPPROTO_RAW)
                    for family, kind in packets.SOCKET_FAMILY.items()}
        self.members = list(self.join())
        self.log.setsockopt(socket.SOL_SOCKET, 33, 1 << 23)
        self.ask(self.log, NFNL_LOG_CONFIG, GROUP, attr(1, b'\1'))
        self.ask(self.log, NFNL_LOG_CONFIG, GROUP,
                 attr(2, struct.pack('!IBB', 128, 2, 0)))
        self.log.setblocking(False)
        run_nft(self)
        self.readers = [*self.wire.values(), self.loop, self.log]

    @staticmethod
    def ask(sock, kind, group, attrs=b''):
        sock.send(netlink(kind, REQUEST | ACK, 0, group, attrs))
        answer = sock.recv(4096)
        error, = struct.unpack('=i', answer[16:20])
        if error:
            raise OSError(-error, 'netlink')

    @staticmethod
    def join():
        for family, groups in packets.GROUPS.items():
            for iface in ('eth0', 'eth1'):
                for group in groups:
                    sock = socket.socket(packets.SOCKET_FAMILY[family],
                                         socket.SOCK_DGRAM)
                    index = socket.if_nametoindex(iface)
                    if family == 4:
                        if group == '224.0.0.1':
                            continue
                        sock.setsockopt(
                            socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(group) + struct.pack(
                                '=4si', bytes(4), index))
                    elif group != 'ff02::1':
                        sock.setsockopt(
                            socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                            socket.inet_pton(socket.AF_INET6, group) +
                            struct.pack('=i', index))
                    yield sock

    def forget(self):
        """No connection is known."""
        self.ask(self.conntrack, NFNL_CONNTRACK_DELETE, 0)

    def send(self, p):
        data = packets.to_bytes(p)
        if p.dir == 'out':
            try:
                self.raw[p.family].sendto(data, (p.dst, 0))
            except PermissionError:
                pass  # dropped on its way
            return
        mac = packets.broadcast_mac(p) or self.macs[p.iif]
        self.wire[p.iif].send(mac + b'\2\0\0\0\0\1' +
                              packets.ETHERTYPE[p.family] + data)

    def read(self, sock):
        """The packets that wait there, from their IP headers on."""
        while True:
            try:
                data, where = sock.recvfrom(65536)
            except BlockingIOError:
                return
            if sock is self.log:
                yield from self.logged(data)
            elif where[2] != PACKET_OUTGOING:
                yield data[14:]

    @staticmethod
    def logged(data):
        while len(data) >= 20:
            size, kind = struct.unpack('=IH', data[:6])
            message, data = data[20:size], data[(size + 3) & ~3:]
            if kind != NFNL_LOG_PACKET:
                continue
            while len(message) >= 4:
                size, kind = struct.unpack('=HH', message[:4])
                if kind == NFULA_PAYLOAD:
                    yield message[4:size]
                message = message[(size + 3) & ~3:]

    def drain(self):
        for sock in self.readers:
            for _ in self.read(sock):
                pass

    def verdicts(self, burst, marker):
        """What came of each of the burst, by number."""
        sent = {p.number: p for p in burst}
        sent[marker.number] = marker
        came = {}
        self.drain()
        for p in burst:
            self.send(p)
        self.send(marker)
        deadline = time.monotonic() + WAIT
        while marker.number not in came:
            ready, _, _ = select.select(self.readers, [], [], max(
                0, deadline - time.monotonic()))
            if not ready:
                raise RuntimeError('%s: the last packet is lost' % self.name)
            self.take(ready, sent, came)
        self.take(self.readers, sent, came)
        return {p.number: came.get(p.number, 'drop') for p in burst}

    def take(self, socks, sent, came):
        for sock in socks:
            for data in self.read(sock):
                what = packets.result(data, sent)
                # A reject's answer that is itself seen does not undo it.
                if what and (what[0] not in came or
                             came[what[0]] == 'accept'):
                    came[what[0]] = what[1]


@contextlib.contextmanager
def one_processor(which=0):
    """Where packets stay in order on their way through both ends."""
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(usual)[which % len(usual)]})
    yield
    os.sched_setaffinity(0, usual)


def run_nft(host):
    """The table that tells what passes; others stay."""
    subprocess.run(['nsenter', '--net=/proc/%d/ns/net' % host.pid, 'nft',
                    '-f', '-'], input=SEEN.encode(), check=True)
