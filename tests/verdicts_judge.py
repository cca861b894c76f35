"""What core/list/judge says of packets, and results as TAP."""
import subprocess

import verdicts_packets as packets


class Tap:
    def __init__(self):
        self.n = 0

    def ok(self, passed, text):
        self.n += 1
        print('%sok %d - %s' % ('' if passed else 'not ', self.n, text),
              flush=True)


class Judge:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def verdicts(self, rules, burst):
        text = 'rules %s\n' % rules + ''.join(
            '%s %d %d %s %s %d %d %d %d %s %s\n' % (
                p.dir, p.family, p.proto, p.src, p.dst, p.sport, p.dport,
                p.kind, p.hops, p.iif or '-', p.oif or '-') for p in burst)
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()
        return {p.number: self.process.stdout.readline().decode().strip()
                for p in burst}


def agrees(said, p, came):
    """Does what judge says fit what came?"""
    action = said.split()[0]
    if action in ('allow', 'limit'):
        return came == 'accept'
    if action == 'deny':
        return came == 'drop'
    return came.startswith('icmp') or came == 'reset' or \
        (came == 'drop' and not packets.answerable(p))
