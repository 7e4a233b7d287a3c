/**
 * The public half of the recovery key that backups are sealed to, readable while the vault is locked,
 * and sealed as well: what is sealed is what counts, and nobody who edits the database can put a key
 * of his own in its place. And the wrong passphrases that a locked vault was given, until it is open
 * and they can be written into the audit trail.
 */
export const recoveryKey = /* sql */ `
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
`
