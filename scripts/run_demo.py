#!/usr/bin/env python3
"""Usage: scripts/with-sandbox .venv/bin/python scripts/run_demo.py BINARY
Sends messages to the sandbox, lets BINARY move them into the store, and checks that each arrived byte for byte.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import seed_sandbox
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient

FOLDER = "mesh-messages"
MESSAGE = re.compile(r"\d{4}-\d\d-\d\d/[A-Z0-9]{3}_\d{8}T\d{6}(_.+)?\.dat")
REPORT = re.compile(r"reports/\d{4}-\d\d-\d\d/.+\.ctl")
# An emulator's own account, the same everywhere and documented for it.
EMULATOR = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
    "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
    "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"
)


class Folder:
    title = f"./{FOLDER}"
    settings = {"STORAGE_DIRECTORY": f"./{FOLDER}"}

    def names(self):
        paths = (path for path in Path(FOLDER).rglob("*") if path.is_file())
        names = (path.relative_to(FOLDER) for path in paths)
        return {str(name) for name in names if not any(part.startswith(".") for part in name.parts)}

    def read(self, name):
        return (Path(FOLDER) / name).read_bytes()


class Container:
    def __init__(self):
        connection = os.environ["AZURE_STORAGE_CONNECTION_STRING"]
        name = os.environ.get("AZURE_STORAGE_CONTAINER_NAME") or FOLDER
        self.title = f"container {name}"
        self.settings = {"AZURE_STORAGE_CONNECTION_STRING": connection, "AZURE_STORAGE_CONTAINER_NAME": name}
        if connection.strip().rstrip(";").lower() == "usedevelopmentstorage=true":
            connection = EMULATOR
        self.client = ContainerClient.from_connection_string(connection, name, api_version="2025-11-05")

    def names(self):
        try:
            return {name for name in self.client.list_blob_names() if not name.startswith(".")}
        except ResourceNotFoundError:
            return set()

    def read(self, name):
        return self.client.download_blob(name).readall()


def step(text):
    print(f"\n==> {text}", flush=True)


def check(holds, text):
    if not holds:
        sys.exit(f"demo: {text}")


def environment(store):
    """The caller's environment without settings of the program: two stores at once would be an error."""
    ours = re.compile(r"(MESH|AZURE|STORAGE|STATE|BLOB|BSO)_")
    inherited = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return {"LOG_FORMAT": "text"} | inherited | store.settings | {
        "MESH_BASE_URL": os.environ["SANDBOX_URL"],
        "MESH_MAILBOX_ID": seed_sandbox.RECIPIENT,
        "MESH_PASSWORD": "password",
        "MESH_SHARED_KEY": "TestKey",
    }


def poll(binary, store):
    status = subprocess.run([binary], env=environment(store), check=False).returncode
    check(status == 0, f"poll-mesh-inbox ended with status {status}")


def show(store, names):
    """A tree of the named files: each folder once, its files below with their sizes."""
    folder = None
    width = max((len(name.rpartition("/")[2]) for name in names), default=0)
    for name in sorted(names):
        parent, _, leaf = name.rpartition("/")
        if parent != folder:
            folder = parent
            print(f"{parent}/")
        print(f"    {leaf:<{width}} {len(store.read(name)):>9,} bytes")


def compare(store, new, sent):
    data = {name for name in new if name.endswith(".dat")}
    reports = {name for name in new if name.endswith(".ctl")}
    for pattern, names in ((MESSAGE, data), (REPORT, reports)):
        for name in names:
            check(pattern.fullmatch(name), f"{name} is no name of a message or report")
    messages = [message for message in sent if "sha256" in message]
    check(len(data) == len(messages), f"{len(messages)} messages were sent, {len(data)} are stored")
    check(len(reports) == len(sent) - len(messages), f"{len(reports)} reports are stored")
    stored = Counter(hashlib.sha256(store.read(name)).hexdigest() for name in data)
    check(stored == Counter(message["sha256"] for message in messages), "a stored message differs from what was sent")
    for name in reports:
        check(isinstance(json.loads(store.read(name)), dict), f"{name} is not a JSON object")
    print(f"{len(data)} messages are stored byte for byte as they were sent, and {len(reports)} report.")


def main():
    binary = Path(sys.argv[1]).resolve()
    store = Container() if os.environ.get("DEMO_STORE") == "azure" else Folder()
    before = store.names()

    step(f"Sending messages from {seed_sandbox.SENDER} to {seed_sandbox.RECIPIENT} at {os.environ['SANDBOX_URL']}")
    sent = seed_sandbox.seed()
    for message in sent:
        size = f"{message['bytes']:>9,} bytes" if "bytes" in message else ""
        print(f"{message['id']}  {message['what']:<24}{size}")

    step("Running poll-mesh-inbox")
    poll(binary, store)
    new = store.names() - before

    step(f"New in {store.title}")
    show(store, new)
    print()
    compare(store, new, sent)
    with seed_sandbox.client(seed_sandbox.RECIPIENT) as recipient:
        check(recipient.list_messages() == [], "the inbox is not empty")
    print("The inbox is empty.")

    step("Running poll-mesh-inbox again")
    poll(binary, store)
    check(store.names() - before == new, "the second run stored something")
    print("\nNothing was left to store.")


if __name__ == "__main__":
    # As an exception, a request to stop ends the running program too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
