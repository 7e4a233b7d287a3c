/**
 * Accounts with ACME authorities, DNS methods with their sealed secrets, and the renewal of each certificate:
 * its `method` and its `state`.
 */
export const acme = /* sql */ `
CREATE TABLE acme_accounts (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  directory_url TEXT NOT NULL,
  roots_pem TEXT,
  may_be_private INTEGER NOT NULL CHECK (may_be_private IN (0, 1)),
  contact TEXT NOT NULL CHECK (json_valid(contact)),
  account_url TEXT NOT NULL,
  spki_sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE dns_methods (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  sealed BLOB,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE renewals (
  certificate_id TEXT PRIMARY KEY NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  account_id TEXT REFERENCES acme_accounts (id) ON DELETE SET NULL,
  method TEXT NOT NULL CHECK (json_valid(method)),
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;
CREATE INDEX renewals_by_account ON renewals (account_id);
`
