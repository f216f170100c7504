"""The chart of the README: how many times as fast as the peer, row by row, drawn for light and dark pages."""
from html import escape

from .rows import ROWS

WIDTH, LABEL, BAR, STEP, TOP = 840, 250, 13, 46, 58
STYLE = """
text { font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 15px; font-weight: 600; }
.small { font-size: 12px; fill: #59636e; }
.ours { fill: #1a7f37; }
.loop { fill: #afb8c1; }
.peer { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 4 3; }
.peer-text { fill: #bc4c00; font-size: 12px; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .small { fill: #9198a1; }
  .ours { fill: #3fb950; }
  .loop { fill: #6e7681; }
  .peer { stroke: #f0883e; }
  .peer-text { fill: #f0883e; }
}
"""


def draw(measured):
    rows = [(row, measured["rows"][row.key]) for row in ROWS if "peer" in measured["rows"].get(row.key, {})]
    ratios = [(row, result["peer"]["wall"] / result["ours"]["wall"], result["peer"]["wall"] / result["loop"]["wall"])
              for row, result in rows]
    most = max(max(ours, loop) for _, ours, loop in ratios)
    room = WIDTH - LABEL - 70
    height = TOP + STEP * len(ratios) + 34

    def length(ratio):
        return room * ratio / most

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title">',
        f"<style>{STYLE}</style>",
        '<title id="title">How many times as fast as the Python clients: poll-mesh-inbox and a bare C loop</title>',
        '<text class="title" x="8" y="20">Times as fast as MESH\'s and Azure\'s Python clients (longer is better)</text>',
        '<rect class="ours" x="8" y="32" width="12" height="12"/><text class="small" x="26" y="43">poll-mesh-inbox</text>',
        '<rect class="loop" x="136" y="32" width="12" height="12"/>'
        '<text class="small" x="154" y="43">bare libcurl loop in C, without signing, journal or checks</text>',
    ]
    for index, (row, ours, loop) in enumerate(ratios):
        y = TOP + STEP * index
        lines.append(f'<text x="{LABEL - 10}" y="{y + 22}" text-anchor="end">{escape(row.title.replace(" x ", " × "))}</text>')
        for offset, name, ratio in ((4, "ours", ours), (4 + BAR + 3, "loop", loop)):
            lines.append(f'<rect class="{name}" x="{LABEL}" y="{y + offset}" width="{length(ratio):.1f}" height="{BAR}" rx="2"/>')
            lines.append(f'<text class="small" x="{LABEL + length(ratio) + 6:.1f}" y="{y + offset + 11}">{ratio:.1f}</text>')
    x = LABEL + length(1)
    bottom = TOP + STEP * len(ratios)
    lines.append(f'<line class="peer" x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{bottom + 4}"/>')
    lines.append(f'<text class="peer-text" x="{x + 4:.1f}" y="{bottom + 18}">1: the Python clients</text>')
    lines.append("</svg>")
    return "\n".join(lines) + "\n"
