import { sizeInWords } from '../rules/size-in-words.ts'
import { z } from 'zod'
import { visibleText } from '../visible-text.ts'
import { atPlace, define, withReason } from './define.ts'
import { placeInWords, placeSchema } from './place.ts'

/** Files and fields that are given. */
export const inputErrors = {
  'input.invalid': define('input', z.object({ reason: z.string() }), (d) => d.reason),
  'input.too_large': define(
    'input',
    z.object({ place: placeSchema.optional(), sizeBytes: z.number(), limitBytes: z.number() }),
    (d) =>
      `${placeInWords(d.place)} has ${sizeInWords(d.sizeBytes)}, more than the ${sizeInWords(d.limitBytes)} that are read. Give the certificate or key file itself.`,
  ),
  'input.nothing_found': define(
    'input',
    atPlace,
    (d) =>
      `No certificate, key, request or revocation list was found in ${placeInWords(d.place)}. Give PEM ("-----BEGIN CERTIFICATE-----") or DER.`,
  ),
  'input.locked': define(
    'input',
    atPlace,
    (d) =>
      `${placeInWords(d.place)} is locked by a passphrase, so what is in it could not be judged. Give the passphrase.`,
  ),
  'input.malformed': define(
    'input',
    withReason.extend({ what: z.string() }),
    (d) =>
      `The ${d.what} in ${placeInWords(d.place)} cannot be read: ${d.reason}. Export it again from where it came.`,
  ),
  'input.file_unreadable': define(
    'input',
    z.object({ file: z.string(), reason: z.string() }),
    (d) => `${visibleText(d.file)} could not be read: ${d.reason}.`,
  ),
}
