import { z } from 'zod'
import { define, none, withReason } from './define.ts'
import { placeInWords } from './place.ts'

/** Certificates that are given, kept or served. */
export const certificateErrors = {
  'certificate.malformed': define(
    'input',
    withReason,
    (d) =>
      `The certificate in ${placeInWords(d.place)} cannot be read: ${d.reason}. Export it again from where it came.`,
  ),
  'certificate.too_long': define(
    'input',
    z.object({ count: z.number(), limit: z.number() }),
    (d) =>
      `There are ${d.count} certificates; a chain may have at most ${d.limit}. Leave out what does not belong to it.`,
  ),
  'certificate.duplicated': define(
    'state',
    z.object({ name: z.string(), fingerprintSha256: z.string() }),
    (d) => `This certificate is already in the vault as "${d.name}". Use that one, or remove it first.`,
  ),
  'certificate.not_found': define(
    'state',
    z.object({ reference: z.string() }),
    (d) => `No certificate is called "${d.reference}". See "edgekeep cert list" for those there are.`,
  ),
  'certificate.ambiguous': define(
    'input',
    z.object({ reference: z.string(), candidates: z.array(z.string()) }),
    (d) => `"${d.reference}" could be ${d.candidates.join(' or ')}. Give more of the identifier.`,
  ),
  'certificate.missing': define(
    'input',
    none,
    () =>
      'There is no certificate among the files, only other pieces. Add the certificate (.crt, .pem or .cer).',
  ),
  'certificate.no_private_key': define(
    'input',
    none,
    () => 'There is a certificate but no private key. Add the key file that was made with it (.key or .pem).',
  ),
  'certificate.in_use': define(
    'state',
    z.object({ name: z.string(), domains: z.array(z.string()) }),
    (d) =>
      `"${d.name}" serves ${d.domains.join(', ')}. Give these domains another certificate or turn HTTPS off there first.`,
  ),
  'certificate.several_leaves': define(
    'input',
    z.object({ subjects: z.array(z.string()) }),
    (d) =>
      `There are several certificates with a matching key: ${d.subjects.join('; ')}. Give the files of one certificate at a time.`,
  ),
  'certificate.not_everywhere': define(
    'state',
    z.object({ name: z.string(), domains: z.array(z.string()) }),
    (d) => `"${d.name}" cannot serve ${d.domains.join(', ')}: what they have stays.`,
  ),
  'certificate.not_all_imported': define(
    'state',
    z.object({ failed: z.number() }),
    (d) => `${d.failed} could not be imported; see the reason beside each.`,
  ),
  'certificate.weak': define(
    'input',
    withReason,
    (d) => `The certificate in ${placeInWords(d.place)} cannot be served: ${d.reason}.`,
  ),
  'certificate.expiring': define(
    'state',
    z.object({ titles: z.array(z.string()) }),
    (d) => `These end within that time or have ended: ${d.titles.join(', ')}. Renew them.`,
  ),
}
