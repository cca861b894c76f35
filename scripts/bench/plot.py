"""Draws cost against size: text to standard output, and an SVG file.

    plot.py JSON SVG [KEY]

JSON is report.py's; KEY is wall (milliseconds; the default), or for packets
closed, open or established (nanoseconds a packet).  Cases without a number of
rules are left out.  Both axes are logarithmic.
"""
import html
import json
import math
import re
import sys

WIDTH, HEIGHT = 64, 18
COLOURS = ('#1b6', '#36c', '#c33', '#a6a', '#c80', '#555')
MARKS = 'F*onix+'
# In the SVG: the plot's corner, its size, the room for names beside it.
LEFT, TOP, WIDE, HIGH, NAMES = 70, 40, 520, 300, 170


def curves(results, key):
    """{contestant: [(rules, cost)]}, in rising order."""
    unit = 1e6 if key == 'wall' else 1
    found = {}
    for result in results:
        size = re.search(r'(\d+) rules', result['case'])
        if size and key in result and int(size[1]):
            found.setdefault(result['contestant'], []).append(
                (int(size[1]), result[key]['median'] / unit))
    return {name: sorted(points) for name, points in found.items()}


class Axis:
    """Numbers on a logarithmic scale, as 0 to 1."""

    def __init__(self, numbers):
        self.low = math.floor(math.log10(min(numbers)))
        self.high = max(math.ceil(math.log10(max(numbers))), self.low + 1)

    def at(self, number):
        return (math.log10(number) - self.low) / (self.high - self.low)

    def ticks(self):
        return [10 ** i for i in range(self.low, self.high + 1)]


def words(number):
    return f'{number:,.0f}' if number >= 1 else f'{number:g}'


def as_text(found, across, up, title):
    grid = [[' '] * WIDTH for _ in range(HEIGHT)]
    for mark, points in zip(MARKS, found.values()):
        for size, cost in points:
            row = round((1 - up.at(cost)) * (HEIGHT - 1))
            column = round(across.at(size) * (WIDTH - 1))
            grid[row][column] = mark if grid[row][column] == ' ' else '#'
    beside = {round((1 - up.at(tick)) * (HEIGHT - 1)): words(tick)
              for tick in up.ticks()}
    lines = [title, '']
    lines += [f'{beside.get(i, ""):>10} |' + ''.join(row).rstrip()
              for i, row in enumerate(grid)]
    below = [' '] * (WIDTH + 10)
    for tick in across.ticks():
        text = words(tick)
        column = round(across.at(tick) * (WIDTH - 1))
        below[column:column + len(text)] = text
    lines += [' ' * 11 + '+' + '-' * WIDTH,
              ' ' * 12 + ''.join(below).rstrip() + '  rules', '']
    lines += [f'    {mark}  {name}' for mark, name in zip(MARKS, found)]
    return '\n'.join([*lines, '    #  several', ''])


def as_svg(found, across, up, title):
    def text(x, y, what, more=''):
        return (f'<text x="{x:.0f}" y="{y:.0f}" {more}>'
                f'{html.escape(what)}</text>')

    def place(size, cost):
        return LEFT + across.at(size) * WIDE, TOP + (1 - up.at(cost)) * HIGH

    out = ['<svg xmlns="http://www.w3.org/2000/svg"'
           f' width="{LEFT + WIDE + NAMES}" height="{TOP + HIGH + 50}"'
           ' font-family="sans-serif" font-size="13">',
           '<rect width="100%" height="100%" fill="#fff"/>',
           text(LEFT, TOP - 18, title, 'font-weight="bold"')]
    for tick in up.ticks():
        _, y = place(10 ** across.low, tick)
        out += [f'<path d="M{LEFT} {y:.0f}h{WIDE}" stroke="#ddd"/>',
                text(LEFT - 6, y + 4, words(tick), 'text-anchor="end"')]
    for tick in across.ticks():
        x, _ = place(tick, 10 ** up.low)
        out += [f'<path d="M{x:.0f} {TOP}v{HIGH}" stroke="#ddd"/>',
                text(x, TOP + HIGH + 18, words(tick), 'text-anchor="middle"')]
    out.append(text(LEFT + WIDE / 2, TOP + HIGH + 38, 'rules',
                    'text-anchor="middle"'))
    for i, (name, points) in enumerate(found.items()):
        colour = COLOURS[i % len(COLOURS)]
        line = [place(*point) for point in points]
        out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2"'
                   ' points="' + ' '.join(f'{x:.1f},{y:.1f}' for x, y in line) +
                   '"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
                for x, y in line]
        out.append(text(LEFT + WIDE + 14, TOP + 14 + 20 * i, name,
                        f'fill="{colour}"'))
    return '\n'.join([*out, '</svg>', ''])


def main():
    source, target, key = (*sys.argv[1:], 'wall')[:3]
    with open(source, encoding='utf-8') as file:
        data = json.load(file)
    found = curves(data['results'], key)
    if not found:
        sys.exit(f'plot: {source} has no cases of so many rules with {key}')
    sizes, costs = zip(*(point for points in found.values()
                         for point in points))
    title = data['title'].split(';')[0] + (
        ', ms' if key == 'wall' else f', {key} (with the path)')
    axes = Axis(sizes), Axis(costs)
    print(as_text(found, *axes, title))
    with open(target, 'w', encoding='utf-8') as file:
        file.write(as_svg(found, *axes, title))


main()
