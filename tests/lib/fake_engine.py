"""An engine of Docker's that only answers.

    fake_engine.py SOCKET FOLDER [MODE]

FOLDER has networks.json and containers.json, read anew for each question.
SIGUSR1 sends an event to whoever listens to /events.  Prints a line when it
listens.  MODE is how it misbehaves:
    garbage   bytes that are no HTTP
    half      half of what it should say, then closes
    nothing   takes the question and says nothing
    closed    closes at once
    flood     an answer without end
    chunks    chunks without end
    drip      a byte now and then, without end
    deep      brackets without end
    error     an error of HTTP
    noise     events without end
"""
import os
import signal
import socket
import sys
import threading
import time

path, folder = sys.argv[1:3]
mode = sys.argv[3] if len(sys.argv) > 3 else ""
listeners = []
lock = threading.Lock()


def head(extra=""):
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            + extra + "\r\n").encode()


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def body(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def forever(conn, data, pause=0.0):
    while True:
        conn.sendall(data)
        if pause:
            time.sleep(pause)


def misbehave(conn, answer):
    if mode == "garbage":
        conn.sendall(os.urandom(3000))
    elif mode == "half":
        conn.sendall(answer[:len(answer) // 2])
    elif mode == "nothing":
        time.sleep(3600)
    elif mode == "flood":
        conn.sendall(head())
        forever(conn, b"[" + b" " * 65535)
    elif mode == "chunks":
        conn.sendall(head("Transfer-Encoding: chunked\r\n"))
        forever(conn, chunk(b"[" * 3) * 5000)
    elif mode == "drip":
        forever(conn, b"H", 0.05)
    elif mode == "deep":
        conn.sendall(head() + b"[" * 1000000)
    elif mode == "error":
        conn.sendall(b"HTTP/1.1 500 Internal Server Error\r\n\r\n{}")


def serve(conn):
    try:
        question = b""
        while b"\r\n\r\n" not in question:
            got = conn.recv(4096)
            if not got:
                return
            question += got
        what = question.split(b" ")[1]
        if what.startswith(b"/events"):
            if mode == "noise":
                conn.sendall(head())
                forever(conn, b"{}\n" * 1000)
            if mode:
                misbehave(conn, head())
                return
            conn.sendall(head("Transfer-Encoding: chunked\r\n"))
            with lock:
                listeners.append(conn)
            conn.recv(1)  # until it hangs up
            with lock:
                listeners.remove(conn)
            return
        name = {b"/networks": "networks.json",
                b"/containers/json": "containers.json"}[what]
        data = body(name)
        if name == "networks.json":
            answer = head("Content-Length: %d\r\n" % len(data)) + data
        else:
            answer = head("Transfer-Encoding: chunked\r\n")
            for at in range(0, len(data), 100):
                answer += chunk(data[at:at + 100])
            answer += b"0\r\n\r\n"
        if mode and mode != "noise":
            misbehave(conn, answer)
        else:
            conn.sendall(answer)
    except OSError:
        pass
    finally:
        conn.close()


def tell(*_):
    for conn in list(listeners):
        try:
            conn.sendall(chunk(b'{"Type":"network","Action":"create"}\n'))
        except OSError:
            pass


# Handlers run in the main thread, which only a signal of its own wakes: the
# others take none.
signal.signal(signal.SIGUSR1, tell)
listener = socket.socket(socket.AF_UNIX)
if os.path.exists(path):
    os.unlink(path)
listener.bind(path)
listener.listen(64)
print("ready", flush=True)
while True:
    connection = listener.accept()[0]
    if mode == "closed":
        connection.close()
        continue
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
