/** Policies of a domain by section; `{}`: all defaults. */
export const policies = /* sql */ `
ALTER TABLE domains ADD COLUMN policies TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(policies));
`
