"""Usage: python sandbox_inbox.py send URL COUNT | list URL
Sends small messages to mailbox X26ABC1 of a MESH sandbox with the official client, or lists that mailbox. Prints JSON.
"""

import json
import sys

from mesh_client import MeshClient


def client(url, mailbox):
    return MeshClient(url, mailbox, "password", shared_key=b"TestKey")


def send(url, count):
    sent = {}
    with client(url, "X26ABC2") as sender:
        for number in range(int(count)):
            content = f"message {number}\n" * (1 + number * 7)
            sent[sender.send_message("X26ABC1", content.encode(), workflow_id="TEST")] = content
    return sent


def waiting(url):
    with client(url, "X26ABC1") as recipient:
        return recipient.list_messages()


if __name__ == "__main__":
    action = {"send": send, "list": waiting}[sys.argv[1]]
    json.dump(action(*sys.argv[2:]), sys.stdout)
