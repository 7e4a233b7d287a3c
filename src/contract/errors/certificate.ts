import { formatNumber } from '../text/count.ts'
import { formatNearest } from '../text/nearest.ts'
import { z } from 'zod'
import { define, none, withReason } from './define.ts'
import { formatPlace } from './place.ts'

export const certificateErrors = {
  'certificate.malformed': define(
    'input',
    withReason,
    (d) =>
      `The certificate in ${formatPlace(d.place)} cannot be read: ${d.reason}. Export it again from its source.`,
  ),
  'certificate.too_long': define(
    'input',
    z.object({ count: z.number(), limit: z.number() }),
    (d) =>
      `There are ${d.count} certificates; a chain may have at most ${d.limit}. Remove those that do not belong to it.`,
  ),
  'certificate.duplicated': define(
    'state',
    z.object({ name: z.string(), fingerprintSha256: z.string() }),
    (d) => `This certificate is already in the vault as "${d.name}". Use that one, or remove it first.`,
  ),
  'certificate.not_found': define(
    'state',
    z.object({ reference: z.string(), near: z.string().optional() }),
    (d) =>
      `No certificate is called "${d.reference}".${formatNearest(d.near)} "edgekeep cert list" lists them.`,
  ),
  'certificate.ambiguous': define(
    'input',
    z.object({ reference: z.string(), candidates: z.array(z.string()) }),
    (d) => `"${d.reference}" could be ${d.candidates.join(' or ')}. Use more of the identifier.`,
  ),
  'certificate.missing': define(
    'input',
    none,
    () => 'There is no certificate among the files. Add the certificate (.crt, .pem or .cer).',
  ),
  'certificate.no_private_key': define(
    'input',
    none,
    () => 'There is a certificate but no private key. Add its key file (.key or .pem).',
  ),
  'certificate.in_use': define(
    'state',
    z.object({ name: z.string(), domains: z.array(z.string()) }),
    (d) =>
      `"${d.name}" is used by ${d.domains.join(', ')}. Give these domains another certificate, or turn HTTPS off for them, first.`,
  ),
  'certificate.several_leaves': define(
    'input',
    z.object({ subjects: z.array(z.string()) }),
    (d) =>
      `There are several certificates with a matching key: ${d.subjects.join('; ')}. Add the files of one certificate at a time.`,
  ),
  'certificate.not_everywhere': define(
    'state',
    z.object({ name: z.string(), domains: z.array(z.string()) }),
    (d) => `"${d.name}" cannot be used for ${d.domains.join(', ')}, which keep the certificates they have.`,
  ),
  'certificate.not_all_imported': define(
    'state',
    z.object({ failed: z.number() }),
    (d) => `${formatNumber(d.failed)} could not be imported. The reason is beside each.`,
  ),
  'certificate.worse': define(
    'state',
    z.object({ name: z.string(), problems: z.array(z.string()) }),
    (d) =>
      `"${d.name}" was not put in use: ${d.problems.join('; ')}. Accept that with --accept-worse, or with "Use it anyway" in the window.`,
  ),
  'certificate.weak': define(
    'input',
    withReason,
    (d) => `The certificate in ${formatPlace(d.place)} cannot be served: ${d.reason}.`,
  ),
  'certificate.expiring': define(
    'state',
    z.object({ titles: z.array(z.string()) }),
    (d) => `These certificates expire within that time or have expired: ${d.titles.join(', ')}. Renew them.`,
  ),
}
