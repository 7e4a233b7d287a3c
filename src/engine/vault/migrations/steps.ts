/** Forward only. The schema version is the number of migrations applied. */
export const migrations: readonly string[] = [
  // 1: `chain_pem` has a table of its own, because it is large, and lists, searches and usage never read it.
  /* sql */ `
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
`,
  // 2: The triggers stop mistakes of the program; the hash chain detects edits of the file. `before` and `after`
  // are JSON, `null` without a value.
  /* sql */ `
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT NOT NULL CHECK (json_valid(before)),
  after TEXT NOT NULL CHECK (json_valid(after)),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject);

CREATE TRIGGER audit_rows_are_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END;
CREATE TRIGGER audit_rows_are_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END;
CREATE TRIGGER audit_rows_come_in_order BEFORE INSERT ON audit
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'The audit trail is append-only.'); END;

CREATE TABLE audit_seal (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sealed_key BLOB NOT NULL,
  head BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
`,
  // 3: A protector can have several wrapping keys: the recorded one opens the vault, and those in
  // `keys_to_forget` are being added or removed.
  /* sql */ `
ALTER TABLE protection ADD COLUMN key_name TEXT NOT NULL DEFAULT '';
UPDATE protection SET key_name = (SELECT vault_id FROM vault);

CREATE TABLE keys_to_forget (
  protector TEXT NOT NULL,
  key_name TEXT NOT NULL,
  PRIMARY KEY (protector, key_name)
) STRICT;
`,
  // 4: Parameters, besides the passphrase, for deriving a wrapping key again.
  /* sql */ `
CREATE TABLE derivations (
  key_name TEXT PRIMARY KEY NOT NULL,
  salt BLOB NOT NULL,
  log2_n INTEGER NOT NULL,
  r INTEGER NOT NULL,
  p INTEGER NOT NULL
) STRICT;
`,
  // 5: Notes and tags of certificates, and the backup schedule. A certificate's history is its rows in the audit
  // trail, also after its removal: the indexes find them.
  /* sql */ `
ALTER TABLE certificates ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE certificates ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));

CREATE INDEX audit_by_certificate_before ON audit (before ->> '$.certificate.fingerprintSha256');
CREATE INDEX audit_by_certificate_after ON audit (after ->> '$.certificate.fingerprintSha256');
CREATE INDEX audit_by_fingerprint_before ON audit (before ->> '$.fingerprintSha256');
CREATE INDEX audit_by_fingerprint_after ON audit (after ->> '$.fingerprintSha256');

CREATE TABLE backup_schedule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  folder TEXT NOT NULL,
  every_hours INTEGER NOT NULL CHECK (every_hours > 0),
  keep INTEGER NOT NULL CHECK (keep > 0),
  header BLOB NOT NULL,
  sealed_key BLOB NOT NULL,
  last_run TEXT CHECK (last_run IS NULL OR json_valid(last_run))
) STRICT;
`,
  // 6: Policies of a domain by section; `{}`: all defaults.
  /* sql */ `
ALTER TABLE domains ADD COLUMN policies TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(policies));
`,
  // 7: Public half of the recovery key, in the clear for reading while the vault is locked, and sealed: only the
  // sealed copy counts, so that an editor of the database cannot replace the key. Also the wrong passphrases
  // given to a locked vault, until they can be written to the audit trail.
  /* sql */ `
CREATE TABLE recovery_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  sealed BLOB NOT NULL,
  set_at TEXT NOT NULL
) STRICT;

CREATE TABLE refused_unlocks (
  actor TEXT PRIMARY KEY NOT NULL,
  attempts INTEGER NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL
) STRICT;
`,
  // 8: Generations of the local authority: the signing one, with the sealed keys of root and intermediate, and
  // earlier ones, of which only the certificates remain. The authority of an early vault is the first; it signed
  // leaves itself and has no intermediate.
  /* sql */ `
CREATE TABLE authority_generations (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  certificate_pem TEXT NOT NULL,
  spki_sha256 TEXT NOT NULL,
  sealed BLOB,
  created_at TEXT NOT NULL,
  retired_at TEXT,
  intermediate_pem TEXT,
  intermediate_spki_sha256 TEXT,
  sealed_intermediate BLOB,
  CHECK ((retired_at IS NULL) = (sealed IS NOT NULL)),
  CHECK (sealed_intermediate IS NULL OR (retired_at IS NULL AND intermediate_pem IS NOT NULL)),
  CHECK ((intermediate_pem IS NULL) = (intermediate_spki_sha256 IS NULL))
) STRICT;
INSERT INTO authority_generations (id, certificate_pem, spki_sha256, sealed, created_at)
  SELECT id, certificate_pem, spki_sha256, sealed, created_at FROM authority;
DROP TABLE authority;
ALTER TABLE authority_generations RENAME TO authority;
CREATE UNIQUE INDEX one_authority_signs ON authority (retired_at IS NULL) WHERE retired_at IS NULL;
`,
  // 9: Accounts with ACME authorities, DNS methods with their sealed secrets, and the renewal of each
  // certificate: its `method` and its `state`.
  /* sql */ `
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
`,
  // 10: Certificates that the local authority signed, for revocation and reissue; the last revocation list of
  // each key that signs no more; requests with their sealed keys; and the accounts of the ACME server, with the
  // keys of their external account bindings (RFC 8555, section 7.3.4).
  /* sql */ `
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
`,
  // 11: Timeout of orders for a zone's name servers, by DNS method. Thumbprints of former account keys, at
  // authorities and at the ACME server, since records of dns-persist-01 that were made with them stay valid
  // (draft-ietf-acme-dns-persist-02, section 4.2). Time of a certificate's revocation, if this vault did it: by
  // the local authority or through an account.
  /* sql */ `
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
`,
  // 12: Account key that used an external account binding: the binding is valid for no other one. Where several
  // accounts used the same binding, they stay, and it belongs to the first. Whether bindings are required was
  // stored before a person could choose it; without a stored value, the default of this computer applies.
  /* sql */ `
ALTER TABLE acme_server_bindings ADD COLUMN account_thumbprint TEXT;
UPDATE acme_server_bindings SET account_thumbprint = (
  SELECT account.thumbprint FROM acme_server_accounts account
  WHERE account.binding = acme_server_bindings.id
  ORDER BY account.created_at LIMIT 1
);
UPDATE settings SET value = json_remove(value, '$.requireBinding')
  WHERE key = 'acme-server' AND json_valid(value) AND json_extract(value, '$.requireBinding') = 0;
`,
  // 13: A retired intermediate may keep its sealed key, for revocations alone. SQLite changes no CHECK in place.
  /* sql */ `
CREATE TABLE authority_with_revokers (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  certificate_pem TEXT NOT NULL,
  spki_sha256 TEXT NOT NULL,
  sealed BLOB,
  created_at TEXT NOT NULL,
  retired_at TEXT,
  intermediate_pem TEXT,
  intermediate_spki_sha256 TEXT,
  sealed_intermediate BLOB,
  CHECK ((retired_at IS NULL) = (sealed IS NOT NULL)),
  CHECK (sealed_intermediate IS NULL OR intermediate_pem IS NOT NULL),
  CHECK ((intermediate_pem IS NULL) = (intermediate_spki_sha256 IS NULL))
) STRICT;
INSERT INTO authority_with_revokers SELECT * FROM authority;
DROP TABLE authority;
ALTER TABLE authority_with_revokers RENAME TO authority;
CREATE UNIQUE INDEX one_authority_signs ON authority (retired_at IS NULL) WHERE retired_at IS NULL;
`,
  // 14: Channels by which notices leave the program.
  /* sql */ `
CREATE TABLE notice_channels (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  place TEXT NOT NULL,
  sealed BLOB,
  state TEXT NOT NULL CHECK (json_valid(state)),
  created_at TEXT NOT NULL
) STRICT;
`,
  // 15: Tags of domains, and the person or team that is responsible for a certificate.
  /* sql */ `
ALTER TABLE domains ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
ALTER TABLE certificates ADD COLUMN owner TEXT NOT NULL DEFAULT '';
`,
  // 16: Rows of the audit trail about several domains, which belong to the history of each.
  /* sql */ `
CREATE INDEX audit_of_several ON audit (sequence) WHERE after ->> '$.domains' IS NOT NULL;
`,
  // 17: Keys by which Edgekeep logs in at the servers of targets.
  /* sql */ `
CREATE TABLE target_keys (
  id TEXT PRIMARY KEY NOT NULL,
  public_key BLOB NOT NULL,
  sealed BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
`,
  // 18: Real folder that a folder origin must not leave: its real path now, or that of the project whose file
  // names it.
  /* sql */ `
CREATE TEMP TABLE projects_of_domains AS
  SELECT domain.value AS name, project.value ->> '$.folder' AS folder
  FROM settings, json_each(settings.value) project, json_each(project.value, '$.domains') domain
  WHERE settings.key = 'develop.projects';
UPDATE domains SET
  origin = with_boundaries(origin, (SELECT folder FROM projects_of_domains p WHERE p.name = domains.name)),
  policies = with_boundaries(policies, (SELECT folder FROM projects_of_domains p WHERE p.name = domains.name))
  WHERE instr(origin, '"folder"') > 0 OR instr(policies, '"folder"') > 0;
DROP TABLE projects_of_domains;
`,
  // 19: Roots that came with uploaded certificates; those of private authorities can be trusted from here.
  /* sql */ `
ALTER TABLE certificate_chains ADD COLUMN root_pem TEXT;
`,
]
