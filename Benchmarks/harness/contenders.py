"""The three programs that are compared, and one measured run of one of them."""
import json
import os
import statistics
import subprocess

from .servers import ROOT

BUILD = ROOT / ".build-bench"
NAMES = {"peer": "peer", "ours": "poll-mesh-inbox", "loop": "C loop"}


def binary():
    return os.environ.get("POLL_MESH_INBOX_STATIC_BINARY") or str(ROOT / "dist/poll-mesh-inbox")


def command(contender, row, servers):
    if contender == "ours":
        return [binary()]
    if contender == "peer":
        return [str(ROOT / ".venv/bin/python"), str(ROOT / "Benchmarks/contenders/peer.py")]
    return [str(BUILD / "loop"), f"{servers.mesh(row.tls)}/messageexchange/X26ABC1",
            f"{servers.blob(row.tls)}/devstoreaccount1/mesh-messages", *(["blocks"] if row.chunks > 1 else [])]


def run(contender, row, servers, messages):
    """One run from fresh servers. Whatever was not moved whole ends the benchmark: a fast failure is no result."""
    servers.reset(messages, row.size, row.chunks, row.delay)
    result, log = servers.folder / "result.json", servers.folder / "log"
    with open(log, "wb") as output:
        subprocess.run([str(BUILD / "measure"), str(result), *command(contender, row, servers)], stdout=output,
                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=servers.environment(row.tls), check=True)
    measured = json.loads(result.read_text())
    counts = servers.counts()
    moved = (counts["mesh"].get("acknowledged", 0), counts["blob"].get("stored", 0))
    expected = messages * row.size
    if measured["status"] != 0 or moved != (messages, messages) or counts["blob"].get("bytes", 0) < expected:
        tail = log.read_text(errors="replace")[-2000:]
        raise SystemExit(f"{NAMES[contender]} failed in row {row.key}: {measured}, acknowledged and stored {moved} of "
                         f"{messages}\n{counts}\n{tail}")
    measured["processor"] = measured["user"] + measured["system"]
    measured["requests"] = counts["mesh"]["requests"] + counts["blob"].get("requests", 0)
    measured["pages"] = -(-messages // 5000)
    return measured


def median(runs):
    """The medians of each number; peak memory and requests are the largest."""
    result = {key: statistics.median(each[key] for each in runs) for key in ("wall", "processor", "user", "system")}
    result.update({key: max(each[key] for each in runs) for key in ("memory", "requests", "pages")})
    result["runs"] = [each["wall"] for each in runs]
    return result
