/**
 * Timeout of orders for a zone's name servers, by DNS method. Thumbprints of former account keys, at
 * authorities and at the ACME server, since records of dns-persist-01 that were made with them stay valid
 * (draft-ietf-acme-dns-persist-02, section 4.2). Time of a certificate's revocation, if this vault did it:
 * by the local authority or through an account.
 */
export const acmeKeysWaitsAndRevocations = /* sql */ `
ALTER TABLE dns_methods ADD COLUMN wait_seconds INTEGER NOT NULL DEFAULT 120
  CHECK (wait_seconds BETWEEN 0 AND 3600);

CREATE TABLE acme_former_keys (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES acme_accounts (id) ON DELETE CASCADE,
  thumbprint TEXT NOT NULL,
  replaced_at TEXT NOT NULL
) STRICT;
CREATE INDEX acme_former_keys_by_account ON acme_former_keys (account_id);

CREATE TABLE acme_server_former_keys (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES acme_server_accounts (id) ON DELETE CASCADE,
  thumbprint TEXT NOT NULL,
  replaced_at TEXT NOT NULL
) STRICT;
CREATE INDEX acme_server_former_keys_by_account ON acme_server_former_keys (account_id);

ALTER TABLE certificates ADD COLUMN revoked_at TEXT;
UPDATE certificates SET revoked_at = (
  SELECT issued.revoked_at FROM issued_certificates issued
  WHERE issued.fingerprint_sha256 = certificates.fingerprint_sha256
);
`
