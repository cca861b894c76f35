"""Servers for tests: listens on each PROTO,ADDRESS,PORT of the command line
(tcp or udp; ADDRESS%IFACE joins a multicast group there), says "ready" when
all do, and then until killed: tells a TCP client `HTTP/1.0 200 OK`, a blank
line and its own address, and echoes what it sends until it ends; gives a UDP
client its datagram back."""
import selectors
import socket
import struct
import sys


def join(sock, group, iface):
    index = struct.pack('=I', socket.if_nametoindex(iface))
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                        socket.inet_pton(sock.family, group) + index)
        return '::'
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                    socket.inet_aton(group) + bytes(4) + index)
    return '0.0.0.0'


def listen(spec):
    proto, address, port = spec.split(',')
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    kind = socket.SOCK_STREAM if proto == 'tcp' else socket.SOCK_DGRAM
    sock = socket.socket(family, kind)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if '%' in address:
        address = join(sock, *address.split('%'))
    sock.bind((address, int(port)))
    sock.setblocking(False)
    if proto == 'tcp':
        sock.listen(512)
    return sock, greet if proto == 'tcp' else answer


def greet(sock, selector):
    client, address = sock.accept()
    client.setblocking(False)
    client.send(b'HTTP/1.0 200 OK\r\n\r\n%s\n' % address[0].encode())
    selector.register(client, selectors.EVENT_READ, echo)


def echo(sock, selector):
    data = sock.recv(65536)
    if data:
        sock.send(data)
    else:
        selector.unregister(sock)
        sock.close()


def answer(sock, _):
    data, address = sock.recvfrom(65536)
    sock.sendto(data, address)


def main():
    selector = selectors.DefaultSelector()
    for spec in sys.argv[1:]:
        sock, handler = listen(spec)
        selector.register(sock, selectors.EVENT_READ, handler)
    print('ready', flush=True)
    while True:
        for key, _ in selector.select():
            try:
                key.data(key.fileobj, selector)
            except OSError:
                if key.data is echo:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


main()
