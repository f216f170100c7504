#!/usr/bin/env python3
"""Usage: SANDBOX_URL=... .venv/bin/python scripts/seed_sandbox.py
Sends messages of every common kind from mailbox X26ABC2 to X26ABC1 with the official client, and prints what it sent.

For mutual TLS, SANDBOX_CERTIFICATES is a folder with ca.pem, client.pem and client.key, and SANDBOX_CLIENT_KEY_PASSWORD
what the key is encrypted with.
The output is JSON: a list of objects with id, what, and, but for reports, bytes and sha256.
"""

import hashlib
import json
import os
import random
import ssl
import sys
import urllib.request

from mesh_client import MeshClient

SENDER, RECIPIENT = "X26ABC2", "X26ABC1"
KIBIBYTE = 1024


def header(text):
    """Text for a header, as raw UTF-8: the client's HTTP library writes each character as one byte."""
    return text.encode().decode("latin-1")


def certificate():
    """The client's certificate, its key and the key's password, and the authority; nothing without TLS."""
    folder = os.environ.get("SANDBOX_CERTIFICATES")
    if not folder:
        return None, None
    password = os.environ.get("SANDBOX_CLIENT_KEY_PASSWORD")
    return (f"{folder}/client.pem", f"{folder}/client.key", password), f"{folder}/ca.pem"


def client(mailbox):
    own, authority = certificate()
    return MeshClient(
        os.environ["SANDBOX_URL"],
        mailbox,
        os.environ.get("SANDBOX_PASSWORD", "password"),
        shared_key=os.environ.get("SHARED_KEY", "TestKey").encode(),
        cert=own,
        verify=authority,
    )


def contents(generator):
    """What is sent: a description, the bytes, and the client's own options."""
    lines = "".join(f"{number},NHS{generator.randrange(10**7):07}\r\n" for number in range(400_000)).encode()
    every_byte = bytes(range(256)) * 8
    yield "one line", b"H,ABC,1\r\n", {"filename": "ABC_first.dat"}
    yield "every byte value", every_byte, {"filename": "every-byte.bin", "subject": "bytes"}
    yield "one byte", b"\x00", {}
    yield "a name in UTF-8", "Grüße\n".encode(), {"filename": header("résumé-Größe-中.dat")}
    yield "gzip, one chunk", lines[: 64 * KIBIBYTE], {"compress": True, "filename": "ABC_gzip.dat"}
    yield "gzip, several chunks", lines, {"compress": True, "max_chunk_size": 1024 * KIBIBYTE}
    yield "plain, several chunks", generator.randbytes(700 * KIBIBYTE + 1), {"max_chunk_size": 256 * KIBIBYTE}


def send_report():
    """A report that a message of the mailbox was not delivered, as MESH itself makes it."""
    body = {
        "mailbox_id": RECIPIENT,
        "code": "14",
        "description": "Message not collected by recipient after 5 days",
        "workflow_id": "DEMO_REPORT",
        "subject": "NDR",
        "status": "undeliverable",
        "file_name": "ABC_lost.dat",
    }
    request = urllib.request.Request(
        f"{os.environ['SANDBOX_URL']}/messageexchange/admin/report",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    own, authority = certificate()
    context = ssl.create_default_context(cafile=authority)
    if own:
        context.load_cert_chain(*own)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with direct.open(request, timeout=60) as response:
        return json.load(response)["message_id"]


def seed():
    sent = []
    with client(SENDER) as sender:
        for what, data, options in contents(random.Random(26)):
            message = sender.send_message(RECIPIENT, data, workflow_id="DEMO", **options)
            sent.append({"id": message, "what": what, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    sent.append({"id": send_report(), "what": "report"})
    return sent


if __name__ == "__main__":
    json.dump(seed(), sys.stdout, indent=2)
    print()
