"""Usage: unshare --net python without_metadata_service.py COMMAND [ARGUMENT]...
Runs COMMAND in a network that has nothing but this machine, with an empty mailbox at MESH_BASE_URL and a storage account
at AZURE_STORAGE_ACCOUNT_URL that answer there, and exits as COMMAND did.
"""

import fcntl
import http.server
import os
import socket
import struct
import subprocess
import sys
import threading

with socket.socket() as anything:
    # SIOCSIFFLAGS: the interface of this machine up and running.
    fcntl.ioctl(anything, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = b'{"messages":[],"links":{"self":"/"}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
environment = dict(os.environ, MESH_BASE_URL=url, AZURE_STORAGE_ACCOUNT_URL=f"{url}/devstoreaccount1")
sys.exit(subprocess.run(sys.argv[1:], env=environment).returncode)
