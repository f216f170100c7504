"""Usage: python make_certificates.py FOLDER PASSWORD [NAME]...
Makes certificates NAME.pem and keys NAME.key in FOLDER, all in PEM:

ca, other-ca            authorities
server                  of ca, for localhost and each NAME
old-server              the same, but it has ended
client                  of ca; its key is encrypted with PASSWORD, and that of plain and sec1 (RFC 5915) is not
chain                   of an authority below ca, which stands behind it
rsa                     of ca, with an RSA key (PKCS#1)
soon, expired, early    of ca: ends in 10 days, has ended, has not begun
stranger                of other-ca
"""

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

folder, password = Path(sys.argv[1]), sys.argv[2].encode()
now = datetime.datetime.now(datetime.timezone.utc)
PKCS8 = serialization.PrivateFormat.PKCS8
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL
PLAIN = serialization.NoEncryption()


def write_key(name, key, form=PKCS8, encryption=PLAIN):
    (folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption))


class Party:
    def __init__(self, name, signer=None, *, key=None, is_authority=False, hosts=(), begins=-1, ends=90, behind=()):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = signer or self
        builder = x509.CertificateBuilder().subject_name(self.name).issuer_name(signer.name)
        builder = builder.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now + datetime.timedelta(days=begins))
        # A little more than whole days, so that they are still whole when they are read.
        builder = builder.not_valid_after(now + datetime.timedelta(days=ends, minutes=30))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        if hosts:
            names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        own = builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self.pem = own + b"".join(party.pem for party in behind)
        (folder / f"{name}.pem").write_bytes(self.pem)
        write_key(name, self.key)


ca = Party("ca", is_authority=True)
other = Party("other-ca", is_authority=True)
below = Party("below-ca", ca, is_authority=True)
hosts = ["localhost", *sys.argv[3:]]
Party("server", ca, hosts=hosts)
Party("old-server", ca, hosts=hosts, begins=-9, ends=-2)
client = Party("client", ca)
write_key("plain", client.key)
write_key("sec1", client.key, TRADITIONAL)
write_key("client", client.key, PKCS8, serialization.BestAvailableEncryption(password))
Party("chain", below, behind=[below])
rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Party("rsa", ca, key=rsa_key)
write_key("rsa", rsa_key, TRADITIONAL)
Party("soon", ca, ends=10)
Party("expired", ca, begins=-9, ends=-2)
Party("early", ca, begins=2)
Party("stranger", other)
print("true")
