"""A stream of new connections until SIGTERM, then one line of counts.

    stream.py closed ADDRESS PORT...    to ports that must not answer, TCP and
                                        UDP, as many as go: `TRIES ANSWERED`
    stream.py open ADDRESS PORT...      to ports that must, one after another,
                                        echoing: `TRIES FAILED`
A try fails too when its first packet had to be sent again.
"""
import collections
import itertools
import signal
import socket
import struct
import sys
import time

PENDING = 256  # sockets that wait for an answer at a time
TCP_INFO, TOTAL_RETRANS = 11, 100
stop = False


def on_term(_number, _frame):
    global stop
    stop = True


def knock(family, kind, where):
    sock = socket.socket(family, kind)
    sock.setblocking(False)
    try:
        sock.connect(where)
        if kind == socket.SOCK_DGRAM:
            sock.send(b'try\n')
    except BlockingIOError:
        pass
    return sock


def was_answered(sock):
    try:
        if sock.type == socket.SOCK_STREAM:
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                return True
            sock.getpeername()
        else:
            sock.recv(64)
        return True
    except BlockingIOError:
        return False
    except OSError:  # not connected, for TCP; an ICMP error, for UDP
        return sock.type == socket.SOCK_DGRAM
    finally:
        sock.close()


def closed(targets):
    pending = collections.deque()
    tries = answered = 0
    for family, where in itertools.cycle(targets):
        if stop:
            break
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            pending.append(knock(family, kind, where))
            tries += 1
        while len(pending) > PENDING:
            answered += was_answered(pending.popleft())
    time.sleep(0.3)
    answered += sum(was_answered(sock) for sock in pending)
    return tries, answered


def is_served(family, where):
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(10)
        sock.connect(where)
        info = sock.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 256)
        again, = struct.unpack_from('=I', info, TOTAL_RETRANS)
        sock.sendall(b'try\n')
        got = b''
        while not got.endswith(b'try\n'):
            data = sock.recv(4096)
            if not data:
                return False
            got += data
        return again == 0


def opened(targets):
    tries = failed = 0
    for family, where in itertools.cycle(targets):
        if stop:
            break
        tries += 1
        try:
            failed += not is_served(family, where)
        except OSError:
            failed += 1
    return tries, failed


def main():
    signal.signal(signal.SIGTERM, on_term)
    what, *rest = sys.argv[1:]
    targets = [(socket.AF_INET6 if ':' in address else socket.AF_INET,
                (address, int(port)))
               for address, port in zip(rest[::2], rest[1::2])]
    print('ready', flush=True)
    print(*(closed if what == 'closed' else opened)(targets))


main()
