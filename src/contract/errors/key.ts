import { z } from 'zod'
import { sentences } from '../text/sentences.ts'
import { atPlace, define, none, withReason } from './define.ts'
import { formatPlace, placeSchema } from './place.ts'

export const keyErrors = {
  'key.never_exported': define('input', none, () => sentences.keysStay),
  'key.malformed': define(
    'input',
    withReason,
    (d) =>
      `The private key in ${formatPlace(d.place)} cannot be read: ${d.reason}. Export it again from its source.`,
  ),
  'key.encrypted': define(
    'input',
    atPlace,
    (d) => `The private key in ${formatPlace(d.place)} is encrypted. Enter its passphrase.`,
  ),
  'key.wrong_passphrase': define(
    'input',
    atPlace,
    (d) => `The passphrase does not open ${formatPlace(d.place)}. Nothing was stored; try again.`,
  ),
  'key.unsupported_encryption': define(
    'input',
    z.object({ place: placeSchema, algorithm: z.string(), convert: z.string() }),
    (d) =>
      `${formatPlace(d.place)} is encrypted with ${d.algorithm}, which Edgekeep does not support. If your OpenSSL does, convert it with "${d.convert}".`,
  ),
  'key.unsupported_type': define(
    'input',
    z.object({ place: placeSchema.optional(), type: z.string(), advice: z.string().optional() }),
    (d) =>
      `The private key in ${formatPlace(d.place)} is of type ${d.type}, which cannot be used for HTTPS here. ${d.advice ?? 'Use RSA (2048 bits or more), EC (P-256, P-384, P-521) or Ed25519.'}`,
  ),
  'key.mismatch': define(
    'input',
    z.object({ certificateSpkiSha256: z.string(), keySpkiSha256: z.string() }),
    (d) =>
      `The private key does not belong to the certificate (the certificate's public key is ${d.certificateSpkiSha256.slice(0, 16)}…, the key's is ${d.keySpkiSha256.slice(0, 16)}…). Nothing was stored. Find the key that was made with this certificate's request.`,
  ),
  'key.unsealable': define(
    'trouble',
    z.object({ name: z.string() }),
    (d) =>
      `The sealed key of "${d.name}" cannot be decrypted with this vault's data key: its row was changed or damaged. Upload the certificate and key again.`,
  ),
}
