"""Prints lines that differ by a number.

    numbered.py N FORMAT... one format after the other in turn; in each:
                            %a is an address of its own, %u a port of its own
                            (for N to 10,000), %p one of four ports
    numbered.py networks N FORMAT
                            %n is a network, of many sizes, none touching
                            another; %f and %l a first and a last port
"""
import sys

PORTS = (22, 80, 443, 8080)


def numbered(i, form):
    """The line of number i, from 1."""
    return (form.replace('%a', f'10.{i >> 16}.{i >> 8 & 255}.{i & 255}')
            .replace('%u', str(2001 + 2 * i))
            .replace('%p', str(PORTS[i % 4])))


def network(i, form):
    """The same, of networks."""
    first = 2000 + i % 3000 * 10
    return (form.replace('%n', f'{20 + (i >> 13)}.{i >> 5 & 255}.'
                               f'{(i & 31) * 8}.0/{24 + i % 9}')
            .replace('%f', str(first)).replace('%l', str(first + 1 + i % 9)))


def main():
    words = sys.argv[1:]
    line = numbered
    if words[0] == 'networks':
        line = network
        words = words[1:]
    sys.stdout.writelines(line(i, words[1 + i % (len(words) - 1)]) + '\n'
                          for i in range(1, int(words[0]) + 1))


main()
