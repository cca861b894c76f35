#!/bin/bash
# docker-cfg against jq and python3, setting one key in files of 1 KB, 1 MB
# and 100 MB: medians, by the clock and of processor time, ratios, peak memory.
# RUNS=N; the files lie in memory where there is room, so that the disk is not
# what is measured.  `nothing` only prints its usage: the floor.
set -eu
fwbox=${FWBOX:-$PWD/fwbox}
export RUNS=${RUNS:-15} fwbox
[[ ! -w /dev/shm ]] || export TMPDIR=${TMPDIR:-/dev/shm}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cat >"$tmp/edit.py" <<'EOT'
import json, os, sys
with open(sys.argv[2]) as f:
    config = json.load(f)
config["icc"] = sys.argv[1] == "true"
json.dump(config, sys.stdout, indent=2)
EOT
# Spawned from a small process: from a shell, forking it is most of what there
# is to a small file.  What a tool prints is renamed over the file; docker-cfg
# does that itself, and syncs.
python3 - "$tmp" <<'EOT'
import os, statistics, sys, time

tmp, fwbox = sys.argv[1], os.environ["fwbox"]
null = os.open("/dev/null", os.O_WRONLY)
tools = {
    "docker-cfg": lambda f, v: [fwbox, "docker-cfg", "-f", f, "icc=" + v],
    "jq": lambda f, v: ["jq", ".icc = " + v, f],
    "python3": lambda f, v: ["python3", tmp + "/edit.py", v, f],
    "nothing": lambda f, v: [fwbox, "docker-cfg", "--help"],
}


def make_file(path, size):
    with open(path, "w") as f:
        f.write('{\n  "debug": true,\n  "labels": [')
        n = written = 0
        while written < size - 100:
            s = '%s\n    "com.example.n%d=value %d"' % (
                "," if n else "", n, n * 7919)
            written += f.write(s)
            n += 1
        f.write('\n  ],\n  "icc": true\n}\n')


def run(tool, path, value):
    """Seconds of one run: by the clock, of the processor."""
    prints = tool in ("jq", "python3")
    out = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                  0o644) if prints else null
    start = time.perf_counter()
    argv = tools[tool](path, value)
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, out, 1)])
    _, status, used = os.wait4(pid, 0)
    if prints:
        os.rename(path + ".new", path)
    seconds = time.perf_counter() - start
    if prints:
        os.close(out)
    assert status == 0, argv
    return seconds, used.ru_utime + used.ru_stime


def peak(tool, path):
    """KB at most, from a process smaller than what is measured."""
    argv = ["busybox", "time", "-f", "%M"] + tools[tool](path, "true")
    r, w = os.pipe()
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, w, 2)])
    os.close(w)
    with os.fdopen(r) as f:
        last = f.read().split()[-1]
    os.waitpid(pid, 0)
    return int(last) // 4  # busybox takes the kernel's KB for pages


print("%-10s %-11s %13s %7s %13s %7s %12s %8s" % (
    "file", "tool", "clock", "ratio", "processor", "ratio", "memory",
    "of file"))
for size in 1000, 1000000, 100000000:
    runs = int(os.environ["RUNS"]) if size < 1e8 else 3
    times = {tool: [] for tool in tools}
    for tool in tools:
        make_file(tmp + "/" + tool, size)
    for i in range(runs):  # in turn, for what else goes on
        for tool in tools:
            if tool == "python3" and i >= 3:
                continue
            times[tool].append(run(tool, tmp + "/" + tool,
                                   "true" if i % 2 else "false"))
    medians = {tool: [statistics.median(t) for t in zip(*times[tool])]
               for tool in tools}
    ours = medians["docker-cfg"]
    for tool, (clock, cpu) in medians.items():
        memory = peak(tool, tmp + "/" + tool)
        print("%-10d %-11s %10.2f ms %7.1f %10.2f ms %7.1f %9d KB %8.2f" % (
            size, tool, clock * 1000, clock / ours[0], cpu * 1000,
            cpu / ours[1], memory, memory * 1024 / size))
    for tool in tools:
        os.unlink(tmp + "/" + tool)
EOT
