#!/usr/bin/env python3
"""Usage: contenders/peer.py
What a Python team runs today: MESH's own client and Azure's own SDK, one message after the other.
"""
import datetime
import os
import re

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient
from mesh_client import MeshClient


def mesh():
    options = {}
    if "BENCH_CA" in os.environ:
        options = {"verify": os.environ["BENCH_CA"], "cert": (os.environ["BENCH_CERTIFICATE"], os.environ["BENCH_KEY"])}
    return MeshClient(
        os.environ["MESH_BASE_URL"], "X26ABC1", os.environ["MESH_PASSWORD"],
        shared_key=os.environ["MESH_SHARED_KEY"].encode(), **options)


def storage():
    options = {"connection_verify": os.environ["BENCH_CA"]} if "BENCH_CA" in os.environ else {}
    return BlobServiceClient.from_connection_string(os.environ["AZURE_STORAGE_CONNECTION_STRING"], **options)


def main():
    with mesh() as inbox, storage() as service:
        inbox.handshake()
        container = service.get_container_client("mesh-messages")
        is_there = False
        day = datetime.datetime.now().strftime("%Y-%m-%d")
        for message_id in inbox.iterate_message_ids(batch_size=500):
            if not is_there:
                try:
                    container.create_container()
                except ResourceExistsError:
                    pass
                is_there = True
            message = inbox.retrieve_message(message_id)
            metadata = {
                "meshmessageid": message_id, "meshfrom": message.sender, "meshworkflowid": message.workflow_id,
                "meshfilename": re.sub("[^ -~]", "?", message.filename or ""),
            }
            content = message.read()
            container.upload_blob(f"{day}/{message_id}.dat", content, overwrite=False, metadata=metadata)
            message.acknowledge()
            message.close()


if __name__ == "__main__":
    main()
