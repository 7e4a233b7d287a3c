/**
 * Generations of the local authority: the signing one, with the sealed keys of root and intermediate, and
 * earlier ones, of which only the certificates remain. The authority of an early vault is the first; it
 * signed leaves itself and has no intermediate.
 */
export const authorityGenerations = /* sql */ `
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
`
