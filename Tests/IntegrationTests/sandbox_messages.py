"""Usage: python sandbox_messages.py send|list URL MAILBOX
Sends messages of many sizes to a mailbox of a MESH sandbox with the official client, or lists the mailbox. Prints JSON.
"""

import hashlib
import json
import random
import sys

import requests
from mesh_client import MeshClient

KEY = b"TestKey"
SENDER = "X26ABC2"
# Bytes, chunks, gzipped.
MESSAGES = [
    (1, 1, False),
    (2, 1, True),
    (256, 1, False),
    (1_000, 4, False),
    (65_536, 1, True),
    (65_537, 2, True),
    (1_048_576, 2, False),
    (1_048_577, 3, True),
    (3_000_001, 3, False),
    (5_242_880, 4, True),
    (10_000_000, 4, False),
    (20_000_000, 1, True),
    (20_000_000, 4, False),
]


def client(url, mailbox):
    return MeshClient(url, mailbox, "password", shared_key=KEY)


def content(size, compressed):
    """All byte values; what is to be compressed repeats itself here and there."""
    generator = random.Random(size)
    if compressed:
        lines = [generator.randbytes(64) for _ in range(256)]
        body = b"".join(generator.choices(lines, k=size // 64 + 1))
    else:
        body = generator.randbytes(size)
    return (bytes(range(256)) + body if size >= 256 else body)[:size]


def record(message, data, **options):
    return {"id": message, "length": len(data), "sha256": hashlib.sha256(data).hexdigest()} | options


def send(url, mailbox):
    sent = []
    with client(url, SENDER) as sender, client(url, mailbox) as recipient:
        for size, chunks, compressed in MESSAGES:
            data = content(size, compressed)
            chunk = -(-size // chunks)
            message = sender.send_message(
                mailbox, data, workflow_id="TEST", compress=compressed, max_chunk_size=chunk, filename=f"ABC_{size}.dat"
            )
            kept = recipient.retrieve_message_chunk(message, 1).headers.get("Mex-Chunk-Range", "1:1")
            if kept != f"1:{chunks}":
                sys.exit(f"the sandbox keeps {kept} where {chunks} chunks were sent")
            sent.append(record(message, data))

        # The client's HTTP library writes each character of a header as one byte.
        name = "résumé-Größe-中.dat"
        data = "Grüße\n".encode()
        message = sender.send_message(
            mailbox, data, workflow_id="TEST", filename=name.encode().decode("latin-1"), local_id="utf-8"
        )
        sent.append(record(message, data, fileName=name))

    report = {
        "mailbox_id": mailbox,
        "code": "14",
        "description": "Message not collected by recipient after 5 days",
        "workflow_id": "TEST",
        "subject": "NDR",
        "status": "undeliverable",
        "file_name": "ABC_lost.dat",
    }
    response = requests.post(f"{url}/messageexchange/admin/report", json=report, timeout=60)
    response.raise_for_status()
    sent.append({"id": response.json()["message_id"], "isReport": True})
    return sent


def waiting(url, mailbox):
    with client(url, mailbox) as recipient:
        return recipient.list_messages()


if __name__ == "__main__":
    action = {"send": send, "list": waiting}[sys.argv[1]]
    json.dump(action(*sys.argv[2:]), sys.stdout)
