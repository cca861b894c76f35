"""Makes a table and a JSON file of samples.

    report.py JSON NAME TITLE [--bare CASE] < SAMPLES

A sample is a line: case, contestant, KEY=NUMBER..., parted by tabs; without
numbers the contestant could not run.  Per key the table has the median, and
of the time also the quartiles and the ratio to the case's first contestant.
With --bare, what is over that case's, and as a factor (x) of what the same
contestant takes in its first case.
"""
import argparse
import datetime
import json
import os
import re
import statistics
import subprocess
import sys

# key -> heading, what one unit of it is in the sample's, decimals
COLUMNS = {
    'wall': ('time ms', 1e6, 2),
    'cpu': ('cpu ms', 1e6, 2),
    'rss': ('peak KB', 1, 0),
    'calls': ('calls', 1, 0),
    'processes': ('processes', 1, 0),
    'packages': ('packages', 1, 0),
    'disk': ('KB', 1000, 0),
}
# Linux counts memory per processor and sums up late: less than this, in KB,
# is not told apart.
RSS_LEAST = 512
FLOWS = ('closed', 'open', 'established')
VERSIONS = {
    'fwbox': ['./fwbox', '--version'],
    'nft': ['nft', '--version'],
    'iptables': ['iptables', '--version'],
    'ufw': ['ufw', '--version'],
    'jq': ['jq', '--version'],
}


def read_samples(lines):
    """{case: {contestant: {key: [number]}}}, each in the order they came"""
    cases = {}
    for line in lines:
        case, name, *figures = line.rstrip('\n').split('\t')
        keys = cases.setdefault(case, {}).setdefault(name, {})
        for figure in figures:
            key, number = figure.split('=')
            keys.setdefault(key, []).append(float(number))
    return cases


def summary(numbers):
    """Median, quartiles and how many there were."""
    if len(numbers) > 1:
        low, median, high = statistics.quantiles(numbers, n=4,
                                                 method='inclusive')
    else:
        low = median = high = numbers[0]
    return {'median': median, 'low': low, 'high': high, 'runs': len(numbers)}


def version(command):
    """The first line it prints, without a copyright."""
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              check=False)
    except OSError:
        return None
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0] if lines else None


def surroundings():
    """What the figures depend on."""
    model = None
    with open('/proc/cpuinfo', encoding='ascii', errors='replace') as info:
        found = re.search(r'model name\s*: (.*)', info.read())
        if found:
            model = found[1]
    return {
        'date': datetime.date.today().isoformat(),
        'kernel': os.uname().release,
        'machine': os.uname().machine,
        'processor': model,
        'processors': os.cpu_count(),
        'versions': {name: version(command)
                     for name, command in VERSIONS.items()},
    }


def summarize(cases):
    """A result for each contestant of each case."""
    results = []
    for case, contestants in cases.items():
        first = None
        for name, keys in contestants.items():
            result = {'case': case, 'contestant': name}
            result |= {key: summary(numbers)
                       for key, numbers in keys.items()}
            if 'wall' in result:
                first = first or result['wall']['median']
                result['ratio'] = result['wall']['median'] / first
            results.append(result)
    return results


def number(value, decimals):
    """With thousands parted."""
    return f'{value:,.{decimals}f}'


def cell(key, got, value):
    """One figure of a key, or - where there is none."""
    if not got:
        return '-'
    if key == 'rss' and got[value] < RSS_LEAST:
        return f'<{RSS_LEAST}'
    _, unit, decimals = COLUMNS[key]
    return number(got[value] / unit, decimals)


def table(results):
    """The rows of the text, each a list of words."""
    keys = [key for key in COLUMNS if any(key in r for r in results)]
    heads = ['', '']
    for key in keys:
        heads.append(COLUMNS[key][0])
        if key == 'wall':
            heads += ['quartiles', 'ratio']
    rows = [heads]
    for result in results:
        row = [result['case'], result['contestant']]
        for key in keys:
            got = result.get(key)
            row.append(cell(key, got, 'median'))
            if key == 'wall':
                row.append(f"{cell(key, got, 'low')}.."
                           f"{cell(key, got, 'high')}" if got else '-')
                row.append(number(result['ratio'], 2) if got else '-')
        rows.append(row)
    return rows


def add_over_bare(results, bare):
    """Of each flow, `over` the bare path and `times` the first case."""
    paths, first = {}, {}
    for result in results:
        for flow in FLOWS:
            if flow not in result:
                continue
            got = result[flow]
            if result['case'] == bare:
                paths[flow] = got['median']
                continue
            got['over'] = got['median'] - paths[flow]
            got['times'] = got['median'] / first.setdefault(
                (result['contestant'], flow), got['median'])


def flow_table(results):
    """As table, of add_over_bare's."""
    heads = ['', '']
    for flow in FLOWS:
        heads += [flow + ' ns', 'x']
    rows = [heads]
    for result in results:
        row = [result['case'], result['contestant']]
        for flow in FLOWS:
            got = result.get(flow)
            if got and 'over' not in got:
                row += [f"({number(got['median'], 0)})", '']
            elif got:
                row += [number(got['over'], 0), number(got['times'], 2)]
            else:
                row += ['-', '-']
        rows.append(row)
    return rows


def print_table(rows):
    """Aligned; a case's name only once."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    case = None
    for row in rows:
        shown = ['' if row[0] == case else row[0], *row[1:]]
        case = row[0]
        words = [word.ljust(width) if i < 2 else word.rjust(width)
                 for i, (word, width) in enumerate(zip(shown, widths))]
        print('  '.join(words).rstrip())
    print()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('json')
    parser.add_argument('name')
    parser.add_argument('title')
    parser.add_argument('--bare')
    args = parser.parse_args()
    results = summarize(read_samples(sys.stdin))
    if args.bare:
        add_over_bare(results, args.bare)
    where = surroundings()
    with open(args.json, 'w', encoding='utf-8') as out:
        json.dump({'bench': args.name, 'title': args.title, **where,
                   'results': results}, out, indent=2)
        out.write('\n')
    print(f"# {args.title} ({where['date']}, Linux {where['kernel']}, "
          f"{where['processors']} processors)\n")
    print_table(flow_table(results) if args.bare else table(results))


main()
