/** Parameters, besides the passphrase, for deriving a wrapping key again. */
export const derivations = /* sql */ `
CREATE TABLE derivations (
  key_name TEXT PRIMARY KEY NOT NULL,
  salt BLOB NOT NULL,
  log2_n INTEGER NOT NULL,
  r INTEGER NOT NULL,
  p INTEGER NOT NULL
) STRICT;
`
