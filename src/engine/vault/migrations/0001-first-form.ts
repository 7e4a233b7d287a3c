/** `chain_pem` has a table of its own, because it is large, and lists, searches and usage never read it. */
export const firstForm = /* sql */ `
CREATE TABLE vault (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  vault_id TEXT NOT NULL,
  configuration_version INTEGER NOT NULL
) STRICT;
INSERT INTO vault VALUES (1, lower(hex(randomblob(16))), 0);

CREATE TABLE protection (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  protector TEXT NOT NULL,
  weak INTEGER NOT NULL CHECK (weak IN (0, 1)),
  reason TEXT NOT NULL,
  wrapped_data_key BLOB NOT NULL
) STRICT;

CREATE TABLE certificates (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('uploaded', 'free')),
  kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
  title TEXT NOT NULL,
  issuer TEXT NOT NULL,
  dns_names TEXT NOT NULL CHECK (json_valid(dns_names)),
  ip_names TEXT NOT NULL CHECK (json_valid(ip_names)),
  not_before TEXT NOT NULL,
  not_after TEXT NOT NULL,
  fingerprint_sha256 TEXT NOT NULL UNIQUE,
  spki_sha256 TEXT NOT NULL,
  key_type TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE certificate_chains (
  certificate_id TEXT PRIMARY KEY NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  chain_pem TEXT NOT NULL
) STRICT;

CREATE TABLE sealed_keys (
  certificate_id TEXT PRIMARY KEY NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE authority (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  certificate_pem TEXT NOT NULL,
  spki_sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE domains (
  name TEXT PRIMARY KEY NOT NULL,
  origin TEXT NOT NULL CHECK (json_valid(origin)),
  https_state TEXT NOT NULL CHECK (https_state IN ('off', 'on', 'paused')),
  certificate_id TEXT REFERENCES certificates (id) ON DELETE RESTRICT,
  previous_certificate_id TEXT REFERENCES certificates (id) ON DELETE SET NULL,
  redirect TEXT NOT NULL CHECK (json_valid(redirect)),
  last_check TEXT CHECK (last_check IS NULL OR json_valid(last_check)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK (https_state = 'off' OR certificate_id IS NOT NULL)
) STRICT;
CREATE INDEX domains_by_certificate ON domains (certificate_id);
CREATE INDEX domains_by_previous_certificate ON domains (previous_certificate_id);

CREATE TABLE settings (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;
`
