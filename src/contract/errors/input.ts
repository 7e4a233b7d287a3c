import { formatSize } from '../text/format-size.ts'
import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'
import { atPlace, define, withReason } from './define.ts'
import { formatPlace, placeSchema } from './place.ts'

export const inputErrors = {
  'input.invalid': define('input', z.object({ reason: z.string() }), (d) => d.reason),
  'input.too_large': define(
    'input',
    z.object({ place: placeSchema.optional(), sizeBytes: z.number(), limitBytes: z.number() }),
    (d) =>
      `${formatPlace(d.place)} is ${formatSize(d.sizeBytes)}, more than the limit of ${formatSize(d.limitBytes)}. Add the certificate or key file itself.`,
  ),
  'input.nothing_found': define(
    'input',
    atPlace,
    (d) =>
      `No certificate, key, request or revocation list was found in ${formatPlace(d.place)}. Supported formats: PEM ("-----BEGIN CERTIFICATE-----"), DER, PKCS#7, PKCS#12 and Java keystores, also in zip, tar and mail.`,
  ),
  'input.locked': define(
    'input',
    atPlace,
    (d) =>
      `${formatPlace(d.place)} is encrypted, so its contents could not be checked. Enter its passphrase.`,
  ),
  'input.malformed': define(
    'input',
    withReason.extend({ what: z.string() }),
    (d) =>
      `The ${d.what} in ${formatPlace(d.place)} cannot be read: ${d.reason}. Export it again from its source.`,
  ),
  'input.archive_malformed': define(
    'input',
    withReason.extend({ what: z.string() }),
    (d) =>
      `The ${d.what} ${formatPlace(d.place)} cannot be opened: ${d.reason}. Unpack it yourself and add the files.`,
  ),
  'input.archive_too_large': define(
    'input',
    withReason,
    (d) => `${formatPlace(d.place)} was not opened: ${d.reason}. Get the certificate files themselves.`,
  ),
  'input.archive_path': define(
    'input',
    atPlace,
    (d) =>
      `${formatPlace(d.place)} was not opened: an entry has a path that leads out of the archive. Do not unpack it with other programs either.`,
  ),
  'input.other_content': define(
    'input',
    atPlace.extend({ what: z.string(), advice: z.string() }),
    (d) => `${formatPlace(d.place)} is ${d.what}. ${d.advice}`,
  ),
  'input.file_unreadable': define(
    'input',
    z.object({ file: z.string(), reason: z.string() }),
    (d) => `${visibleText(d.file)} could not be read: ${d.reason}.`,
  ),
}
