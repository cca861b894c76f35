"""Runs a command under strace and writes the nf_tables batches it sent.

    capture.py FILE COMMAND...

The files are FILE.0, FILE.1, ...; their names are printed.  The ruleset's
generation is taken out of them, so that they can be sent at any time.
"""
import struct
import subprocess
import sys
import tempfile

BATCH_BEGIN = 0x10
HEAD = '=IHHII'  # length, type, flags, sequence number, port
HEADS = struct.calcsize(HEAD) + 4  # with nfgenmsg


def dumps(lines):
    """The bytes of each call that writes, from strace's hex dump."""
    data = bytearray()
    for line in lines:
        if line.startswith(' | '):
            data += bytes.fromhex(line[10:58])
        elif not line.startswith(' * ') and data:
            yield bytes(data)
            data = bytearray()
    if data:
        yield bytes(data)


def without_generation(batch):
    """Its first message alone has one, behind the heads."""
    length, kind, flags, seq, port = struct.unpack_from(HEAD, batch)
    head = struct.pack(HEAD, HEADS, kind, flags, seq, port)
    return head + batch[len(head):HEADS] + batch[length:]


def is_batch(data):
    """Does it begin with the message that opens one?"""
    return (len(data) > HEADS and
            struct.unpack_from(HEAD, data)[1] == BATCH_BEGIN)


def main():
    out, command = sys.argv[1], sys.argv[2:]
    with tempfile.NamedTemporaryFile('r', encoding='latin-1') as trace:
        subprocess.run(['strace', '-qq', '-o', trace.name, '-e', 'raw=all',
                        '-e', 'trace=sendto,sendmsg', '-e', 'write=all',
                        *command], check=True)
        found = filter(is_batch, dumps(trace))
        for i, batch in enumerate(found):
            with open(f'{out}.{i}', 'wb') as to:
                to.write(without_generation(batch))
            print(f'{out}.{i}')


main()
