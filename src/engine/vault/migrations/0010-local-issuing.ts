/**
 * Certificates that the local authority signed, for revocation and reissue; the last revocation list of each
 * key that signs no more; requests with their sealed keys; and the accounts of the ACME server, with the
 * keys of their external account bindings (RFC 8555, section 7.3.4).
 */
export const localIssuing = /* sql */ `
CREATE TABLE issued_certificates (
  serial TEXT PRIMARY KEY NOT NULL,
  issuer_spki_sha256 TEXT NOT NULL,
  certificate_pem TEXT NOT NULL,
  fingerprint_sha256 TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('vault', 'device', 'request', 'acme')),
  account_id TEXT,
  not_after TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  revoked_at TEXT,
  revocation_reason INTEGER,
  CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
) STRICT;
CREATE INDEX issued_by_end ON issued_certificates (not_after);
CREATE INDEX issued_revoked ON issued_certificates (issuer_spki_sha256) WHERE revoked_at IS NOT NULL;

CREATE TABLE last_revocation_lists (
  issuer_spki_sha256 TEXT PRIMARY KEY NOT NULL,
  issuer_pem TEXT NOT NULL,
  list BLOB NOT NULL
) STRICT;

CREATE TABLE requests (
  id TEXT PRIMARY KEY NOT NULL,
  title TEXT NOT NULL,
  names TEXT NOT NULL CHECK (json_valid(names)),
  key_type TEXT NOT NULL,
  request BLOB NOT NULL,
  spki_sha256 TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE acme_server_accounts (
  id TEXT PRIMARY KEY NOT NULL,
  thumbprint TEXT NOT NULL UNIQUE,
  jwk TEXT NOT NULL CHECK (json_valid(jwk)),
  contacts TEXT NOT NULL CHECK (json_valid(contacts)),
  status TEXT NOT NULL CHECK (status IN ('valid', 'deactivated', 'revoked')),
  binding TEXT,
  user_agent TEXT NOT NULL,
  created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE acme_server_bindings (
  id TEXT PRIMARY KEY NOT NULL,
  label TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at TEXT NOT NULL,
  used_at TEXT
) STRICT;
`
