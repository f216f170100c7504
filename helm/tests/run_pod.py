"""Usage: scripts/test-chart-pod, which sets the environment
Renders the chart for a mailbox of the MESH sandbox, runs the pod of its Job and that of its test with podman, and
asserts that every message is stored byte for byte, in a mounted folder and in a container of a Blob server.

The pod runs as rendered, as its user, without capabilities and on a read-only root. What a kubelet does for it is done
here: projected volumes become folders in the layout that a kubelet gives them, and the service account is left out.
"""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import seed_sandbox  # noqa: E402

IMAGE = os.environ["IMAGE"]
USER = 65532
LIMIT_SECONDS = 300


def step(text):
    print(f"==> {text}", flush=True)


def check(holds, text):
    if not holds:
        sys.exit(f"test-chart-pod: {text}")


def podman(*arguments, **options):
    return subprocess.run(["podman", *arguments], check=True, text=True, capture_output=True, **options).stdout


def render(values):
    done = subprocess.run(
        [ROOT / ".venv-chart/bin/python", ROOT / "helm/tests/render.py"],
        input=json.dumps(values),
        text=True,
        capture_output=True,
        check=False,
    )
    check(done.returncode == 0, done.stderr)
    return json.loads(done.stdout)


def values(secret, settings, **more):
    """Values as a user writes them, with a Secret as one of the extra objects, for this test only."""
    repository, _, tag = IMAGE.rpartition(":")
    return {
        "image": {"repository": repository, "tag": tag, "pullPolicy": "Never"},
        "mailboxes": {seed_sandbox.RECIPIENT: {"existingSecret": "sandbox", **more}},
        "defaults": {"settings": {"MESH_BASE_URL": os.environ["SANDBOX_URL"], "TZ": "Europe/London", **settings}},
        "extraObjects": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sandbox"}, "stringData": secret}],
    }


def contents(objects, source):
    """The files that a source of a projected volume gives: names and bytes."""
    ((kind, place),) = source.items()
    for item in objects:
        if item["kind"].lower() == kind.lower() and item["metadata"]["name"] == place["name"]:
            data = {key: text.encode() for key, text in item.get("stringData", {}).items()}
            data |= {key: base64.b64decode(text) for key, text in item.get("data", {}).items()}
            return {entry["path"]: data[entry["key"]] for entry in place["items"] if entry["key"] in data}
    check(place.get("optional"), f"the {kind} {place['name']} is not rendered")
    return {}


def projected(folder, objects, volume, group):
    """A volume as a kubelet makes it: files below a folder of their own, which ..data names, and links to them."""
    folder.mkdir()
    data = folder / "..2026_01_01_00_00_00.123456789"
    data.mkdir()
    for source in volume["sources"]:
        for name, text in contents(objects, source).items():
            file = data / name
            file.write_bytes(text)
            os.chown(file, 0, group)
            file.chmod(volume["defaultMode"])
            (folder / name).symlink_to(f"..data/{name}")
    (folder / "..data").symlink_to(data.name)
    return {"hostPath": {"path": str(folder), "type": "Directory"}}


def run(name, objects, spec, folder):
    """Runs a pod's spec and returns its exit status and log."""
    spec = json.loads(json.dumps(spec))
    del spec["serviceAccountName"]
    for volume in spec.get("volumes", []):
        if "projected" in volume:
            volume |= projected(
                folder / f"{name}-{volume['name']}",
                objects,
                volume.pop("projected"),
                spec["securityContext"]["fsGroup"],
            )
    manifest = folder / f"{name}.json"
    manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}))
    container = f"{name}-{spec['containers'][0]['name']}"
    done = subprocess.run(
        ["podman", "play", "kube", "--network", "host", manifest], text=True, capture_output=True, check=False
    )
    check(done.returncode == 0, f"podman does not take the pod:\n{done.stdout}{done.stderr}")
    try:
        status = int(podman("wait", container, timeout=LIMIT_SECONDS))
        state = json.loads(podman("inspect", container))[0]
        log = [json.loads(line) for line in podman("logs", container).splitlines()]
        return status, log, state
    finally:
        podman("pod", "rm", "--force", name)


def stored(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, ROOT / "Tests/IntegrationTests/stored_contents.py", *arguments],
        check=True,
        text=True,
        capture_output=True,
        env={**os.environ, **environment},
    )
    return json.loads(done.stdout)


def compare(found, sent):
    messages = {item["sha256"] for item in found if item["name"].endswith(".dat")}
    check(
        messages == {item["sha256"] for item in sent if "sha256" in item}, "what is stored differs from what was sent"
    )
    reports = [item["name"] for item in found if item["name"].endswith(".ctl")]
    check(
        len(reports) == 1 and len(found) == len(sent), f"{len(found)} blobs are stored, {len(sent)} messages were sent"
    )


def assert_hardened(state):
    check(state["Config"]["User"].split(":")[0] == str(USER), f"the pod ran as {state['Config']['User']}")
    check(state["HostConfig"]["ReadonlyRootfs"] is True, "the root was not read-only")
    check(not state["EffectiveCaps"] and not state["BoundingCaps"], "the pod had capabilities")
    check(state["HostConfig"]["Memory"] == 128 << 20, "the limit of memory was not set")
    check("no-new-privileges" in state["HostConfig"]["SecurityOpt"], "the pod could gain privileges")


def prove(name, objects, folder, read):
    (cronjob,) = [item for item in objects if item["kind"] == "CronJob"]
    (test,) = [item for item in objects if item["kind"] == "Pod"]
    spec = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]

    step(f"{name}: the pod of helm test")
    status, log, _ = run(f"{name}-check", objects, test["spec"], folder)
    check(status == 0, f"check ended with {status}: {log}")

    step(f"{name}: a run")
    sent = seed_sandbox.seed()
    began = time.monotonic()
    status, log, state = run(name, objects, spec, folder)
    check(status == 0, f"the run ended with {status}: {log}")
    assert_hardened(state)
    check(log[-1]["messages.stored"] == len(sent), f"the summary says {log[-1]}")
    compare(read(), sent)
    print(f"{name}: {len(sent)} messages are stored byte for byte, in {time.monotonic() - began:.1f} s")
    return spec


def into_folder(folder):
    messages = folder / "messages"
    messages.mkdir()
    os.chown(messages, USER, USER)
    objects = render(
        values(
            {"MESH_PASSWORD": "password", "MESH_SHARED_KEY": "TestKey"},
            {"STORAGE_DIRECTORY": "/messages"},
            extraVolumes=[{"name": "messages", "hostPath": {"path": str(messages), "type": "Directory"}}],
            extraVolumeMounts=[{"name": "messages", "mountPath": "/messages"}],
        )
    )
    spec = prove("folder", objects, folder, lambda: stored("folder", str(messages)))
    owners = {path.stat().st_uid for path in messages.rglob("*")}
    check(owners == {USER}, f"what is stored belongs to {owners}")

    step("folder: a Secret that is missing")
    alone = [item for item in objects if item["kind"] != "Secret"]
    status, log, _ = run("missing", alone, spec, folder)
    (policy,) = [
        item["spec"]["jobTemplate"]["spec"]["podFailurePolicy"] for item in objects if item["kind"] == "CronJob"
    ]
    check(status in policy["rules"][1]["onExitCodes"]["values"], f"without its Secret the run ended with {status}")
    check("MESH_PASSWORD" in json.dumps(log), "the log does not name MESH_PASSWORD")


def into_container(folder, server):
    process = subprocess.Popen([server, "--blob"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        with contextlib.closing(process.stdin):
            connection = json.loads(process.stdout.readline())["connectionString"]
            objects = render(
                values(
                    {"password": "password", "MESH_SHARED_KEY": "TestKey", "storage": connection},
                    {"BLOB_PREFIX": "X26ABC1/"},
                    secretKeys={"MESH_PASSWORD": "password", "AZURE_STORAGE_CONNECTION_STRING": "storage"},
                )
            )
            prove(
                "container", objects, folder, lambda: stored("container", "mesh-messages", CONNECTION_STRING=connection)
            )


def main():
    folder = Path(tempfile.mkdtemp(prefix="test-chart-pod-"))
    folder.chmod(0o755)
    try:
        into_folder(folder)
        server = os.environ.get("TEST_SERVERS")
        if server:
            into_container(folder, server)
        else:
            print("No test-servers: the run into a container is left out")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
