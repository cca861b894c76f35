"""Tries connections, all at once, and says what came of each.

Reads lines `PROTO ADDRESS PORT [EXPECTED]` and writes each again with what
happened behind it.  PROTO is tcp, udp, http (a GET that must be answered) or
ping (the port is any word).  ADDRESS%IFACE leaves by that interface and may
be multicast or broadcast; FROM>PORT sets the port it comes from.  What can
happen:
    open        connected, or answered
    reset       a TCP reset
    icmp:T/C    an ICMP or ICMPv6 error of that type and code
    eof         http: ended without an answer
    timeout     nothing came
    NAME        another error, as errno names it
Where a timeout is expected 0.3 s are waited ($TRY_SHORT), else up to 5, so
that a slow machine changes no answer and an expected silence costs little.
"""
import errno
import os
import selectors
import socket
import struct
import sys
import time

SHORT, LONG = float(os.environ.get('TRY_SHORT', '0.3')), 5.0
IP_RECVERR, IPV6_RECVERR = 11, 25
ORIGIN_ICMP = (2, 3)


class Try:
    def __init__(self, line):
        self.proto, self.address, self.port, *rest = line.split()
        self.expected = rest[0] if rest else ''
        self.result = None
        wait = SHORT if self.expected == 'timeout' else LONG
        self.deadline = time.monotonic() + wait
        self.v6 = ':' in self.address
        self.stream = self.proto in ('tcp', 'http')
        self.connected = not self.stream
        self.open()

    def open(self):
        family = socket.AF_INET6 if self.v6 else socket.AF_INET
        kind = socket.SOCK_STREAM if self.stream else socket.SOCK_DGRAM
        proto, port, source = 0, 0, 0
        if self.proto == 'ping':
            kind = socket.SOCK_RAW
            proto = socket.IPPROTO_ICMPV6 if self.v6 else 1
        else:
            source, _, port = ('0>' + self.port).rpartition('>')
            source, port = int(source.split('>')[-1]), int(port)
        address, _, iface = self.address.partition('%')
        self.sock = socket.socket(family, kind, proto)
        self.sock.setblocking(False)
        if iface:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                                 iface.encode())
        if source:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.sock.bind(('::' if self.v6 else '0.0.0.0', source))
        if self.v6:
            self.sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        else:
            self.sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        where = socket.getaddrinfo(self.address if self.v6 else address, port,
                                   family, socket.SOCK_DGRAM)[0][4]
        self.send_to(where)

    def send_to(self, where):
        many = where[0].startswith('ff') or (
            not self.v6 and (int(where[0].split('.')[0]) >= 224
                             or where[0].endswith('.255')))
        try:
            if many:  # the answer comes from another address
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                self.sock.sendto(b'try\n', where)
                return
            self.sock.connect(where)
            if self.proto == 'ping':
                self.sock.send(self.echo_request())
            elif self.proto == 'udp':
                self.sock.send(b'try\n')
        except BlockingIOError:
            pass
        except OSError as error:
            self.fail(error)

    def echo_request(self):
        """An echo request; for ICMPv6 the kernel fills in the checksum."""
        kind = 128 if self.v6 else 8
        self.ident = os.getpid() & 0xffff
        packet = struct.pack('>BBHHH', kind, 0, 0, self.ident, 1)
        total = sum(struct.unpack('>4H', packet))
        total = (total & 0xffff) + (total >> 16)
        return struct.pack('>BBHHH', kind, 0, 0xffff - total, self.ident, 1)

    def is_echo_reply(self, packet):
        if not self.v6:
            packet = packet[(packet[0] & 15) * 4:]
        kind, _, _, ident = struct.unpack('>BBHH', packet[:6])
        return kind == (129 if self.v6 else 0) and ident == self.ident

    def icmp_error(self):
        """What the ICMP error said, if it was one."""
        try:
            _, control, _, _ = self.sock.recvmsg(1, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return None
        for _, _, data in control:
            _, origin, kind, code = struct.unpack('=IBBB', data[:7])
            if origin in ORIGIN_ICMP:
                return f'icmp:{kind}/{code}'
        return None

    def fail(self, error):
        if self.proto == 'http' and self.connected:
            self.result = 'eof'
            return
        self.result = self.icmp_error()
        if not self.result:
            self.result = ('reset' if self.stream and
                           error.errno == errno.ECONNREFUSED
                           else errno.errorcode.get(error.errno, '?'))

    def ready(self):
        """Called when there is something to read, or to write at first."""
        error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self.fail(OSError(error, ''))
        elif not self.connected:
            self.connected = True
            if self.proto == 'http':
                self.sock.send(b'GET / HTTP/1.0\r\n\r\n')
            else:
                self.result = 'open'
        else:
            self.read()

    def read(self):
        try:
            data = self.sock.recv(2048)
        except BlockingIOError:
            return
        except OSError as error:
            self.fail(error)
            return
        if self.proto == 'http':
            self.result = 'open' if data.startswith(b'HTTP/') else 'eof'
        elif self.proto == 'udp' or self.is_echo_reply(data):
            self.result = 'open'

    def interest(self):
        return (selectors.EVENT_READ if self.connected
                else selectors.EVENT_WRITE)


def main():
    tries = [Try(line) for line in sys.stdin if line.strip()]
    selector = selectors.DefaultSelector()
    waiting = [each for each in tries if not each.result]
    for each in waiting:
        selector.register(each.sock, each.interest(), each)
    while waiting:
        now = time.monotonic()
        for each in waiting:
            if each.deadline <= now:
                each.result = 'timeout'
        soonest = min(each.deadline for each in waiting)
        for key, _ in selector.select(max(0, soonest - now)):
            each = key.data
            if not each.result:
                each.ready()
            if each.result:
                selector.unregister(each.sock)
            else:
                selector.modify(each.sock, each.interest(), each)
        waiting = [each for each in waiting if not each.result]
    for each in tries:
        print(each.proto, each.address, each.port, each.expected or '-',
              each.result)


main()
