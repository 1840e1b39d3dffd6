# SPDX-License-Identifier: Apache-2.0
"""The chart of what a token costs on each board: one bar for the first check, its signature apart, one for each later
one."""

LEFT, RIGHT, TOP, ROW, BAR = 150, 110, 58, 46, 14
WIDTH = 860
# Readable on white and on black: the page's own colour of text is not known in an image, the reader's choice is.
STYLE = """text { font-family: sans-serif; font-size: 12px; fill: #1f2328 }
.faint { fill: #59636e } .line { stroke: #d1d9e0 }
.signature { fill: #1f6feb } .rest { fill: #f0883e } .known { fill: #2da44e }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .faint { fill: #9198a1 } .line { stroke: #3d444d } }"""

FIRST, KNOWN = (f"gate, {which}, bytes that are signed: 1024" for which in ("the first time", "known"))
SIGNATURE = "RSA, 2048, mbedtls_core"


def short(number):
    return f"{number / 1e6:.2f} M" if number >= 1e6 else f"{number / 1e3:.0f} K"


def bars(y, scale, first, signature, known):
    """Two bars of a board, each with its number."""
    apart, whole, later = (LEFT + number * scale for number in (signature, first, known))
    return [f'<rect class="signature" x="{LEFT}" y="{y}" width="{apart - LEFT:.1f}" height="{BAR}"/>',
            f'<rect class="rest" x="{apart:.1f}" y="{y}" width="{whole - apart:.1f}" height="{BAR}"/>',
            f'<text x="{whole + 6:.1f}" y="{y + 11}">{short(first)}</text>',
            f'<rect class="known" x="{LEFT}" y="{y + BAR + 2}" width="{max(later - LEFT, 1):.1f}" height="{BAR}"/>',
            f'<text x="{later + 6:.1f}" y="{y + BAR + 13}">{short(known)}</text>']


def picture(boards):
    """boards: {name: (core, {row: numbers})}, as the pages have them."""
    most = max(rows[FIRST][0] for _, rows in boards.values())
    scale = (WIDTH - LEFT - RIGHT) / most
    height = TOP + ROW * len(boards) + 10
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
           'role="img">',
           "<title>What a token costs at the gate on each board, in instructions</title>", f"<style>{STYLE}</style>",
           '<text x="0" y="14">What a token costs at the gate (RS256, 2048 bits, 1 KB signed), instructions counted in '
           'QEMU</text>']
    for x, kind, words in ((0, "signature", "the first time: the signature"), (220, "rest", "and all else"),
                           (340, "known", "the same token again")):
        out.append(f'<rect class="{kind}" x="{x}" y="26" width="12" height="12"/>'
                   f'<text class="faint" x="{x + 18}" y="36">{words}</text>')
    out.append(f'<line class="line" x1="{LEFT}" y1="{TOP - 8}" x2="{LEFT}" y2="{height - 6}"/>')
    for place, (board, (core, rows)) in enumerate(boards.items()):
        y = TOP + ROW * place
        out += [f'<text x="{LEFT - 8}" y="{y + 11}" text-anchor="end">{core}</text>',
                f'<text class="faint" x="{LEFT - 8}" y="{y + 27}" text-anchor="end">{board}</text>']
        out += bars(y, scale, *(rows[name][0] for name in (FIRST, SIGNATURE, KNOWN)))
    return "\n".join([*out, "</svg>"]) + "\n"
