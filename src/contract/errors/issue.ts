import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { define, none } from './define.ts'

/** Certificates that the local authority issues or revokes, and certificate requests. */
export const issueErrors = {
  'issue.name_invalid': define(
    'input',
    z.object({ name: z.string(), reason: z.string() }),
    (d) =>
      `"${visibleText(d.name)}" is not a valid name for a certificate: ${d.reason}. Examples: shop.test, *.shop.test, 127.0.0.1, anna@shop.test.`,
  ),
  'issue.no_server_name': define(
    'input',
    none,
    () =>
      'A certificate for servers needs a domain or an address that it covers. Examples: shop.test, 127.0.0.1.',
  ),
  'issue.after_9999': define(
    'state',
    none,
    () =>
      "A certificate issued now would end after the year 9999, which no certificate can state. Check this computer's clock, and try again.",
  ),
  'issue.not_local': define(
    'state',
    z.object({ name: z.string() }),
    (d) =>
      `"${visibleText(d.name)}" is not among the certificates that the local authority has issued. Only the authority that issued a certificate can revoke it or issue it again. To list what it has issued: edgekeep cert issued`,
  ),
  'issue.revoked_already': define(
    'state',
    z.object({ name: z.string(), at: z.string() }),
    (d) => `"${visibleText(d.name)}" has been revoked since ${d.at}.`,
  ),
  'issue.key_gone': define(
    'state',
    z.object({ name: z.string() }),
    (d) =>
      `"${visibleText(d.name)}" was signed by a key of the authority that has been erased, so no revocation list can be signed for it. Replace the certificate where it is used.`,
  ),
  'issue.key_elsewhere': define(
    'state',
    z.object({ name: z.string() }),
    (d) =>
      `The key of "${visibleText(d.name)}" is not in the vault. Make a new certificate for the device, or have whoever has the key send a new request.`,
  ),
  'request.refused': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `The certificate request is not signed: ${d.reason}. Make a new one, or change what it requests.`,
  ),
  'request.missing': define(
    'input',
    none,
    () => 'There is no certificate request among the files. Give one file with one (.csr, .pem or .der).',
  ),
  'request.several': define(
    'input',
    z.object({ count: z.number() }),
    (d) => `There are ${d.count} certificate requests among the files. Give one at a time.`,
  ),
  'request.not_found': define(
    'state',
    z.object({ reference: z.string() }),
    (d) =>
      `No certificate request "${visibleText(d.reference)}" is waiting. "edgekeep cert requests" lists them.`,
  ),
}
