"""The pair of servers, started for as long as a with statement lasts."""
import json
import os
import pathlib
import subprocess
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Servers:
    """Where the servers are, and how they are told what a run is like."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [str(ROOT / "Benchmarks/servers/start")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the servers did not start")
        self._places = json.loads(line)
        self.folder = pathlib.Path(self._places["folder"])
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()

    def mesh(self, tls=False):
        return self._places["mesh_tls" if tls else "mesh"]

    def blob(self, tls=False):
        return self._places["blob_tls" if tls else "blob"]

    def reset(self, messages, size=1024, chunks=1, delay=0):
        query = f"messages={messages}&size={size}&chunks={chunks}&delay={delay}"
        for url in (self.mesh(), self.blob()):
            request = urllib.request.Request(f"{url}/bench/reset?{query}", method="POST")
            with urllib.request.urlopen(request, timeout=600) as response:
                response.read()

    def counts(self):
        """What the two were asked: `mesh` and `blob`, each a dictionary of numbers."""
        result = {}
        for kind, url in (("mesh", self.mesh()), ("blob", self.blob())):
            with urllib.request.urlopen(f"{url}/bench/counts", timeout=600) as response:
                result[kind] = json.load(response)
        return result

    def environment(self, tls=False):
        """The environment of a contender: nothing of the caller's but where programs and libraries are."""
        certificates = self._places["certificates"]
        blob = self.blob(tls)
        result = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        result.update({
            "MESH_BASE_URL": self.mesh(tls),
            "MESH_PASSWORD": "password",
            "MESH_SHARED_KEY": "TestKey",
            "AZURE_STORAGE_CONNECTION_STRING":
                f"DefaultEndpointsProtocol={blob.split(':')[0]};AccountName=devstoreaccount1;AccountKey={ACCOUNT_KEY};"
                f"BlobEndpoint={blob}/devstoreaccount1;",
        })
        if tls:
            result.update({
                "MESH_CA_CERTIFICATE_FILE": f"{certificates}/ca.pem",
                "MESH_CLIENT_CERTIFICATE_FILE": f"{certificates}/client.pem",
                "MESH_CLIENT_KEY_FILE": f"{certificates}/client.key",
                "SSL_CERT_FILE": f"{certificates}/ca.pem",
                "BENCH_CA": f"{certificates}/ca.pem",
                "BENCH_CERTIFICATE": f"{certificates}/client.pem",
                "BENCH_KEY": f"{certificates}/client.key",
            })
        return result
