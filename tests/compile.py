"""The same rules one by one and merged into sets: the same verdicts in the
kernel, and those that core/list/judge tells.  Speaks TAP.

Arguments: fwbox built to leave the rules as they are, fwbox, the judge_cli
program, a folder, and the processes whose network namespaces are the far
ends' and the two hosts'; several times these three, and as many work at once.
COMPILE_LISTS and COMPILE_PACKETS (of each list) scale it, COMPILE_SEED gives
other ones; of COMPILE_EDITED lists one is also made in steps.
"""
import collections
import difflib
import multiprocessing
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
EDITED = int(os.environ.get('COMPILE_EDITED', 1))
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
        self.loading = None

    def start(self, *words, said=subprocess.DEVNULL):
        """Without a shell, which would take longer than what it starts."""
        hosts.enter(self.host.pid)
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said,
                                stderr=subprocess.STDOUT)

    def load(self, rules, forget, old):
        """Begins to.  forget: what limit rules have counted."""
        if forget and self.start(self.program, 'fw-stop').wait():
            raise RuntimeError('%s fw-stop' % self.program)
        with open(rules + '.said', 'w') as said:
            self.loading = self.start(*['setarch', '--uname-2.6'] * old,
                                      self.program, 'fw-init', '-r', rules,
                                      said=said)

    def wait(self, rules):
        if self.loading.wait():
            with open(rules + '.said') as said:
                raise RuntimeError('%s: %s' % (self.program, said.read()))
        self.host.forget()

    def listing(self, commands):
        """What the kernel has after them, without what is counted."""
        failed = ''
        for command in commands:
            # Used wrongly is an edit too: one that changes nothing.
            if self.start(self.program, *command.split()).wait() not in (0, 2):
                failed += 'failed: %s\n' % command
        nft = self.start('nft', '-s', 'list', 'table', 'inet', 'fwbox',
                         said=subprocess.PIPE)
        listed = nft.communicate()[0].decode()
        return failed + re.sub(r'\n\t\telements = \{[^}]*\}', '', listed)


class Campaign:
    """A share of the lists; what came of them is in `counts`."""

    def __init__(self, programs, folder, pids, share):
        plain, merged, judge = programs
        world, *pids = pids
        self.share = share
        macs = {'eth0': bytes.fromhex('020000000010'),
                'eth1': bytes.fromhex('020000000011')}
        self.boxes = [
            Box(program, hosts.Host(name, pid, world, {
                'eth0': end + '0', 'eth1': end + '1'}, macs))
            for name, program, pid, end in zip(
                ('one by one', 'merged'), (plain, merged), pids, 'pb')]
        self.judge = Judge(judge)
        self.files = ['%s/rules.%d.%d' % (folder, share, i) for i in range(2)]
        self.counts = collections.Counter()

    def kernel_rules(self, *program):
        out = subprocess.run([*program, 'fw-init', '-n', '-r', self.files[0]],
                             stdout=subprocess.PIPE, check=True).stdout
        self.counts['boxes', len(program)] += len(BOXES.findall(out))
        self.counts['near'] += len(NEAR.findall(out))
        return out.count(b'add rule')

    def tell(self, what, text, lines):
        self.counts[what] += 1
        if self.counts[what] <= TELL:
            print('\n'.join(['# %s: %s' % (what, text)] + [
                '#     ' + line for line in lines
                if self.counts[what] == 1]), flush=True)

    def verdicts(self, burst, boxes):
        marker = packets.marker(len(burst) + 1)
        with hosts.one_processor(self.share):
            return [box.host.verdicts(burst, marker) for box in boxes]

    def compare(self, burst, lines, number):
        plain, merged = self.verdicts(burst, self.boxes)
        judged = self.judge.verdicts(self.files[0], burst)
        for p in burst:
            n = p.number
            self.counts['packets'] += 1
            came = 'unreachable' if plain[n].startswith('icmp') else plain[n]
            self.counts[p.dir, p.family, came] += 1
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
        self.counts['lines'] += len(lines)
        if number % 10 == 0 or (rules.scattered and number % 3 == 0):
            before, after = (self.kernel_rules(box.program)
                             for box in self.boxes)
            self.counts['saved'] += before - after
            self.kernel_rules('setarch', '--uname-2.6', self.boxes[1].program)
        burst = Near(made, number, rules).many(PACKETS)
        self.compare(burst, lines, number)
        if number % EDITED == 0:
            self.edit(made, number, lines, rules.limited, burst)

    def edit(self, made, number, lines, forget, burst):
        """The same list in steps, then loaded as it is in the file."""
        box, path = self.boxes[1], self.files[1]
        rules = [i for i, line in enumerate(lines)
                 if line.split()[0] in ('route', *ODDS)]
        begin = 2 + made.randrange(4)
        first = rules[begin] if begin < len(rules) else len(lines)
        with open(path, 'w') as file:
            # These stay, so that there is a second one.
            file.write('\n'.join(['allow 1/udp', 'deny 2/udp',
                                  *lines[:first]]) +
                       made.choice(['', '\n', '\n# the end']))
        commands = ['fw-stop'] * forget + ['fw-init']
        for at in rules[begin:begin + EDITS]:
            route, action, words = re.fullmatch(r'(route )?(\w+) (.*)',
                                                lines[at]).groups()
            commands += ['fw-%s %s%s%s' % (action, made.choice(
                ['', '', '', 'prepend ', 'insert 2 ']), route or '', words)]
            if made.random() < 0.3 and len(commands) % 2:
                commands += ['fw-delete %d' % made.choice([1, 2])]
        self.counts['edits'] += len(commands) - 1 - forget
        in_steps = box.listing([re.sub('(?<!stop)( |$)', r' -r %s\1' % path,
                                       command, count=1)
                                for command in commands])
        box.host.forget()
        came, = self.verdicts(burst, [box])
        judged = self.judge.verdicts(path, burst)
        for p in burst:
            self.counts['packets'] += 1
            if not agrees(judged[p.number], p, came[p.number]):
                self.tell('judge', 'list %s in steps: %s: %s, judge %s' % (
                    number, packets.words(p), came[p.number],
                    judged[p.number]), commands)
        at_once = box.listing(['fw-init -r ' + path])
        if in_steps != at_once:
            self.tell('edited', 'list %d' % number, commands + list(
                difflib.unified_diff(in_steps.splitlines(),
                                     at_once.splitlines(),
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
        plain, merged = self.verdicts(burst, self.boxes)
        self.counts['control'] += any(plain[p.number] != merged[p.number]
                                      for p in burst)

    def run(self, shares):
        for number in range(FIRST + self.share, FIRST + LISTS, shares):
            self.one(number)
        if self.share == 0:
            self.each_icmp_type()
            self.control()
        return self.counts


def share(args):
    shares, *args = args
    return Campaign(*args).run(shares)


def counts_of_all(args):
    programs, folder, pids = args[:3], args[3], [int(a) for a in args[4:]]
    n = len(pids) // 3
    with multiprocessing.Pool(n) as pool:
        parts = pool.map(share, [
            (n, programs, folder, pids[3 * i:3 * i + 3], i)
            for i in range(n)], 1)
    counts = collections.Counter()
    for part in parts:
        counts.update(part)
    return counts


def main():
    begun = time.monotonic()
    c = counts_of_all(sys.argv[1:])
    tap = Tap()
    tap.ok(not c['merged'], 'merged rules do the same with each of %d packets'
           % c['packets'])
    tap.ok(not c['judge'], 'and what the evaluator says')
    for what in ('merged', 'judge'):
        if c[what]:
            print('# differing: %d' % c[what])
    tap.ok(not c['edited'], 'in %d edits the same comes about as in one go'
           % c['edits'])
    tap.ok(c['saved'] > 0, 'rules are merged')
    tap.ok(c['boxes', 1] > 0 and not c['boxes', 3],
           'also of networks with ports, but for an old kernel')
    tap.ok(c['near'] > 0, 'and of what has many networks near it')
    few = min(c[where, family, what] * odds
              for where in ('in', 'route', 'out') for family in (4, 6)
              for what, odds in ENOUGH.items())
    tap.ok(few >= c['packets'], 'enough of each kind')
    tap.ok(c['control'], 'where the rules differ, packets tell')
    print('# %d lists, %d lines, %d packets, %d s' % (
        LISTS, c['lines'], c['packets'], time.monotonic() - begun))
    for where in ('in', 'route', 'out'):
        for family in (4, 6):
            print('# %-5s IPv%d: %s' % (where, family, ', '.join(
                '%s %d' % (what, c[where, family, what])
                for what in ENOUGH)))
    print('1..%d' % tap.n)


if __name__ == '__main__':
    main()
