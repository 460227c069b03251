"""A certificate for whatever name a client asks for, signed by this deployment's authority."""

import datetime
import ipaddress
import os
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PRIVATE = "/run/room"
MOST = 500


class Certificates:
    def __init__(self, ca_key, ca_certificate):
        self.ca_key = serialization.load_pem_private_key(ca_key.encode(), None)
        self.ca = x509.load_pem_x509_certificate(ca_certificate.encode())
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.key_pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.contexts = {}

    def context(self, host):
        if host not in self.contexts:
            if len(self.contexts) >= MOST:
                self.contexts.clear()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            path = self.chain(host)
            try:
                context.load_cert_chain(path)
            finally:
                os.unlink(path)
            self.contexts[host] = context
        return self.contexts[host]

    def chain(self, host):
        """A file with key and certificate: the standard library takes them no other way."""
        # Clients whose clock was moved must find it valid too.
        long_ago, far_off = datetime.datetime(2015, 1, 1), datetime.datetime(2049, 1, 1)
        try:
            subject = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            subject = x509.DNSName(host.encode("idna").decode() if host.isascii() else "invalid")
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
        leaf = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.ca.subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(long_ago)
            .not_valid_after(far_off)
            .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.ca_key.public_key()), critical=False)
            .sign(self.ca_key, hashes.SHA256())
        )
        handle, path = tempfile.mkstemp(dir=PRIVATE)
        with os.fdopen(handle, "wb") as out:
            out.write(self.key_pem + leaf.public_bytes(serialization.Encoding.PEM))
        return path
