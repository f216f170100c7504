"""Drives a Blob endpoint with Microsoft's own client, azure-storage-blob: what passes here is what the client expects.

usage: azure_sdk_proof.py ENDPOINT ACCOUNT KEY
Prints a line for each proof and exits 0, or stops at the first that fails.
"""

import base64
import hashlib
import sys
import uuid
from datetime import datetime, timedelta, timezone

from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import (
    AccountSasPermissions,
    BlobBlock,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerSasPermissions,
    ResourceTypes,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)

ENDPOINT, ACCOUNT, KEY = sys.argv[1:4]
CONTAINER = "proof-" + uuid.uuid4().hex[:12]
EVERY_BYTE = bytes(range(256)) * 1024


def client(credential=None, endpoint=ENDPOINT, **options):
    credential = credential or {"account_name": ACCOUNT, "account_key": KEY}
    return BlobServiceClient(endpoint, credential=credential, retry_total=0, **options)


def refused(code, kind, action):
    """The action must fail with this error code, as this kind of error."""
    try:
        action()
    except HttpResponseError as error:
        assert isinstance(error, kind), f"{type(error).__name__} for {code}: {error}"
        found = error.response.headers.get("x-ms-error-code")
        assert found == code, f"{found}, not {code}: {error}"
        return error
    raise AssertionError(f"it went through, but {code} was expected")


def containers(service):
    container = service.get_container_client(CONTAINER)
    refused("ContainerNotFound", ResourceNotFoundError, lambda: container.upload_blob("x", b"x"))
    assert not container.exists()
    container.create_container(metadata={"purpose": "proof"})
    refused("ContainerAlreadyExists", ResourceExistsError, container.create_container)
    assert container.get_container_properties().metadata == {"purpose": "proof"}
    assert CONTAINER in [item.name for item in service.list_containers()]
    return container


def one_piece(container):
    blob = container.get_blob_client("one/piece.dat")
    answer = blob.upload_blob(EVERY_BYTE, metadata={"meshmessageid": "A1", "Mixed_Case9": "a b%20c"})
    assert bytes(answer["content_md5"]) == hashlib.md5(EVERY_BYTE).digest()
    properties = blob.get_blob_properties()
    assert properties.size == len(EVERY_BYTE)
    assert properties.metadata == {"meshmessageid": "A1", "Mixed_Case9": "a b%20c"}, properties.metadata
    assert properties.content_settings.content_type == "application/octet-stream"
    assert bytes(properties.content_settings.content_md5) == hashlib.md5(EVERY_BYTE).digest()
    assert blob.download_blob().readall() == EVERY_BYTE
    assert blob.download_blob(offset=1000, length=70, validate_content=True).readall() == EVERY_BYTE[1000:1070]
    empty = container.get_blob_client("one/empty.dat")
    empty.upload_blob(b"")
    assert empty.download_blob().readall() == b"" and empty.get_blob_properties().size == 0
    refused("BlobNotFound", ResourceNotFoundError, lambda: container.download_blob("missing").readall())
    refused("BlobNotFound", ResourceNotFoundError, container.get_blob_client("missing").get_blob_properties)


def blocks(service):
    small = client(max_single_put_size=64 * 1024, max_block_size=50_000)
    blob = small.get_blob_client(CONTAINER, "in blocks.dat")
    blob.upload_blob(EVERY_BYTE, overwrite=False, max_concurrency=4, validate_content=True, metadata={"sha256": "abc"})
    assert blob.download_blob().readall() == EVERY_BYTE
    committed, uncommitted = blob.get_block_list("all")
    assert len(committed) == 6 and not uncommitted
    assert blob.get_blob_properties().metadata == {"sha256": "abc"}

    blob = service.get_blob_client(CONTAINER, "by hand.dat")
    first, second = base64.b64encode(b"000001").decode(), base64.b64encode(b"000002").decode()
    answer = blob.stage_block(first, b"123456789")
    assert bytes(answer["content_crc64"]) == base64.b64decode("iJh5CoYUi64="), answer
    blob.stage_block(second, b"two", validate_content=True)
    assert not blob.exists()
    assert [block.id for block in blob.get_block_list("uncommitted")[1]] == [first, second]
    refused("InvalidBlobOrBlock", HttpResponseError, lambda: blob.stage_block(base64.b64encode(b"1").decode(), b"x"))
    unknown = BlobBlock(base64.b64encode(b"000003").decode())
    refused("InvalidBlockList", HttpResponseError, lambda: blob.commit_block_list([unknown]))
    blob.commit_block_list([BlobBlock(second), BlobBlock(first)], metadata={"order": "reversed"})
    assert blob.download_blob().readall() == b"two123456789"
    assert blob.get_blob_properties().metadata == {"order": "reversed"}


def conditions(container):
    blob = container.get_blob_client("conditions")
    etag = blob.upload_blob(b"first", overwrite=False)["etag"]
    refused("BlobAlreadyExists", ResourceExistsError, lambda: blob.upload_blob(b"second", overwrite=False))
    assert blob.download_blob().readall() == b"first"
    newer = blob.upload_blob(
        b"second", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified
    )["etag"]
    assert newer != etag
    refused(
        "ConditionNotMet",
        ResourceModifiedError,
        lambda: blob.upload_blob(b"third", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified),
    )
    block = base64.b64encode(b"0001").decode()
    blob.stage_block(block, b"late")
    refused(
        "BlobAlreadyExists",
        ResourceExistsError,
        lambda: blob.commit_block_list([BlobBlock(block)], match_condition=MatchConditions.IfMissing),
    )
    refused("Md5Mismatch", HttpResponseError, lambda: blob._client.block_blob.stage_block(
        block_id=block, content_length=4, body=b"good", transactional_content_md5=hashlib.md5(b"evil").digest()
    ))
    refused("InvalidMetadata", HttpResponseError, lambda: container.upload_blob("m", b"", metadata={"1bad": "x"}))
    refused("MetadataTooLarge", HttpResponseError, lambda: container.upload_blob("m", b"", metadata={"a": "x" * 8192}))


def leases(container):
    blob = container.get_blob_client("journal.json")
    refused("BlobNotFound", ResourceNotFoundError, lambda: blob.acquire_lease(60))
    blob.upload_blob(b"{}")
    own = str(uuid.uuid4())
    lease = blob.acquire_lease(60, lease_id=own)
    assert lease.id == own
    blob.acquire_lease(60, lease_id=own)
    refused("LeaseAlreadyPresent", HttpResponseError, lambda: blob.acquire_lease(15, lease_id=str(uuid.uuid4())))
    refused("LeaseIdMissing", HttpResponseError, lambda: blob.upload_blob(b"x", overwrite=True))
    refused(
        "LeaseIdMismatchWithBlobOperation",
        HttpResponseError,
        lambda: blob.upload_blob(b"x", overwrite=True, lease=str(uuid.uuid4())),
    )
    blob.upload_blob(b"{1}", overwrite=True, lease=lease)
    lease.renew()
    assert blob.get_blob_properties().lease.state == "leased"
    lease.change(str(uuid.uuid4()))
    lease.release()
    assert blob.get_blob_properties().lease.state == "available"
    refused(
        "LeaseNotPresentWithBlobOperation",
        HttpResponseError,
        lambda: blob.upload_blob(b"x", overwrite=True, lease=own),
    )
    blob.acquire_lease(-1).break_lease(0)
    assert blob.get_blob_properties().lease.state == "broken"
    refused("InvalidHeaderValue", HttpResponseError, lambda: blob.acquire_lease(14))


def signatures(container):
    name = "signed é, (1).dat"
    container.upload_blob(name, b"signed")
    soon = datetime.now(timezone.utc) + timedelta(hours=1)

    def through(token):
        return client(token).get_blob_client(CONTAINER, name)

    def account(permission, types="sco", expiry=soon, key=KEY):
        return generate_account_sas(ACCOUNT, key, ResourceTypes.from_string(types),
                                    AccountSasPermissions.from_string(permission), expiry)

    def service(permission, key=KEY, **options):
        return generate_blob_sas(ACCOUNT, CONTAINER, options.pop("name", name), account_key=key,
                                 permission=BlobSasPermissions.from_string(permission), expiry=soon, **options)

    assert through(account("r")).download_blob().readall() == b"signed"
    assert through(service("r")).download_blob().readall() == b"signed"
    assert through(service("r", start=datetime.now(timezone.utc) - timedelta(hours=1),
                           content_type="text/plain")).download_blob().readall() == b"signed"
    of_container = generate_container_sas(ACCOUNT, CONTAINER, account_key=KEY, expiry=soon,
                                          permission=ContainerSasPermissions.from_string("rcwl"))
    assert through(of_container).download_blob().readall() == b"signed"
    assert name in [item.name for item in client(of_container).get_container_client(CONTAINER).list_blobs()]
    through(service("w")).upload_blob(b"again", overwrite=True)
    client(service("c", name="new")).get_blob_client(CONTAINER, "new").upload_blob(b"new")
    denied = ClientAuthenticationError, HttpResponseError
    refused("AuthorizationPermissionMismatch", denied, lambda: through(service("r")).upload_blob(b"x", overwrite=True))
    refused("UnauthorizedBlobOverwrite", denied, lambda: through(service("c")).upload_blob(b"x", overwrite=True))
    refused("AuthorizationPermissionMismatch", denied, lambda: through(account("l")).download_blob())
    refused("AuthorizationResourceTypeMismatch", denied, lambda: through(account("r", "c")).download_blob())
    past = datetime.now(timezone.utc) - timedelta(minutes=1)
    refused("AuthenticationFailed", denied, lambda: through(account("r", expiry=past)).download_blob())
    refused("AuthenticationFailed", denied, lambda: through(service("r", name="other")).download_blob())
    wrong = base64.b64encode(b"x" * 64).decode()
    refused("AuthenticationFailed", denied, lambda: through(account("r", key=wrong)).download_blob())
    refused("AuthenticationFailed", denied, lambda: through(service("r", key=wrong)).download_blob())
    error = refused("AuthenticationFailed", denied, lambda: client(
        {"account_name": ACCOUNT, "account_key": wrong}).get_blob_client(CONTAINER, name).upload_blob(b"x"))
    assert "string to sign" in str(error), error
    anonymous = BlobServiceClient(ENDPOINT, retry_total=0).get_blob_client(CONTAINER, name)
    refused("NoAuthenticationInformation", denied, anonymous.download_blob)


def names(container):
    wanted = ["a b.dat", "(1),2!.dat", "a&b=c@d+e.dat", "é/ü/日本.dat", "%41.dat", "plus+ %2F#?.dat", "x;y:z$'*.dat"]
    for name in wanted:
        blob = container.get_blob_client("names/" + name)
        blob.upload_blob(name.encode(), metadata={"name": "n"})
        assert blob.download_blob().readall() == name.encode()
    found = list(container.list_blobs(name_starts_with="names/", include=["metadata"], results_per_page=3))
    assert sorted(item.name for item in found) == sorted("names/" + name for name in wanted)
    assert all(item.metadata == {"name": "n"} for item in found)
    assert [item.size for item in found if item.name == "names/%41.dat"] == [len(b"%41.dat")]
    container.delete_blob("names/a b.dat")
    refused("BlobNotFound", ResourceNotFoundError, lambda: container.delete_blob("names/a b.dat"))


service = client()
container = containers(service)
for proof in (one_piece, lambda c: blocks(service), conditions, leases, signatures, names):
    proof(container)
    print("proved", getattr(proof, "__name__", "").replace("<lambda>", "blocks"))
container.delete_container()
assert not container.exists()
print("proved containers")
