/**
 * The triggers stop mistakes of the program; the hash chain detects edits of the file. `before` and `after`
 * are JSON, `null` without a value.
 */
export const auditTrail = /* sql */ `
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
`
