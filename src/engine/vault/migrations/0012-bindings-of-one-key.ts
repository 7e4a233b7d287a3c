/**
 * Account key that used an external account binding: the binding is valid for no other one. Where several
 * accounts used the same binding, they stay, and it belongs to the first. Whether bindings are required was
 * stored before a person could choose it; without a stored value, the default of this computer applies.
 */
export const bindingsOfOneKey = /* sql */ `
ALTER TABLE acme_server_bindings ADD COLUMN account_thumbprint TEXT;
UPDATE acme_server_bindings SET account_thumbprint = (
  SELECT account.thumbprint FROM acme_server_accounts account
  WHERE account.binding = acme_server_bindings.id
  ORDER BY account.created_at LIMIT 1
);
UPDATE settings SET value = json_remove(value, '$.requireBinding')
  WHERE key = 'acme-server' AND json_valid(value) AND json_extract(value, '$.requireBinding') = 0;
`
