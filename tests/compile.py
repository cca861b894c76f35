"""The same rules one by one and merged into sets: the same verdicts in the
kernel, and those that core/list/judge tells.  Speaks TAP.

Arguments: fwbox built to leave the rules as they are, fwbox, the judge_cli
program, a folder, and the processes whose network namespaces are the far
ends' and the two hosts'.  COMPILE_LISTS and COMPILE_PACKETS (of each list)
scale it, COMPILE_SEED gives other ones.
"""
import collections
import difflib
import os
import random
import re
import subprocess
import sys
import time

import verdicts_hosts as hosts
import verdicts_packets as packets
from compile_lists import ODDS, Near, Rules
from verdicts_judge import Judge, Tap, agrees

LISTS = int(os.environ.get('COMPILE_LISTS', 500))
PACKETS = int(os.environ.get('COMPILE_PACKETS', 100))
SEED = int(os.environ.get('COMPILE_SEED', 9))
FIRST = int(os.environ.get('COMPILE_FIRST', 0))  # of the lists
EDITS = 6  # of a list, at least, that are made one by one
BOXES = re.compile(rb'(?:addr|port) \. [^{\n]*\{[^\n]*[-/]')  # in a script
NEAR = re.compile(rb' & [^{]*\{[^}]*\} [^{]*addr [^{]*\{')  # and in a script
OLD = 5  # of so many lists one is loaded as on a kernel before 5.6
TELL = 5  # differences that are told in full
# Of each direction and IP version one packet in so many, at least.
ENOUGH = {'accept': 40, 'drop': 40, 'unreachable': 120, 'reset': 4000}


class Box:
    """One host, and the fwbox that loads its rules."""

    def __init__(self, program, host):
        self.program, self.host = program, host
        self.shell = subprocess.Popen(
            ['nsenter', '--net=/proc/%d/ns/net' % host.pid, 'bash', '-s'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def load(self, rules, forget, old):
        """Begins to.  forget: what limit rules have counted."""
        stop = '%s fw-stop </dev/null && ' % self.program if forget else ''
        program = 'setarch --uname-2.6 ' * old + self.program
        self.shell.stdin.write((
            '{ %s%s fw-init -r %s </dev/null; } >%s.said 2>&1; echo $?\n' % (
                stop, program, rules, rules)).encode())
        self.shell.stdin.flush()

    def wait(self, rules):
        if self.shell.stdout.readline() != b'0\n':
            with open(rules + '.said') as said:
                raise RuntimeError('%s: %s' % (self.program, said.read()))
        self.host.forget()


    def listings(self, commands, program, last):
        """What the kernel has before and after the last command."""
        # Used wrongly is an edit too: one that changes nothing.
        script = ''.join(
            '%s %s </dev/null >/dev/null 2>&1 || [ $? = 2 ] || '
            'echo "failed: %s"\n' % (program, command, command)
            for command in commands)
        every = 'nft -s list table inet fwbox\necho --\n'
        self.shell.stdin.write('{0}{1}{2} {3} </dev/null\n{1}'.format(
            script, every, program, last).encode())
        self.shell.stdin.flush()
        return [''.join(iter(lambda: self.shell.stdout.readline().decode(),
                             '--\n')) for _ in range(2)]


class Campaign:
    def __init__(self, args):
        plain, merged, judge, self.folder, *pids = args
        world, *pids = (int(pid) for pid in pids)
        macs = {'eth0': bytes.fromhex('020000000010'),
                'eth1': bytes.fromhex('020000000011')}
        self.boxes = [
            Box(program, hosts.Host(name, pid, world, {
                'eth0': end + '0', 'eth1': end + '1'}, macs))
            for name, program, pid, end in zip(
                ('one by one', 'merged'), (plain, merged), pids, 'pb')]
        self.tap, self.judge = Tap(), Judge(judge)
        self.rules = self.packets = self.saved = self.edits = 0
        self.boxed, self.near = collections.Counter(), 0
        self.files = ['%s/rules.%d' % (self.folder, i) for i in range(2)]
        self.differing = collections.Counter()
        self.seen = collections.Counter()

    def kernel_rules(self, *program):
        out = subprocess.run([*program, 'fw-init', '-n', '-r', self.files[0]],
                             stdout=subprocess.PIPE, check=True).stdout
        self.boxed[len(program)] += len(BOXES.findall(out))
        self.near += len(NEAR.findall(out))
        return out.count(b'add rule')

    def tell(self, what, text, lines):
        self.differing[what] += 1
        if self.differing[what] > TELL:
            return
        print('# %s: %s' % (what, text))
        for line in lines if self.differing[what] == 1 else ():
            print('#     ' + line)
        sys.stdout.flush()

    def compare(self, burst, lines, number):
        marker = packets.marker(len(burst) + 1)
        with hosts.one_processor():
            plain, merged = (box.host.verdicts(burst, marker)
                             for box in self.boxes)
        judged = self.judge.verdicts(self.files[0], burst)
        for p in burst:
            n = p.number
            self.packets += 1
            came = 'unreachable' if plain[n].startswith('icmp') else plain[n]
            self.seen[p.dir, p.family, came] += 1
            text = 'list %s: %s: one by one %s, merged %s, judge %s' % (
                number, packets.words(p), plain[n], merged[n], judged[n])
            if plain[n] != merged[n]:
                self.tell('merged', text, lines)
            if not agrees(judged[n], p, plain[n]):
                self.tell('judge', text, lines)

    def load(self, lists, forget, old=False):
        for box, path, lines in zip(self.boxes, self.files, lists):
            with open(path, 'w') as file:
                file.write('\n'.join(lines) + '\n')
            box.load(path, forget, old)
        for box, path in zip(self.boxes, self.files):
            box.wait(path)

    def one(self, number):
        made = random.Random('%d %d' % (SEED, number))
        rules = Rules(made, number)
        lines = rules.lines()
        self.load([lines, lines], rules.limited, number % OLD == 1)
        self.rules += len(lines)
        if number % 10 == 0 or rules.scattered:
            before, after = (self.kernel_rules(box.program)
                             for box in self.boxes)
            self.saved += before - after
            self.kernel_rules('setarch', '--uname-2.6', self.boxes[1].program)
        self.compare(Near(made, number, rules).many(PACKETS), lines, number)
        self.edit(made, number, lines)

    def edit(self, made, number, lines):
        """The same list in steps, then loaded as it is in the file."""
        program, path = self.boxes[1].program, self.files[1]
        rules = [i for i, line in enumerate(lines)
                 if line.split()[0] in ('route', *ODDS)]
        begin = 2 + made.randrange(4)
        first = rules[begin] if begin < len(rules) else len(lines)
        with open(path, 'w') as file:
            # These stay, so that there is a second one.
            file.write('\n'.join(['allow 1/udp', 'deny 2/udp',
                                  *lines[:first]]) +
                       made.choice(['', '\n', '\n# the end']))
        commands = ['fw-init']
        for at in rules[begin:begin + EDITS]:
            route, action, words = re.fullmatch(r'(route )?(\w+) (.*)',
                                                lines[at]).groups()
            commands += ['fw-%s %s%s%s' % (action, made.choice(
                ['', '', '', 'prepend ', 'insert 2 ']), route or '', words)]
            if made.random() < 0.3 and len(commands) % 2:
                commands += ['fw-delete %d' % made.choice([1, 2])]
        found = self.boxes[1].listings([command.replace(
            ' ', ' -r %s ' % path, 1) if ' ' in command else
            '%s -r %s' % (command, path) for command in commands], program,
            'fw-init -r ' + path)
        self.edits += len(commands) - 1
        if found[0] != found[1]:
            self.tell('edited', 'list %d' % number, commands + list(
                difflib.unified_diff(*(text.splitlines() for text in found),
                                     n=0, lineterm='')))

    def each_icmp_type(self):
        """What belongs to no connection the kernel knows best."""
        lines = ['default allow incoming']
        self.load([lines, lines], True)
        for family, proto in ((4, packets.ICMP), (6, packets.ICMP6)):
            for first in range(0, 256, 64):
                self.compare([packets.Packet(
                    1 + i, 'in', family, proto, packets.far(
                        'eth0', 1, 0x101, family), packets.HOST[family]['eth0'],
                    0, 0, first + i, 64, 0, 'eth0', '') for i in range(64)],
                             lines, 'of ICMP types')

    def control(self):
        """Where the rules differ it is seen."""
        self.load([['allow 1:65535/tcp'], ['deny 1:65535/tcp']], True)
        made = random.Random(0)
        burst = [p for p in packets.Packets(made, 0).many(100)
                 if p.dir == 'in' and p.proto == packets.TCP]
        marker = packets.marker(101)
        with hosts.one_processor():
            plain, merged = (box.host.verdicts(burst, marker)
                             for box in self.boxes)
        self.tap.ok(any(plain[p.number] != merged[p.number] for p in burst),
                    'where the rules differ, packets tell')

    def run(self):
        begun = time.monotonic()
        for number in range(FIRST, FIRST + LISTS):
            self.one(number)
        self.each_icmp_type()
        for what, text in (
                ('merged', 'merged rules do the same with each of %d packets'
                           % self.packets),
                ('judge', 'and what the evaluator says')):
            self.tap.ok(not self.differing[what], text)
            if self.differing[what]:
                print('# differing: %d' % self.differing[what])
        self.tap.ok(not self.differing['edited'], 'in %d edits the same comes '
                    'about as in one go' % self.edits)
        self.tap.ok(self.saved > 0, 'rules are merged')
        self.tap.ok(self.boxed[1] > 0 and not self.boxed[3],
                    'also of networks with ports, but for an old kernel')
        self.tap.ok(self.near > 0, 'and of what has many networks near it')
        few = min(self.seen[where, family, what] * share
                  for where in ('in', 'route', 'out') for family in (4, 6)
                  for what, share in ENOUGH.items())
        self.tap.ok(few >= self.packets, 'enough of each kind')
        self.control()
        print('# %d lists, %d lines, %d packets, %d s' % (
            LISTS, self.rules, self.packets, time.monotonic() - begun))
        for where in ('in', 'route', 'out'):
            for family in (4, 6):
                print('# %-5s IPv%d: %s' % (where, family, ', '.join(
                    '%s %d' % (what, self.seen[where, family, what])
                    for what in ENOUGH)))
        print('1..%d' % self.tap.n)
        for box in self.boxes:
            box.shell.stdin.close()
            box.shell.wait()


if __name__ == '__main__':
    Campaign(sys.argv[1:]).run()
