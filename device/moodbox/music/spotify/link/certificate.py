"""The self-made certificate of the door in the local network, which names its address."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from moodbox import atomic
from moodbox.music.spotify.link.lan import CERTIFICATE as NAME

log = logging.getLogger(__name__)

_DAYS = 30  # long enough for a second try to show the fingerprint that the browser has seen
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A key and its certificate; `path` holds both."""

    path: Path = field(repr=False)
    fingerprint: str  # SHA-256, "AB:CD:..."

    def context(self) -> ssl.SSLContext:
        """Make the TLS of a server that shows it: 1.2 or later."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.path)
        return context


def certificate(folder: Path, address: str, now: float) -> Certificate:
    """Return the folder's certificate for that address, or make a new one. Raises StorageError."""
    path = folder / NAME
    kept = _kept(path, address, now)
    if kept is None:
        pem, kept = _made(address, now)
        atomic.write_bytes(path, pem, private=True)
    return Certificate(path, kept.fingerprint(hashes.SHA256()).hex(":").upper())


def _kept(path: Path, address: str, now: float) -> x509.Certificate | None:
    try:
        pem = path.read_bytes()
        key = load_pem_private_key(pem, password=None)
        found = x509.load_pem_x509_certificate(pem)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        log.warning("%s is broken; a new certificate is made", path)
        return None
    at = dt.datetime.fromtimestamp(now, dt.UTC)
    good = (
        found.public_key() == key.public_key()
        and names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address(address)]
        and found.not_valid_before_utc <= at <= found.not_valid_after_utc - _DAY
    )
    return found if good else None


def _made(address: str, now: float) -> tuple[bytes, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Moodbox")])
    at = dt.datetime.fromtimestamp(now, dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _DAY)  # phones and boxes do not agree on the time to the second
        .not_valid_after(at + _DAYS * _DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    return pem, made
