"""ufw and fwbox with the same commands, then the same packets: the same
verdicts, and those that core/list/judge tells.  Speaks TAP.

Arguments: fwbox, the judge_cli program, and a folder with ufw's files and the
processes whose network namespaces are the far ends', ufw's host and fwbox's;
several times these four, and as many work at once.  VERDICT_LISTS and VERDICT_PACKETS (of each list) scale it, VERDICT_SEED gives
other ones.
"""
import collections
import multiprocessing
import os
import random
import subprocess
import sys
import time

import verdicts_hosts as hosts
import verdicts_packets as packets
from verdicts_judge import Judge, Tap, agrees
from verdicts_lists import Lists, as_ours
from verdicts_ufw import Ufw

LISTS = int(os.environ.get('VERDICT_LISTS', 300))
PACKETS = int(os.environ.get('VERDICT_PACKETS', 70))
SEED = int(os.environ.get('VERDICT_SEED', 20))
CHECK_LOADING = 3  # lists that ufw-init loads too
LIVE = 10  # every tenth list changes the firewall at each command
# Of each direction and IP version one packet in so many, at least.
ENOUGH = {'tcp': 40, 'udp': 40, 'icmp': 100, 'other': 200, 'accept': 80,
          'drop': 100, 'unreachable': 120, 'reset': 2000}
TELL = 5   # differences that are told in full


class Box:
    """fwbox: its edits in a network namespace where it is not active, or, as
    they take effect, in its own."""

    def __init__(self, program, pids, folder):
        self.program, self.folder = program, folder
        self.rules = folder + '/rules'
        self.pids, self.live = pids, False

    def run_all(self, commands, live=None):
        """The exit status of each.  Without a shell, which would take longer
        than what it starts."""
        hosts.enter(self.pids[self.live if live is None else live])
        return [self.run(words, '%s/said.%d' % (self.folder, i))
                for i, words in enumerate(commands)]

    def run(self, words, errors):
        with open(errors, 'w') as said:
            return subprocess.run(
                [self.program, *words], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=said, check=False,
                env=dict(os.environ, FWBOX_RULES=self.rules)).returncode

    def said(self, i=0):
        """What the i-th of them complained about."""
        with open('%s/said.%d' % (self.folder, i)) as file:
            return file.read().strip()

    def reset(self, live, forget):
        """forget: what limit rules have counted."""
        self.live = live
        if forget:
            self.must('fw-stop')
        if os.path.exists(self.rules):
            os.unlink(self.rules)
        if live:
            self.must('fw-init')

    def must(self, *words):
        if self.run_all([words], live=True) != [0]:
            raise RuntimeError(self.said())

    def lines(self):
        if not os.path.exists(self.rules):
            return []
        with open(self.rules) as file:
            return file.read().split('\n')[:-1]


class Campaign:
    """A share of the lists; what came of them is in `counts`."""

    def __init__(self, program, judge, share, folder, *pids):
        world, ufw_pid, box_pid = (int(pid) for pid in pids)
        self.share = share
        self.ufw = Ufw(folder, ufw_pid)
        self.box = Box(program, (world, box_pid), folder)
        self.judge = Judge(judge)
        macs = {'eth0': bytes.fromhex('020000000010'),
                'eth1': bytes.fromhex('020000000011')}
        self.hosts = [hosts.Host(name, pid, world,
                                 {'eth0': end + '0', 'eth1': end + '1'}, macs)
                      for name, pid, end in (('ufw', ufw_pid, 'u'),
                                             ('fwbox', box_pid, 'b'))]
        self.counts = collections.Counter()

    def insert_or_prepend(self, words):
        """Elsewhere the numbers would not mean the same: it goes first."""
        if 'insert' not in words[:2] or (
                self.ufw.in_pairs(words[words.index('insert') + 1]) and
                not any('::' in w for w in words)):
            return words
        at = words.index('insert')
        return words[:at] + ['prepend'] + words[at + 2:]

    def load(self, commands, live):
        self.ufw.reset()
        limits = any('limit' in words for words in commands)
        self.box.reset(live, limits)
        done, theirs = [], []
        for words in commands:
            done.append(self.insert_or_prepend(words))
            theirs.append(self.ufw.run(done[-1]))
        wait = self.ufw.load()
        ours = self.box.run_all([as_ours(words) for words in done])
        for i, words in enumerate(done):
            if theirs[i] != (ours[i] == 0):
                self.tell('commands', 'ufw %s: %s, fwbox %d %s' % (
                    ' '.join(words), theirs[i], ours[i], self.box.said(i)))
        self.counts['done'] += len(done)
        self.counts['refused'] += theirs.count(False)
        self.box.must('fw-init')
        wait()
        if limits:
            self.ufw.forget()
        for host in self.hosts:
            host.forget()
        return done

    def send(self, burst):
        marker = packets.marker(len(burst) + 1)
        with hosts.one_processor(self.share):
            return [host.verdicts(burst, marker) for host in self.hosts]

    def tell(self, what, text, commands=()):
        self.counts[what] += 1
        if self.counts[what] > TELL:
            return
        lines = ['# %s: %s' % (what, text)]
        lines += ['#     ufw ' + ' '.join(words) for words in commands]
        if commands:
            lines += ['#       ' + line for line in self.box.lines()]
        print('\n'.join(lines), flush=True)

    @staticmethod
    def kind(came):
        return 'unreachable' if came.startswith('icmp') else came

    def compare(self, burst, commands):
        theirs, ours = self.send(burst)
        judged = self.judge.verdicts(self.box.rules, burst)
        for p in burst:
            n = p.number
            self.counts['sent'] += 1
            self.counts[p.dir, p.family, self.kind(theirs[n])] += 1
            self.counts[p.dir, p.family, packets.protocol_name(p)] += 1
            text = '%s: ufw %s, fwbox %s, judge %s' % (
                packets.words(p), theirs[n], ours[n], judged[n])
            if theirs[n] != ours[n]:
                self.tell('packets', text, commands)
            if not agrees(judged[n], p, ours[n]):
                self.tell('judge', text, commands)

    def check_loading(self, number):
        quick = self.ufw.saved()
        self.ufw.real()
        self.counts['loaded', number] += quick == self.ufw.saved()
        hosts.run_nft(self.hosts[0])

    def one(self, number):
        made = random.Random('%d %d' % (SEED, number))
        commands = Lists(made, number).commands()
        done = self.load(commands, number % LIVE == 0)
        self.compare(packets.Packets(made, number).many(PACKETS), done)
        if number < CHECK_LOADING:
            self.check_loading(number)

    def control(self):
        """A rule more in one of the two is seen."""
        self.box.must('fw-deny', 'prepend', 'from', 'any')
        self.ufw.reset()
        for words in (['default', 'allow', 'incoming'],):
            self.ufw.run(words)
        self.ufw.load()()
        for host in self.hosts:
            host.forget()
        burst = [p for p in packets.Packets(random.Random(0), 0).many(200)
                 if p.dir == 'in' and p.proto == packets.TCP]
        theirs, ours = self.send(burst)
        self.counts['control'] += any(theirs[p.number] != ours[p.number]
                                      for p in burst)

    def run(self, shares):
        for number in range(self.share, LISTS, shares):
            self.one(number)
        if self.share == 0:
            self.control()
        return self.counts


def share(args):
    shares, *args = args
    return Campaign(*args).run(shares)


def counts_of_all(program, judge, *args):
    n = len(args) // 4
    counts = collections.Counter()
    with multiprocessing.Pool(n) as pool:
        for part in pool.map(share, [
                (n, program, judge, i, *args[4 * i:4 * i + 4])
                for i in range(n)], 1):
            counts.update(part)
    return counts


def report(c, seconds):
    print('# %d lists, %d commands (%d refused by both), %d packets, %d s' % (
        LISTS, c['done'], c['refused'], c['sent'], seconds))
    for where in ('in', 'route', 'out'):
        for family in (4, 6):
            print('# %-5s IPv%d: %s' % (where, family, ', '.join(
                '%s %d' % (what, c[where, family, what])
                for what in ('tcp', 'udp', 'icmp', 'other', 'accept',
                             'drop', 'reset', 'unreachable'))))


def main():
    begun = time.monotonic()
    c = counts_of_all(*sys.argv[1:])
    tap = Tap()
    for number in range(CHECK_LOADING):
        tap.ok(c['loaded', number], 'list %d: what was loaded is what '
               'ufw-init loads' % number)
    tap.ok(not c['commands'], 'the same commands are right: %d' % c['done'])
    tap.ok(not c['packets'], 'ufw and fwbox do the same with each of %d '
           'packets' % c['sent'])
    tap.ok(not c['judge'], 'the evaluator says so of each')
    for what in ('commands', 'packets', 'judge'):
        if c[what]:
            print('# differing %s: %d' % (what, c[what]))
    few = min(c[where, family, what] * odds
              for where in ('in', 'route', 'out') for family in (4, 6)
              for what, odds in ENOUGH.items())
    tap.ok(few >= c['sent'], 'enough of each kind')
    tap.ok(c['control'], 'where the rules differ, packets tell')
    report(c, time.monotonic() - begun)
    print('1..%d' % tap.n)


if __name__ == '__main__':
    main()
