"""Counts packages and their bytes, with all that they depend on.

    needed.py PACKAGE... < LIST

LIST is dpkg-query's: package, status, size in KiB, priority, provides,
depends, parted by tabs.  Prints packages=N and disk=BYTES, parted by a tab.
Packages of priority required and what they need do not count: every Debian
has them.
"""
import re
import sys


def names(field):
    """The packages of a Depends or Provides, each a list of alternatives."""
    for part in filter(None, re.split(r',\s*', field.strip(', '))):
        yield [re.split(r'[ (:]', choice.strip())[0]
               for choice in part.split('|')]


def read_packages(lines):
    """{name or what it provides: (package, KiB, depends)}, those installed"""
    packages, provided = {}, {}
    for line in lines:
        name, status, size, priority, provides, depends = \
            line.rstrip('\n').split('\t')
        if status != 'installed':
            continue
        entry = (name, int(size or 0), priority, list(names(depends)))
        packages[name] = entry
        for choice in names(provides):
            provided.setdefault(choice[0], entry)
    return provided | packages


def closure(packages, wanted):
    """{package: KiB}"""
    found, left = {}, list(wanted)
    while left:
        entry = packages.get(left.pop())
        if not entry or entry[0] in found:
            continue
        found[entry[0]] = entry[1]
        for choices in entry[3]:
            left += [c for c in choices if c in packages][:1]
    return found


def main():
    packages = read_packages(sys.stdin)
    base = closure(packages, [entry[0] for entry in packages.values()
                              if entry[2] == 'required'])
    found = {name: size
             for name, size in closure(packages, sys.argv[1:]).items()
             if name not in base}
    print(f'packages={len(found)}\tdisk={sum(found.values()) * 1024}')


main()
