"""Runs a COMMAND on a terminal of its own until it has said TEXT, and then

    terminal.py enter TEXT COMMAND...    presses Enter
    terminal.py hangup TEXT COMMAND...   takes the terminal away
    terminal.py kill TEXT COMMAND...     kills its process group

Prints how it ended, an exit status or SIGNAME, and what it said in one line.
"""
import os
import pty
import signal
import sys


def read(master):
    try:
        return os.read(master, 4096)
    except OSError:  # its other end is closed
        return b''


def main():
    how, text, *command = sys.argv[1:]
    pid, master = pty.fork()
    if not pid:
        os.execvp(command[0], command)
    said = b''
    while text.encode() not in said:
        data = read(master)
        if not data:
            break
        said += data
    if how == 'enter':
        os.write(master, b'\n')
    elif how == 'hangup':
        os.close(master)
    else:
        os.killpg(pid, signal.SIGKILL)
    while how == 'enter' and (data := read(master)):
        said += data
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(status if status >= 0 else signal.Signals(-status).name,
          ' '.join(said.decode(errors='replace').split()))


main()
