"""The chart of the README: how many times as fast as the peer, row by row, drawn for light and dark pages."""
import math
from html import escape

from .rows import ROWS

WIDTH, LABEL, BAR, STEP, TOP = 840, 250, 13, 42, 58
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
STYLE = """
text { font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 15px; font-weight: 600; }
.small { font-size: 12px; fill: #59636e; }
.ours { fill: #1a7f37; }
.loop { fill: #afb8c1; }
.tick { stroke: #d1d9e0; }
.peer { stroke: #bc4c00; stroke-width: 1.5; }
.peer-text { fill: #bc4c00; font-size: 12px; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .small { fill: #9198a1; }
  .ours { fill: #3fb950; }
  .loop { fill: #6e7681; }
  .tick { stroke: #3d444d; }
  .peer { stroke: #f0883e; }
  .peer-text { fill: #f0883e; }
}
"""


class Scale:
    """A logarithmic scale from the peer, or from the slowest where one is slower than the peer."""

    def __init__(self, ratios):
        self.low = min(1, min(ratios))
        self.high = max(2, max(ratios))

    def place(self, ratio):
        share = math.log(ratio / self.low) / math.log(self.high / self.low)
        return LABEL + (WIDTH - LABEL - 60) * share


def bars(title, y, scale, ratios):
    yield f'<text x="{LABEL - 10}" y="{y + 21}" text-anchor="end">{escape(title.replace(" x ", " × "))}</text>'
    for offset, name in ((3, "ours"), (3 + BAR + 2, "loop")):
        start, end = sorted((scale.place(1), scale.place(ratios[name])))
        yield (f'<rect class="{name}" x="{start:.1f}" y="{y + offset}" width="{max(end - start, 1):.1f}" '
               f'height="{BAR}"/>')
        yield f'<text class="small" x="{end + 6:.1f}" y="{y + offset + 11}">{ratios[name]:.1f}</text>'


def draw(measured):
    chosen = [(row, measured["rows"][row.key]) for row in ROWS if "peer" in measured["rows"].get(row.key, {})]
    rows = [(row, {name: result["peer"]["wall"] / result[name]["wall"] for name in ("ours", "loop")})
            for row, result in chosen]
    scale = Scale([ratio for _, ratios in rows for ratio in ratios.values()])
    bottom = TOP + STEP * len(rows)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 34}" width="{WIDTH}" '
        f'height="{bottom + 34}" role="img" aria-labelledby="title">',
        f"<style>{STYLE}</style>",
        '<title id="title">How many times as fast as the Python clients: poll-mesh-inbox and a bare C loop</title>',
        '<text class="title" x="8" y="20">Times as fast as MESH\'s and Azure\'s Python clients (logarithmic scale)</text>',
        '<rect class="ours" x="8" y="32" width="12" height="12"/>'
        '<text class="small" x="26" y="43">poll-mesh-inbox</text>',
        '<rect class="loop" x="136" y="32" width="12" height="12"/>'
        '<text class="small" x="154" y="43">a bare libcurl loop in C, without signing, journal or checks</text>',
    ]
    for tick in TICKS:
        if scale.low <= tick <= scale.high:
            x = scale.place(tick)
            lines.append(f'<line class="{"peer" if tick == 1 else "tick"}" x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" '
                         f'y2="{bottom + 4}"/>')
            text = "1, the Python clients" if tick == 1 else f"{tick:g}"
            lines.append(f'<text class="{"peer-text" if tick == 1 else "small"}" x="{x:.1f}" y="{bottom + 20}" '
                         f'text-anchor="{"end" if tick == 1 and scale.low == 1 else "middle"}">{text}</text>')
    for index, (row, ratios) in enumerate(rows):
        lines += bars(row.title, TOP + STEP * index, scale, ratios)
    lines.append("</svg>")
    return "\n".join(lines) + "\n"
