/**
 * Public half of the recovery key, in the clear for reading while the vault is locked, and sealed: only the
 * sealed copy counts, so that an editor of the database cannot replace the key. Also the wrong passphrases
 * given to a locked vault, until they can be written to the audit trail.
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
