"""Usage: python make_certificates.py FOLDER PASSWORD [NAME]...
Makes a certificate authority, ca.pem, and of it a server's certificate and key, server.pem and server.key, and a
client's, client.pem and client.key, whose key is encrypted with PASSWORD. They hold for a day, for localhost and each NAME.
"""

import datetime
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

folder, password = Path(sys.argv[1]), sys.argv[2].encode()
now = datetime.datetime.now(datetime.timezone.utc)


def certificate(common_name, key, issuer_name, issuer_key, extension):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer_name or name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    made = builder.sign(issuer_key, hashes.SHA256())
    (folder / f"{common_name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return name


def write_key(name, key, encryption):
    form = serialization.PrivateFormat.PKCS8
    (folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption))


authority_key = ec.generate_private_key(ec.SECP256R1())
authority = certificate("ca", authority_key, None, authority_key, x509.BasicConstraints(ca=True, path_length=None))
hosts = [x509.DNSName(name) for name in ["localhost", *sys.argv[3:]]]
names = x509.SubjectAlternativeName([*hosts, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
for side, protection in (
    ("server", serialization.NoEncryption()),
    ("client", serialization.BestAvailableEncryption(password)),
):
    side_key = ec.generate_private_key(ec.SECP256R1())
    certificate(side, side_key, authority, authority_key, names)
    write_key(side, side_key, protection)
print("true")
