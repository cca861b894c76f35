"""Prints what is sent to the socket of that name: notified.py SOCKET."""
import socket
import sys

name = sys.argv[1]
if name[0] == "@":
    name = "\0" + name[1:]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(name)
while True:
    print(s.recv(1000).decode(), flush=True)
