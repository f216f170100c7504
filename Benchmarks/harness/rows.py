"""The rows of the comparison, and what is wanted of each."""
import dataclasses

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


@dataclasses.dataclass(frozen=True)
class Row:
    key: str
    title: str
    messages: int
    size: int = 1024
    chunks: int = 1
    delay: int = 0  # milliseconds before each answer
    tls: bool = False
    # How many messages the peer is given, where the whole row would take too long: its time is extrapolated.
    peer_messages: int | None = None
    # Why the peer does not run this row.
    no_peer: str = ""
    # Limits: times as fast as the peer, memory in MB, and others by name.
    faster: float | None = None
    memory: int | None = None
    counts_requests: bool = False


ROWS = [
    Row("empty", "empty inbox", 0, faster=15, memory=16),
    Row("small", "2,000 x 1 KiB", 2000, faster=12, memory=32, counts_requests=True),
    Row("many", "10,000 x 1 KiB", 10_000),
    Row("medium", "200 x 100 KiB", 200, 100 << 10),
    Row("large", "200 x 1 MiB", 200, MEBIBYTE, faster=2),
    Row("slow", "200 x 1 KiB at 20 ms a request", 200, delay=20, faster=14),
    Row("slow-many", "5,000 x 1 KiB at 20 ms a request", 5000, delay=20, peer_messages=200, faster=14),
    Row("1gib", "1 GiB in 50 chunks", 1, GIBIBYTE, 50, faster=1.3, memory=64),
    Row("10gib", "10 GiB in 512 chunks", 1, 10 * GIBIBYTE, 512, no_peer="needs more than 10 GiB of memory"),
    Row("small-tls", "2,000 x 1 KiB over TLS", 2000, tls=True),
    Row("large-tls", "200 x 1 MiB over TLS", 200, MEBIBYTE, tls=True),
    Row("growth-1k", "growth: 1,000 x 1 KiB", 1000, no_peer="not run"),
    Row("growth-10k", "growth: 10,000 x 1 KiB", 10_000, no_peer="not run"),
    Row("growth-100k", "growth: 100,000 x 1 KiB", 100_000, no_peer="not run"),
]


@dataclasses.dataclass(frozen=True)
class Verdict:
    """One thing that is wanted: what, how much, and what was measured."""
    row: str
    wanted: str
    measured: str
    is_met: bool


def verdicts(results):
    """Compares what was measured with what is wanted, as far as the rows were run."""
    found = []

    def judge(row, wanted, measured, is_met):
        found.append(Verdict(row.title, wanted, measured, is_met))

    for row in ROWS:
        result = results.get(row.key, {})
        ours, peer = result.get("ours"), result.get("peer")
        if not ours:
            continue
        if row.faster and peer:
            ratio = peer["wall"] / ours["wall"]
            judge(row, f"{row.faster:g} times as fast as the peer", f"{ratio:.1f} times", ratio >= row.faster)
        if row.memory:
            judge(row, f"at most {row.memory} MB", f"{ours['memory'] / 1e6:.1f} MB", ours["memory"] <= row.memory * 1e6)
        if row.counts_requests:
            most = 3 * row.messages + 10 + 2 * ours["pages"]
            judge(row, f"at most {most} requests", f"{ours['requests']}", ours["requests"] <= most)
    by_key = {row.key: row for row in ROWS}
    one, ten = (results.get(key, {}).get("ours") for key in ("1gib", "10gib"))
    if one and ten:
        memory, time = ten["memory"] / one["memory"], ten["wall"] / one["wall"]
        judge(by_key["10gib"], "the memory of 1 GiB (within a tenth)", f"{memory:.2f} of it", memory <= 1.1)
        judge(by_key["10gib"], "10 times the time of 1 GiB (within a fifth)", f"{time:.1f} times", time <= 12)
    few, some, most = (results.get(f"growth-{count}", {}).get("ours") for count in ("1k", "10k", "100k"))
    if few and most:
        each = (most["memory"] - few["memory"]) / 99_000
        judge(by_key["growth-100k"], "at most 250 bytes for each listed message", f"{each:.0f} bytes", each <= 250)
    if some and most:
        time = most["wall"] / some["wall"]
        judge(by_key["growth-100k"], "10 times the time of 10,000 (within a fifth)", f"{time:.1f} times", time <= 12)
    return found
