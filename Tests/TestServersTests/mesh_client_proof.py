"""Drives a MESH endpoint with the NHS's own client, mesh-client: what passes here is what the client expects.

usage: mesh_client_proof.py URL MAILBOX PASSWORD SHARED_KEY
The mailbox holds `PLAIN0001` ("plain"), `CHUNKED01` (three chunks, the second and third gzipped), `EMPTY0001` and
the report `REPORT001`. Prints a line for each proof and exits 0, or stops at the first that fails.
"""

import sys

import requests
from mesh_client import MeshClient

URL, MAILBOX, PASSWORD, SHARED_KEY = sys.argv[1:5]


def client(password=PASSWORD, key=SHARED_KEY, mailbox=MAILBOX):
    return MeshClient(URL, mailbox, password, shared_key=key.encode(), max_retries=0)


def refused(status, action):
    try:
        action()
    except requests.HTTPError as error:
        assert error.response.status_code == status, error
        return error.response
    raise AssertionError(f"it went through, but {status} was expected")


with client() as mesh:
    mesh.ping()
    assert mesh.handshake() == b"hello"
    print("proved handshake")

    assert mesh.list_messages() == ["PLAIN0001", "CHUNKED01", "EMPTY0001", "REPORT001"]
    assert mesh.list_messages(workflow_filter="!TEST*") == []
    assert list(mesh.iterate_message_ids(batch_size=10)) == ["PLAIN0001", "CHUNKED01", "EMPTY0001", "REPORT001"]
    print("proved listing")

    message = mesh.retrieve_message("PLAIN0001")
    assert message.read() == b"plain"
    assert message.workflow_id == "TEST" and message.sender == "X26ABC2" and message.recipient == MAILBOX
    assert message.message_type == "DATA"
    content = mesh.retrieve_message("CHUNKED01").read()
    assert content == b"first,second,third", content
    assert mesh.retrieve_message("EMPTY0001").read() == b""
    report = mesh.retrieve_message("REPORT001")
    assert report.message_type == "REPORT" and report.read() == b""
    refused(404, lambda: mesh.retrieve_message("UNKNOWN01"))
    print("proved retrieving")

    mesh.acknowledge_message("PLAIN0001")
    mesh.acknowledge_message("PLAIN0001")
    refused(410, lambda: mesh.retrieve_message("PLAIN0001"))
    refused(404, lambda: mesh.acknowledge_message("UNKNOWN01"))
    assert mesh.list_messages() == ["CHUNKED01", "EMPTY0001", "REPORT001"]
    print("proved acknowledging")

for wrong in (client(password="wrong"), client(key="wrong"), client(mailbox="X26ABC9"), client(mailbox=MAILBOX.lower())):
    answer = refused(403, wrong.handshake)
    assert answer.json()["detail"][0]["msg"], answer.text
token = requests.get(f"{URL}/messageexchange/{MAILBOX}/inbox", headers={"Accept": "application/vnd.mesh.v2+json"})
assert token.status_code == 403
print("proved refusing")
