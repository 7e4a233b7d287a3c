/** What is set for a domain beyond origin, certificate and redirect, by section; `{}` is all at its default. */
export const policies = /* sql */ `
ALTER TABLE domains ADD COLUMN policies TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(policies));
`
