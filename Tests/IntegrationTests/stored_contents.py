"""Usage: python stored_contents.py folder PATH | container NAME (CONNECTION_STRING in the environment) | remove NAME
Prints what is stored as JSON: a list of objects with name, length, sha256, and, of a container, the metadata; what the
program keeps for itself is left out. `remove` removes a container.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from azure.storage.blob import ContainerClient


def record(name, data, metadata):
    return {"name": name, "length": len(data), "sha256": hashlib.sha256(data).hexdigest(), "metadata": metadata}


def folder(path):
    files = (file for file in Path(path).rglob("*") if file.is_file())
    names = ((file, file.relative_to(path)) for file in files)
    return [
        record(str(name), file.read_bytes(), {})
        for file, name in sorted(names)
        if not any(part.startswith(".") for part in name.parts)
    ]


def client(name):
    return ContainerClient.from_connection_string(os.environ["CONNECTION_STRING"], name, api_version="2025-11-05")


def container(name):
    with client(name) as service:
        return [
            record(blob.name, service.download_blob(blob.name).readall(), blob.metadata)
            for blob in service.list_blobs(include=["metadata"])
            if not blob.name.startswith(".")
        ]


def remove(name):
    with client(name) as service:
        service.delete_container()


if __name__ == "__main__":
    action = {"folder": folder, "container": container, "remove": remove}[sys.argv[1]]
    json.dump(action(sys.argv[2]), sys.stdout)
