/**
 * A protector can have several wrapping keys: the recorded one opens the vault, and those in `keys_to_forget`
 * are being added or removed.
 */
export const namedWrappingKeys = /* sql */ `
ALTER TABLE protection ADD COLUMN key_name TEXT NOT NULL DEFAULT '';
UPDATE protection SET key_name = (SELECT vault_id FROM vault);

CREATE TABLE keys_to_forget (
  protector TEXT NOT NULL,
  key_name TEXT NOT NULL,
  PRIMARY KEY (protector, key_name)
) STRICT;
`
