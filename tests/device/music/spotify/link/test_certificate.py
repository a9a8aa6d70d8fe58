"""The door's own certificate: its address, its life, its privacy."""

import datetime as dt
import hashlib
import ipaddress
import ssl
import stat

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from moodbox.errors import StorageError
from moodbox.music.spotify.link.certificate import NAME, certificate

NOW = 1_795_000_000.0
DAY = 86_400.0


def test_certificate_names_the_address_for_some_days(tmp_path):
    shown = certificate(tmp_path, "192.168.1.20", NOW)
    made = x509.load_pem_x509_certificate((tmp_path / NAME).read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("192.168.1.20")]
    key = made.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    at = dt.datetime.fromtimestamp(NOW, dt.UTC)
    assert made.not_valid_before_utc < at < made.not_valid_after_utc < at + dt.timedelta(days=60)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    begin, mark, rest = (tmp_path / NAME).read_text().partition("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE KEY" in begin
    der = ssl.PEM_cert_to_DER_cert(mark + rest)
    assert shown.fingerprint == ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())


def test_key_is_private(tmp_path):
    certificate(tmp_path, "10.0.0.1", NOW)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_certificate_is_kept_so_that_its_fingerprint_stays(tmp_path):
    first = certificate(tmp_path, "10.0.0.1", NOW)
    assert certificate(tmp_path, "10.0.0.1", NOW + 20 * DAY) == first


@pytest.mark.parametrize(("address", "now"), [("10.0.0.2", NOW), ("10.0.0.1", NOW + 30 * DAY), ("10.0.0.1", 0.0)])
def test_new_address_or_a_certificate_out_of_its_days_makes_a_new_one(tmp_path, address, now):
    first = certificate(tmp_path, "10.0.0.1", NOW)
    assert certificate(tmp_path, address, now).fingerprint != first.fingerprint


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n"])
def test_broken_certificate_is_replaced(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    assert certificate(tmp_path, "10.0.0.1", NOW).context()


def test_tls_is_recent(tmp_path):
    assert certificate(tmp_path, "10.0.0.1", NOW).context().minimum_version >= ssl.TLSVersion.TLSv1_2


def test_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        certificate(tmp_path / "file" / "x", "10.0.0.1", NOW)
