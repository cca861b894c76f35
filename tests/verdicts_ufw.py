"""ufw inside this process, on a copy of its files: its own parser, checks and
rule files.  What /lib/ufw/ufw-init then does one iptables-restore after the
other is done as one for each IP version, and real() does it as it is, to see
that it is the same."""
import contextlib
import gettext
import io
import os
import re
import subprocess

gettext.install('ufw')
import ufw.common
import ufw.frontend
import ufw.util

INIT = '/lib/ufw'
MARK = '### the rules of user.rules ###\n'
VERSIONS = {4: ('iptables', 'user.rules'), 6: ('ip6tables', 'user6.rules')}

# Instead of iptables and its restore: writes down what it is given.  A chain
# asked for is not there yet; IPv6 is.
RECORDER = """
iptables() { [ "$*" = '-L INPUT -n' ]; }
ip6tables() { iptables "$@"; }
keep() { local text; IFS= read -rd '' text || printf %s "$text" >>"$1"; }
iptables-restore() { keep "$UFW_RECORD/4"; }
ip6tables-restore() { keep "$UFW_RECORD/6"; }
"""


class Ufw:
    def __init__(self, folder, pid):
        self.folder, self.pid = folder, pid
        ufw.common.do_checks = False
        ufw.util.get_iptables_version = lambda *args: '1.8.9'
        self.ui = ufw.frontend.UFWFrontend(False, datadir=folder)
        self.backend = self.ui.backend
        self.backend.caps = {'limit': {'4': True, '6': True}}
        # It writes its files; the kernel is for load().
        self.backend.is_enabled = lambda: False
        self.recorded = {}
        self.prepare_recording()

    def prepare_recording(self):
        """A copy of ufw-init that has the recorder as iptables."""
        init = self.folder + '/lib/ufw'
        os.makedirs(init)
        for name, more in (('ufw-init', ''),
                           ('ufw-init-functions', RECORDER)):
            with open('%s/%s' % (INIT, name)) as original, \
                    open('%s/%s' % (init, name), 'w') as copy:
                copy.write(original.read() + more)

    def reset(self):
        self.backend.rules, self.backend.rules6 = [], []
        for direction, policy in (('incoming', 'deny'), ('outgoing', 'allow'),
                                  ('routed', 'deny')):
            self.run(['default', policy, direction])
        self.run(['logging', 'low'])

    def run(self, words):
        """As `ufw --force WORDS`; was it accepted?"""
        silent = io.StringIO()
        silent.buffer = io.BytesIO()
        try:
            with contextlib.redirect_stdout(silent), \
                    contextlib.redirect_stderr(silent):
                pr = ufw.frontend.parse_command(['ufw', *words])
                self.ui.do_action(pr.action, pr.data.get('rule', ''),
                                  pr.data.get('iptype', ''), True)
        except (ufw.common.UFWError, ValueError, SystemExit):
            return False
        finally:
            # Another process would not know where they were put.
            for rule in self.backend.rules + self.backend.rules6:
                rule.position = 0
        return True

    def in_pairs(self, number):
        """Is each rule one for both IP versions, so that a number is the same
        in a list of each version and in one for both?"""
        lists = self.backend.rules, self.backend.rules6
        if len(lists[0]) < int(number) <= sum(map(len, lists)):
            return False
        return len(lists[0]) == len(lists[1]) and all(
            not (a.dapp or a.sapp) and
            a.format_rule().replace('0.0.0.0/0', '::/0') == b.format_rule()
            for a, b in zip(*lists))

    def path(self, name):
        return '%s/etc/ufw/%s' % (self.folder, name)

    def record(self):
        """What ufw-init start would restore, for 4 and 6."""
        texts = {}
        for _, name in VERSIONS.values():
            with open(self.path(name)) as file:
                texts[name] = file.read()
            with open(self.path(name), 'w') as file:
                file.write(MARK)
        where = self.folder + '/recorded'
        os.makedirs(where, exist_ok=True)
        done = subprocess.run(
            ['bash', self.folder + '/lib/ufw/ufw-init', '--rootdir',
             self.folder, '--datadir', self.folder, 'start'],
            env=dict(os.environ, UFW_RECORD=where), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise RuntimeError('ufw-init: %s' % done.stdout.decode())
        found = {}
        for version, (_, name) in VERSIONS.items():
            path = '%s/%d' % (where, version)
            with open(path) as file:
                found[version] = self.in_one(file.read())
            os.unlink(path)
            with open(self.path(name), 'w') as file:
                file.write(texts[name])
            assert found[version].count(MARK) == 1
        return found

    @staticmethod
    def in_one(text):
        """What is to be done in several transactions, without their ends."""
        return re.sub(r'(?m)^(COMMIT|\*filter)\n', '', text)

    def restores(self):
        """The text for iptables-restore and the one for ip6tables-restore."""
        with open(self.folder + '/etc/default/ufw') as file:
            policies = tuple(re.findall(r'^DEFAULT_.*POLICY=.*', file.read(),
                                        re.M))
        if policies not in self.recorded:
            self.recorded[policies] = self.record()
        texts = {}
        for version, (_, name) in VERSIONS.items():
            with open(self.path(name)) as file:
                rules = self.in_one(file.read())
            texts[version] = ('*filter\n' + self.recorded[policies][version]
                              .replace(MARK, rules) + 'COMMIT\n')
        return texts

    def load(self):
        """Begins; call the result to wait for the end."""
        running = []
        for version, text in self.restores().items():
            tool = VERSIONS[version][0] + '-restore'
            path = '%s/%s.input' % (self.folder, tool)
            with open(path, 'w') as file:
                file.write(text)
            with open(path) as file:
                running.append(subprocess.Popen(
                    self.inside(tool), stdin=file, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT))
        return lambda: [self.finish(each) for each in running]

    def forget(self):
        """What limit rules have counted."""
        path = '/proc/%d/net/xt_recent/DEFAULT' % self.pid
        if os.path.exists(path):
            with open(path, 'w') as file:
                file.write('/')

    @staticmethod
    def finish(process):
        out, _ = process.communicate()
        if process.returncode:
            raise RuntimeError('iptables-restore: %s' % out.decode())

    def inside(self, *command):
        return ['nsenter', '--net=/proc/%d/ns/net' % self.pid, *command]

    def saved(self):
        """The rules of the kernel, without counters."""
        return [re.sub(r'\[\d+:\d+\]|^#.*\n', '', subprocess.run(
            self.inside(tool + '-save', '-t', 'filter'), check=True,
            stdout=subprocess.PIPE).stdout.decode(), flags=re.M)
            for tool in ('iptables', 'ip6tables')]

    def real(self):
        """The same by ufw's own ufw-init, from an empty table."""
        subprocess.run(self.inside('nft', 'flush', 'ruleset'), check=True)
        subprocess.run(self.inside(INIT + '/ufw-init', '--rootdir', '/',
                                   '--datadir', self.folder, 'start'),
                       check=True, stdout=subprocess.DEVNULL)
