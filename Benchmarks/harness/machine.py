"""What the machine itself can do: requests by wrk, bytes by curl piped to curl."""
import json
import os
import platform
import re
import subprocess
import time

from .rows import GIBIBYTE

MESH_SCRIPT = """
local headers, count = { Authorization = "x" }, 0
local first, second
function init()
    headers.Host = wrk.headers.Host
    first = wrk.format("GET", "/messageexchange/X26ABC1/inbox/%s", headers)
    second = wrk.format("PUT", "/messageexchange/X26ABC1/inbox/%s/status/acknowledged", headers)
end
function request()
    count = count + 1
    return count %% 2 == 0 and first or second
end
"""
BLOB_SCRIPT = """
local text
function init()
    local headers = { Host = wrk.headers.Host, ["x-ms-blob-type"] = "BlockBlob" }
    text = wrk.format("PUT", "/devstoreaccount1/mesh-messages/message.dat", headers, string.rep("x", 1024))
end
function request() return text end
"""


def describe():
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo", encoding="ascii", errors="replace").read())
    name = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores ({name}), Linux {platform.release()}"


def ids(servers, count):
    """The first ids of the inbox."""
    output = subprocess.run(
        ["curl", "--silent", "--header", "Authorization: x", f"{servers.mesh()}/messageexchange/X26ABC1/inbox"],
        capture_output=True, check=True).stdout
    return json.loads(output)["messages"][:count]


def cycles_per_second(servers, seconds=3):
    """How often a second wrk gets a message, puts a blob and acknowledges: both servers loaded at once."""
    servers.reset(10)
    first, second = ids(servers, 2)
    commands = []
    loads = (("mesh", servers.mesh(), MESH_SCRIPT % (first, second)), ("blob", servers.blob(), BLOB_SCRIPT))
    for kind, url, script in loads:
        path = servers.folder / f"{kind}.lua"
        path.write_text(script)
        commands.append(["wrk", "--threads", "1", "--connections", "8", "--duration", f"{seconds}s", "--script",
                         str(path), url])
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    rates = []
    for process in processes:
        output = process.communicate()[0]
        if "Non-2xx" in output:
            raise SystemExit(f"wrk was refused:\n{output}")
        rates.append(float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1]))
    return min(rates[0] / 2, rates[1])


def bytes_per_second(servers):
    """How fast curl piped to curl gets 1 GiB in chunks from the one server into the other."""
    servers.reset(1, GIBIBYTE, 50)
    (message,) = ids(servers, 1)
    url = f"{servers.mesh()}/messageexchange/X26ABC1/inbox/{message}"
    began = time.monotonic()
    source = subprocess.Popen(["curl", "--silent", "--header", "Authorization: x", url, f"{url}/[2-50]"],
                              stdout=subprocess.PIPE)
    subprocess.run(
        ["curl", "--silent", "--fail", "--upload-file", "-", "--header", f"Content-Length: {GIBIBYTE}", "--header",
         "Transfer-Encoding:", "--header", "Expect:", f"{servers.blob()}/bench/sink"],
        stdin=source.stdout, check=True)
    source.stdout.close()
    if source.wait() != 0:
        raise SystemExit("curl could not read the message")
    return GIBIBYTE / (time.monotonic() - began)


def limits(servers):
    return {"cycles": max(cycles_per_second(servers) for _ in range(3)),
            "bytes": max(bytes_per_second(servers) for _ in range(3))}


def least_seconds(row, limit):
    """What a row would take at the machine's limit; nothing for the empty inbox."""
    if row.messages == 0:
        return None
    waiting = row.messages * 3 * row.delay / 1000 / 16
    return max(row.messages / limit["cycles"], row.messages * row.size / limit["bytes"], waiting)
