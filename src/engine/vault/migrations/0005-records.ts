/**
 * Notes and tags of certificates, and the backup schedule. A certificate's history is its rows in the audit
 * trail, also after its removal: the indexes find them.
 */
export const records = /* sql */ `
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
`
