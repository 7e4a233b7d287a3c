/** When a certificate was revoked, as far as this vault did it: by the local authority or through an account. */
export const revokedCertificates = /* sql */ `
ALTER TABLE certificates ADD COLUMN revoked_at TEXT;

UPDATE certificates SET revoked_at = (
  SELECT issued.revoked_at FROM issued_certificates issued
  WHERE issued.fingerprint_sha256 = certificates.fingerprint_sha256
);
`
