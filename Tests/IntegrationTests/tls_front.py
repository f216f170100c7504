"""Usage: python tls_front.py CERTIFICATE KEY PORT [CLIENT_CA]
Speaks TLS at a free port of localhost and passes everything on to PORT, where a server without TLS is. With CLIENT_CA
clients need a certificate of it; whoever is refused is told by an alert, as by most servers and not by asyncio. Prints
the port, and ends with its standard input.
"""

import os
import select
import socket
import ssl
import sys
import threading

certificate, key, port, *client_ca = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
if client_ca:
    context.load_verify_locations(client_ca[0])
    context.verify_mode = ssl.CERT_REQUIRED


def serve(connection):
    try:
        outer = context.wrap_socket(connection, server_side=True)
    except OSError:
        # Closing at once would reset the connection, and the alert might be lost.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass
        connection.close()
        return
    with outer, socket.create_connection(("127.0.0.1", int(port))) as inner:
        while True:
            ready = [outer] if outer.pending() else select.select([outer, inner], [], [])[0]
            for source, target in ((outer, inner), (inner, outer)):
                if source in ready:
                    data = source.recv(1 << 16)
                    if not data:
                        return
                    target.sendall(data)


def run(connection):
    try:
        serve(connection)
    except OSError:
        pass


def accept(listener):
    while True:
        threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=accept, args=(listener,), daemon=True).start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
os._exit(0)
