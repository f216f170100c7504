#!/usr/bin/env python3
"""Usage: scripts/with-sandbox .venv/bin/python scripts/run_image_tests.py IMAGE TEST_SERVERS [BINARY]
Runs IMAGE as Kubernetes would, against the MESH sandbox and the strict servers of TEST_SERVERS, and checks what it does.

With BINARY, the image's own must be the same file byte for byte: two builds of one commit.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import run_demo
import seed_sandbox

PROGRAM = "poll-mesh-inbox"
USER = 65532
MEMORY_LIMIT = 64 << 20
LARGEST_IMAGE, LARGEST_COMPRESSED = 20_000_000, 8_000_000
GIBIBYTE = 1 << 30
FILES = {
    "poll-mesh-inbox", "etc/group", "etc/passwd", "etc/ssl/certs/ca-certificates.crt",
    "usr/share/zoneinfo/Europe/London",
}
LIMIT_SECONDS = 600


def check(holds, text):
    if not holds:
        sys.exit(f"image-test: {text}")


def podman(*arguments, **options):
    options = {"check": True, "stdout": subprocess.PIPE, "text": True, "timeout": LIMIT_SECONDS} | options
    return subprocess.run(["podman", *arguments], **options).stdout


class Container:
    """One run of the image with the restricted profile, its secrets and its termination message."""

    def __init__(self, image, work, settings=(), secrets=None, command=(), network="host"):
        self.folder = Path(tempfile.mkdtemp(dir=work))
        self.folder.chmod(0o755)
        self.name = f"image-test-{self.folder.name.replace('_', '-')}"
        self.termination = self.folder / "termination-log"
        self.termination.touch()
        self.termination.chmod(0o666)
        self.command = [
            "podman", "run", "--name", self.name, f"--network={network}", "--read-only", "--read-only-tmpfs=false",
            "--cap-drop=ALL", "--security-opt=no-new-privileges", f"--memory={MEMORY_LIMIT}",
            f"--volume={self.termination}:/dev/termination-log:rw",
        ]
        if secrets:
            self.command.append(f"--volume={self.mount(secrets)}:/var/run/secrets/poll-mesh-inbox:ro")
        self.command += [f"--env={name}={value}" for name, value in dict(settings).items()]
        self.command += [image, *command]
        self.log, self.errors = self.folder / "log", self.folder / "errors"
        with self.log.open("wb") as log, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=errors)

    def mount(self, secrets):
        """Secrets as Kubernetes mounts them: symbolic links to ..data, a link itself, readable for the group alone."""
        folder = self.folder / "secrets"
        data = folder / "..2026_01_01_00_00_00.1"
        data.mkdir(parents=True)
        (folder / "..data").symlink_to(data.name)
        for name, value in secrets.items():
            (data / name).write_text(value)
            (data / name).chmod(0o440)
            os.chown(data / name, 0, USER)
            (folder / name).symlink_to(f"..data/{name}")
        return folder

    def wait_until(self, holds):
        """Looks every 50 ms whether something has come true."""
        limit = time.monotonic() + LIMIT_SECONDS
        while not holds():
            check(self.process.poll() is None, f"it ended early: {self.log.read_text()}{self.errors.read_text()}")
            check(time.monotonic() < limit, "it took too long")
            time.sleep(0.05)

    def finish(self, status, limit=LIMIT_SECONDS):
        self.process.wait(limit)
        output, errors = self.log.read_text(), self.errors.read_text()
        check(
            self.process.returncode == status,
            f"status {self.process.returncode} where {status} was expected:\n{output[-3000:]}{errors[-3000:]}",
        )
        podman("rm", self.name)
        return output

    def summary(self, output):
        """The last record of the log, which the termination message has to be too."""
        summary = json.loads(output.splitlines()[-1])
        check(json.loads(self.termination.read_text()) == summary, "the termination message is not the summary")
        return summary

    def pid(self):
        """Of the program itself, as soon as it runs."""
        found = []

        def runs():
            try:
                number = podman("inspect", "--format", "{{.State.Pid}}", self.name, stderr=subprocess.DEVNULL)
                found[:] = [int(number)] if Path(f"/proc/{int(number)}/exe").readlink().name == PROGRAM else []
            except (subprocess.CalledProcessError, OSError):
                found.clear()
            return found

        self.wait_until(runs)
        return found[0]


@contextmanager
def servers(program, *arguments):
    process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(60)


SECRETS = {"MESH_PASSWORD": "password", "MESH_SHARED_KEY": "TestKey"}


def settings(mesh, **more):
    return {"MESH_BASE_URL": mesh, "MESH_MAILBOX_ID": "X26ABC1", "TZ": "Europe/London"} | more


def contents(image, binary):
    """What is in the image, how large it is, and what it says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "image.tar")
        podman("save", "--quiet", "--format=docker-archive", f"--output={archive}", image)
        size = int(podman("image", "inspect", "--format", "{{.Size}}", image))
        compressed = len(subprocess.run(["gzip", "-9c", archive], check=True, stdout=subprocess.PIPE).stdout)
    print(f"The image has {size:,} bytes, {compressed:,} compressed.")
    check(size <= LARGEST_IMAGE, f"more than {LARGEST_IMAGE:,} bytes")
    check(compressed <= LARGEST_COMPRESSED, f"more than {LARGEST_COMPRESSED:,} bytes compressed")

    root = Path(podman("image", "mount", image).strip())
    try:
        files = {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
        check(files == FILES, f"the image holds {sorted(files)}")
        digest = hashlib.sha256((root / "poll-mesh-inbox").read_bytes()).hexdigest()
    finally:
        podman("image", "unmount", image)
    print(f"It holds {', '.join(sorted(files))}.\nThe binary's SHA-256 is {digest}.")
    config = json.loads(podman("image", "inspect", image))[0]["Config"]
    check(config["User"] == f"{USER}:{USER}", f"the user is {config['User']}")
    version = podman("run", "--rm", "--network=none", image, "--version")
    print(version, end="")
    if binary:
        compare(digest, version, binary)
    linked = dict(part.split("/") for part in version.splitlines()[1].split())
    for library in ("libcurl", "OpenSSL", "zlib", "Swift"):
        label = config["Labels"].get(f"poll-mesh-inbox.{library.lower()}.version")
        check(label == linked[library], f"the label of {library} says {label}")
    check(config["Labels"]["org.opencontainers.image.version"] in version.splitlines()[0], "the label of the version")


def compare(digest, version, binary):
    """Holds the image's binary against one that was built apart from it, of the same sources."""
    other = subprocess.run([binary, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    if other != version:
        # This machine lags behind the packages that the image was made of: two programs, rightly.
        print(f"Not compared with {binary}, which is linked with {other.splitlines()[1]}.")
        return
    sha256 = hashlib.sha256(Path(binary).read_bytes()).hexdigest()
    check(sha256 == digest, f"{binary}, built of the same sources and libraries, has {sha256}")
    print(f"So is that of {binary}, which was built apart from it.")


def poll(image, work, program):
    """Messages of every kind go from the sandbox into a container."""
    sent = seed_sandbox.seed()
    with servers(program, "--blob") as server:
        os.environ["AZURE_STORAGE_CONNECTION_STRING"] = server["connectionString"]
        store = run_demo.Container()
        secrets = SECRETS | {"AZURE_STORAGE_CONNECTION_STRING": server["connectionString"]}
        run = Container(image, work, settings(os.environ["SANDBOX_URL"]), secrets)
        summary = run.summary(run.finish(0))
        check(summary["messages.acknowledged"] == len(sent), f"the summary is {summary}")
        run_demo.compare(store, store.names(), sent)


def restrictions(status, pid):
    """What the kernel holds the process to."""
    fields = dict(line.split(":", 1) for line in status.splitlines())
    check(fields["Uid"].split() == [str(USER)] * 4, f"the user is {fields['Uid']}")
    check(fields["Gid"].split() == [str(USER)] * 4, f"the group is {fields['Gid']}")
    for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
        check(int(fields[name], 16) == 0, f"{name} is {fields[name]}")
    check(fields["NoNewPrivs"].strip() == "1", "privileges can be gained")
    check(fields["Seccomp"].strip() == "2", "no seccomp profile holds it")
    mounts = Path(f"/proc/{pid}/mountinfo").read_text()
    root = next(line.split() for line in mounts.splitlines() if line.split()[4] == "/")
    check("ro" in root[5].split(","), "the root is writable")


def resident_peak(pid):
    """The most that a process ever had in memory, in KiB; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def memory_limit(pid):
    """The limit that the kernel sets for a process; nothing where it sets none."""
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            return Path(f"/sys/fs/cgroup/memory{path}/memory.limit_in_bytes").read_text().strip()
        file = Path(f"/sys/fs/cgroup{path}/memory.max")
        if controllers == "" and file.exists():
            return file.read_text().strip()
    return None


def large_message(image, work, program):
    """A message of 1 GiB passes within the memory limit."""
    arguments = ["--on-disk", "--messages", "1", "--size", str(GIBIBYTE), "--chunks", "50"]
    with servers(program, *arguments) as server:
        secrets = SECRETS | {"AZURE_STORAGE_CONNECTION_STRING": server["connectionString"]}
        run = Container(image, work, settings(server["mesh"]), secrets)
        pid = run.pid()
        restrictions(Path(f"/proc/{pid}/status").read_text(), pid)
        if memory_limit(pid) == str(MEMORY_LIMIT):
            print(f"The kernel limits it to {MEMORY_LIMIT >> 20} MiB of memory.")
        else:
            print("NOT TRIED: this machine's kernel sets no limit of memory.")
        peak = 0
        while run.process.poll() is None:
            peak = max(peak, resident_peak(pid))
            time.sleep(0.2)
        summary = run.summary(run.finish(0))
        check(summary["bytes"] == GIBIBYTE, f"the summary is {summary}")
        print(f"1 GiB was stored with at most {peak / 1024:.1f} MiB in memory.")
        check(peak << 10 < MEMORY_LIMIT, "that is more than the limit")


def stop(image, work, program):
    """SIGTERM as PID 1 ends the run with a summary and status 143."""
    with servers(program, "--messages", "20000") as server:
        secrets = SECRETS | {"AZURE_STORAGE_CONNECTION_STRING": server["connectionString"]}
        run = Container(image, work, settings(server["mesh"]), secrets)
        pid = run.pid()
        run.wait_until(lambda: '"blob.name"' in run.log.read_text())
        inner = Path(f"/proc/{pid}/status").read_text()
        check(next(line for line in inner.splitlines() if line.startswith("NSpid")).split()[-1] == "1", "it is not PID 1")
        began = time.monotonic()
        podman("kill", "--signal=TERM", run.name)
        summary = run.summary(run.finish(143, limit=60))
        seconds = time.monotonic() - began
        check(seconds < 25, f"it took {seconds:.1f} s")
        check(0 < summary["messages.stored"] < 20000, f"the summary is {summary}")
        print(f"It ended {seconds:.1f} s after SIGTERM, {summary['messages.stored']} of 20,000 messages stored.")


def no_settings(image, work):
    """Without settings it says what is missing, for Kubernetes too."""
    run = Container(image, work, {"MESH_BASE_URL": "https://mesh.example"}, network="none")
    summary = run.summary(run.finish(78))
    problems = " ".join(summary["problems"])
    for name in ("MESH_PASSWORD", "MESH_SHARED_KEY", "AZURE_STORAGE_CONNECTION_STRING"):
        check(name in problems, f"{name} is not named as missing: {problems}")


def main():
    image, program = sys.argv[1], str(Path(sys.argv[2]).resolve())
    binary = sys.argv[3] if len(sys.argv) > 3 else None
    work = tempfile.mkdtemp(prefix="image-test-")
    os.chmod(work, 0o755)
    try:
        for title, test in {
            "Contents": lambda: contents(image, binary),
            "A poll of the sandbox": lambda: poll(image, work, program),
            "A message of 1 GiB": lambda: large_message(image, work, program),
            "SIGTERM": lambda: stop(image, work, program),
            "No settings": lambda: no_settings(image, work),
        }.items():
            print(f"\n==> {title}", flush=True)
            test()
    finally:
        for name in podman("ps", "--all", "--quiet", "--filter=name=image-test-").split():
            podman("rm", "--force", "--time=0", name)
        shutil.rmtree(work, ignore_errors=True)
    print("\nimage-test: all is as it should be")


if __name__ == "__main__":
    main()
