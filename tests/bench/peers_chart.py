# SPDX-License-Identifier: Apache-2.0
"""The chart beside docs/bench/peers.md: what a signature of 2048 bits takes with each library, each board in a scale of its own."""
import board_folders
import chart
from peers_page import CORE, KERNEL, floor_of

LEFT, RIGHT, TOP, ROW, BAR, GAP = 150, 215, 52, 20, 12, 34
WIDTH = 860
STYLE = chart.STYLE.replace("}\n@media", "}\n.ours { fill: #2da44e } .anew { opacity: 0.4 } .floor { stroke: #cf222e; stroke-dasharray: 4 3 }\n@media")


def better(rows, one, other):
    """BearSSL has two: the chart has the better one of each board."""
    return min(one, other, key=lambda name: rows[name]["kept 2048"])


def bars(y, name, row, scale):
    kept, anew = (LEFT + row[f"{kind} 2048"] * scale for kind in ("kept", "anew"))
    label = chart.short(row["kept 2048"])
    if row["cycles kept"] is not None:
        label += f" (some {chart.short(row['cycles kept'])} cycles)"
    kind = "ours" if name in (CORE, KERNEL) else "signature"
    return [f'<text x="{LEFT - 8}" y="{y + 10}" text-anchor="end">{name.replace("`", "")}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{kept - LEFT:.1f}" height="{BAR}"/>',
            f'<rect class="{kind} anew" x="{kept:.1f}" y="{y}" width="{max(anew - kept, 0):.1f}" height="{BAR}"/>',
            f'<text x="{anew + 6:.1f}" y="{y + 10}">{label}</text>']


def board(y, title, floor, rows):
    """One board's rows, the least first."""
    chosen = {name: row for name, row in rows.items()
              if not name.startswith("BearSSL") or name == better(rows, "BearSSL, i15", "BearSSL, i31")}
    chosen = dict(sorted(chosen.items(), key=lambda item: item[1]["kept 2048"]))
    scale = (WIDTH - LEFT - RIGHT) / max(row["anew 2048"] for row in chosen.values())
    out = [f'<text class="faint" x="{LEFT}" y="{y - 6}">{title}</text>']
    for place, (name, row) in enumerate(chosen.items()):
        out += bars(y + ROW * place, name, row, scale)
    bottom = y + ROW * len(chosen)
    out.append(f'<line class="line" x1="{LEFT}" y1="{y - 2}" x2="{LEFT}" y2="{bottom}"/>')
    if floor is not None:
        at = LEFT + floor * scale
        out.append(f'<line class="floor" x1="{at:.1f}" y1="{y - 2}" x2="{at:.1f}" y2="{bottom}"/>')
    return out, bottom


def picture(boards):
    """boards: {board: {peer: numbers}}, as the page has them."""
    out, y = [], TOP + 20
    for name, rows in boards.items():
        more, y = board(y, f"{board_folders.core_name(name)} ({name})", floor_of(name), rows)
        out += more
        y += GAP
    height = y - GAP + 10
    key = []
    for x, kind, words in ((0, "ours", "ward"), (70, "signature", "others"), (150, "signature anew", "with the key made anew")):
        key.append(f'<rect class="{kind}" x="{x}" y="24" width="12" height="12"/><text class="faint" x="{x + 18}" y="34">{words}</text>')
    key.append('<line class="floor" x1="340" y1="22" x2="340" y2="38"/>'
               '<text class="faint" x="348" y="34">multiply-accumulates alone (the floor)</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>Instructions of an RSA-2048 check with ward and with other libraries</title>", f"<style>{STYLE}</style>",
        '<text x="0" y="14">An RSA-2048 signature is checked, key kept: instructions counted in QEMU, and an estimate in cycles '
        'where timings are published</text>', *key, *out, "</svg>"]) + "\n"
