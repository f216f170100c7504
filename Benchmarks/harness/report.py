"""The tables, as Markdown."""
from .contenders import NAMES
from .machine import least_seconds
from .rows import ROWS, verdicts


def seconds(value):
    if value is None:
        return ""
    if value < 0.001:
        return f"{value * 1e6:.0f} µs"
    if value < 0.1:
        return f"{value * 1000:.0f} ms" if value >= 0.0095 else f"{value * 1000:.1f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def table(header, lines):
    rows = [header, ["---", *["--:"] * (len(header) - 1)], *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def each_row(results):
    for row in ROWS:
        if row.key in results:
            yield row, results[row.key]


def times(results, limit):
    lines = []
    for row, result in each_row(results):
        ours, peer, loop = (result.get(name) for name in ("ours", "peer", "loop"))
        peer_text = seconds(peer["wall"]) if peer else row.no_peer
        if row.peer_messages:
            peer_text += f" (extrapolated from {row.peer_messages})"
        lines.append([
            row.title, peer_text, seconds(ours["wall"]), seconds(loop["wall"]), seconds(least_seconds(row, limit)),
            f"{peer['wall'] / ours['wall']:.1f}" if peer else "", f"{ours['wall'] / loop['wall']:.2f}",
        ])
    return table(["wall time", NAMES["peer"], NAMES["ours"], NAMES["loop"], "machine", "times as fast as the peer",
                  "of the C loop's time"], lines)


def costs(results):
    lines = []
    for row, result in each_row(results):
        cells = [row.title]
        for key, form in (("processor", seconds), ("memory", lambda value: f"{value / 1e6:.1f} MB")):
            cells += [form(result[name][key]) if name in result else "" for name in NAMES]
        ours = result["ours"]
        cells.append(seconds(ours["processor"] / row.messages) if row.messages else "")
        each = f" ({ours['requests'] / row.messages:.3f})" if row.messages else ""
        cells.append(f"{ours['requests']:,}{each}")
        lines.append(cells)
    header = ["processor time (p) and peak memory (m)", *(f"p, {name}" for name in NAMES.values()),
              *(f"m, {name}" for name in NAMES.values()), f"p a message, {NAMES['ours']}",
              f"requests (a message), {NAMES['ours']}"]
    return table(header, lines)


def wanted(results):
    lines = [[verdict.row, verdict.wanted, verdict.measured, "ok" if verdict.is_met else "**short**"]
             for verdict in verdicts(results)]
    return table(["row", "wanted", "measured", ""], lines)


def document(measured):
    results, limit = measured["rows"], measured["limits"]
    return "\n\n".join([
        f"Medians of {measured['runs']} runs on {measured['date']}; {measured['machine']}, load before the first run "
        f"{measured['load']}. {measured['versions']}",
        times(results, limit),
        f"*machine* is what wrk ({limit['cycles']:,.0f} times get, put and acknowledge a second) and curl piped to "
        f"curl ({limit['bytes'] / 1e6:,.0f} MB a second) make possible, or the answers' delay with 16 requests in flight.",
        costs(results),
        wanted(results),
    ])
