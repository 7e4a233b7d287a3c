import { z } from 'zod'
import { visibleText } from './visible-text.ts'

/**
 * Where in the caller's input a problem sits. `file` is the name the caller gave (never a
 * path of the machine), `block` counts PEM blocks from 1, `line` counts text lines from 1,
 * `offset` counts bytes from 0.
 */
export const placeSchema = z.object({
  file: z.string().optional(),
  block: z.number().int().positive().optional(),
  line: z.number().int().positive().optional(),
  offset: z.number().int().nonnegative().optional(),
})
export type Place = z.infer<typeof placeSchema>

/** `shop.pem, block 2, line 31` */
export function placeInWords(place: Place | undefined): string {
  if (!place) return 'the input'
  const parts = [
    place.file === undefined ? 'the input' : visibleText(place.file),
    place.block === undefined ? undefined : `block ${place.block}`,
    place.line === undefined ? undefined : `line ${place.line}`,
    place.offset === undefined || place.line !== undefined ? undefined : `byte ${place.offset}`,
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

type ErrorKind = 'input' | 'state' | 'trouble'
interface ErrorDefinition<S extends z.ZodType> {
  /** `input`: the caller can mend it; `state`: the answer is no; `trouble`: the engine could not. */
  kind: ErrorKind
  data: S
  /** One or two sentences: what is wrong, where, and what to do. */
  sentence: (data: z.infer<S>) => string
}
function define<S extends z.ZodType>(
  kind: ErrorKind,
  data: S,
  sentence: (data: z.infer<S>) => string,
): ErrorDefinition<S> {
  return { kind, data, sentence }
}

const none = z.object({})
const atPlace = z.object({ place: placeSchema.optional() })
const withReason = z.object({ place: placeSchema.optional(), reason: z.string() })
const named = z.object({ name: z.string() })
const portOwner = z.object({
  port: z.number(),
  owner: z.string().optional(),
  nextFreePort: z.number().optional(),
})

const proofsInWords = {
  passphrase: 'the passphrase of the vault',
  recoveryKey: 'its recovery key',
  code: "the confirmation code in Edgekeep's folder",
} as const

/** Every failure the product can name. Sentences never hold a secret or a path of the user's. */
export const errorRegistry = {
  'input.invalid': define('input', z.object({ reason: z.string() }), (d) => d.reason),
  'input.too_large': define(
    'input',
    z.object({ place: placeSchema.optional(), sizeBytes: z.number(), limitBytes: z.number() }),
    (d) =>
      `${placeInWords(d.place)} has ${d.sizeBytes} bytes; at most ${d.limitBytes} are read. Give the certificate or key file itself.`,
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
  'key.malformed': define(
    'input',
    withReason,
    (d) =>
      `The private key in ${placeInWords(d.place)} cannot be read: ${d.reason}. Export it again from where it came.`,
  ),
  'key.encrypted': define(
    'input',
    atPlace,
    (d) =>
      `The private key in ${placeInWords(d.place)} has a passphrase. Give the passphrase; the key is then sealed by the vault.`,
  ),
  'key.wrong_passphrase': define(
    'input',
    atPlace,
    (d) => `The passphrase does not open ${placeInWords(d.place)}. Nothing was stored; try again.`,
  ),
  'key.unsupported_type': define(
    'input',
    z.object({ place: placeSchema.optional(), type: z.string() }),
    (d) =>
      `The private key in ${placeInWords(d.place)} is of the type ${d.type}, which cannot serve HTTPS here. Use RSA (2048 bits or more), EC (P-256, P-384, P-521) or Ed25519.`,
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
      `The sealed key of "${d.name}" does not open with this vault's data key; its row was changed or damaged. Upload the certificate and key again.`,
  ),
  'name.not_covered': define(
    'state',
    z.object({ domain: z.string(), names: z.array(z.string()) }),
    (d) =>
      `The certificate does not cover ${d.domain}; it covers ${d.names.join(', ') || 'no name at all'}. Give one whose names include ${d.domain}.`,
  ),
  'domain.invalid': define(
    'input',
    z.object({ name: z.string(), reason: z.string() }),
    (d) => `"${d.name}" is not a domain that can be served: ${d.reason}. Examples: shop.test, *.shop.test.`,
  ),
  'domain.changed_meanwhile': define(
    'state',
    z.object({
      name: z.string(),
      /** What of it: "origin", "header rules". */
      what: z.string(),
      /** Who changed the domain last, and when; null where the audit trail does not say. */
      by: z.string().nullable(),
      at: z.string().nullable(),
    }),
    (d) =>
      `The ${d.what} of ${d.name} changed after you read it${d.by ? ` (by the ${d.by}${d.at ? `, ${d.at}` : ''})` : ''}. Nothing was saved. Look at what it is now, and save again.`,
  ),
  'domain.exists': define(
    'state',
    named,
    (d) => `${d.name} is there already. Change it with "edgekeep domain set".`,
  ),
  'domain.not_found': define(
    'state',
    named,
    (d) =>
      `There is no domain ${d.name}. Add it with "edgekeep domain add ${d.name} --origin http://127.0.0.1:3000".`,
  ),
  'domain.https_off': define(
    'state',
    named,
    (d) => `HTTPS is off for ${d.name}. Turn it on first with "edgekeep https on ${d.name} --free".`,
  ),
  'domain.no_previous': define(
    'state',
    named,
    (d) =>
      `There is no earlier certificate to go back to for ${d.name}: none was replaced, or it was erased.`,
  ),
  'origin.invalid': define(
    'input',
    z.object({ origin: z.string(), reason: z.string() }),
    (d) =>
      `"${d.origin}" is not an origin: ${d.reason}. Examples: http://127.0.0.1:3000, https://staging.example.com.`,
  ),
  'remote.unreachable': define(
    'input',
    z.object({ host: z.string(), port: z.number(), reason: z.string() }),
    (d) =>
      `${visibleText(d.host)}:${d.port} shows no certificate: ${d.reason}. Check host and port, and the name that the server expects.`,
  ),
  'policy.anchors_missing': define(
    'input',
    none,
    () =>
      'Client certificates are asked for, but there is no authority that they may come from. Give its certificate (PEM).',
  ),
  'policy.anchor_unusable': define(
    'input',
    z.object({ name: z.string().optional(), reason: z.string() }),
    (d) =>
      `${d.name === undefined ? 'The certificate' : `"${visibleText(d.name)}"`} cannot be what client certificates lead to: ${d.reason}. Give the certificate of the authority that issues them.`,
  ),
  'policy.invalid': define(
    'input',
    z.object({ section: z.string(), reason: z.string() }),
    (d) => `The policy "${d.section}" cannot be set: ${d.reason}. Nothing was changed.`,
  ),
  'staging.expired': define(
    'state',
    none,
    () => 'These files are no longer held (they are kept for fifteen minutes). Give them again.',
  ),
  'edge.port_taken': define(
    'trouble',
    portOwner,
    (d) =>
      `Port ${d.port} is taken${d.owner ? ` by ${d.owner}` : ''}.${d.nextFreePort ? ` Port ${d.nextFreePort} is free.` : ' Choose another.'}`,
  ),
  'edge.port_forbidden': define(
    'trouble',
    z.object({ port: z.number() }),
    (d) => `Port ${d.port} needs rights that this user does not have. Choose one above 1023.`,
  ),
  'edge.workers_unsupported': define(
    'trouble',
    none,
    () =>
      'This system cannot share a port between processes, which more than one worker needs. Start with "--workers 1".',
  ),
  'edge.not_running': define('trouble', none, () => 'The edge is not running. Start it with "edgekeep up".'),
  'edge.not_applied': define(
    'trouble',
    z.object({ version: z.number() }),
    (d) =>
      `The change is stored (configuration version ${d.version}) but the edge has not taken it up yet. It will when its worker is back.`,
  ),
  'edge.without_keys': define(
    'trouble',
    z.object({ domains: z.array(z.string()) }),
    (d) =>
      `The edge has no keys, because the vault is locked: ${d.domains.join(', ')} cannot be reached over HTTPS. Unlock the vault in the window or with "edgekeep unlock".`,
  ),
  'edge.keys_unreadable': define(
    'trouble',
    z.object({ domains: z.array(z.string()) }),
    (d) =>
      `The vault holds keys that do not open: ${d.domains.join(', ')} cannot be reached over HTTPS. Replace the certificate of each, or restore a backup.`,
  ),
  'traffic.gone': define(
    'input',
    none,
    () => 'That is no longer remembered: only the latest traffic is. Look at what is listed now.',
  ),
  'traffic.not_replayable': define(
    'input',
    none,
    () =>
      'Only a GET or HEAD request that was seen whole can be sent again. Copy it as a curl command and send that.',
  ),
  'traffic.replay_failed': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) =>
      `The request that was sent again got no whole answer (${d.reason}). Its row in the traffic says why.`,
  ),
  'engine.unreachable': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The engine does not answer: ${d.reason}. Start it with "edgekeep up".`,
  ),
  'engine.busy': define(
    'trouble',
    none,
    () =>
      'Another Edgekeep has this vault open but does not answer. Wait for it to end, or end it, and try again.',
  ),
  'engine.failed': define(
    'trouble',
    none,
    () =>
      'Something went wrong inside the engine. The details are in its log; nothing was changed by this call.',
  ),
  'install.incomplete': define(
    'trouble',
    z.object({ part: z.string() }),
    (d) => `A part of Edgekeep is missing: ${d.part}. Run "npm ci" and then "npm run build" in its folder.`,
  ),
  'home.unusable': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `Edgekeep's folder cannot be used: ${d.reason}.`,
  ),
  'vault.locked': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The vault is locked: ${d.reason}. Unlock it in the window or with "edgekeep unlock".`,
  ),
  'vault.passphrase_needed': define(
    'input',
    none,
    () => 'The vault is protected by a passphrase, and this needs it. Give the passphrase of the vault.',
  ),
  'vault.wrong_passphrase': define(
    'input',
    none,
    () => 'The passphrase does not open the vault. Nothing was changed; try again.',
  ),
  'vault.proof_needed': define(
    'input',
    z.object({ accepts: z.array(z.enum(['passphrase', 'recoveryKey', 'code'])).min(1) }),
    (d) =>
      `This needs proof that it is you who asks. Give ${d.accepts.map((kind) => proofsInWords[kind]).join(' or ')}.`,
  ),
  'vault.wrong_code': define(
    'input',
    none,
    () =>
      'That is not the confirmation code, or its time has run out. Nothing was changed; ask for a new one.',
  ),
  'vault.too_many_attempts': define(
    'state',
    z.object({ seconds: z.number().int() }),
    (d) =>
      `There were too many wrong attempts at the vault. Wait ${d.seconds} seconds and try again; Activity lists them.`,
  ),
  'vault.protector_failed': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The vault's key cannot be kept there: ${d.reason}. Nothing was changed.`,
  ),
  'vault.newer': define(
    'trouble',
    z.object({ found: z.number(), known: z.number() }),
    (d) =>
      `The vault was written by a newer Edgekeep (schema ${d.found}; this one knows ${d.known}). Update Edgekeep; nothing was changed.`,
  ),
  'vault.damaged': define(
    'trouble',
    z.object({ reason: z.string() }),
    (d) => `The vault's database is damaged: ${d.reason}. Nothing was changed.`,
  ),
  'backup.malformed': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `This is not a backup that can be read: ${d.reason}. Nothing was changed.`,
  ),
  'backup.not_opened': define(
    'input',
    none,
    () =>
      'The backup does not open: the passphrase is another one, or the file was changed. Nothing was changed.',
  ),
  'backup.passphrase_needed': define(
    'input',
    none,
    () =>
      'The vault in this backup was protected by a passphrase. Give the passphrase that shall protect it here, of 8 characters or more.',
  ),
  'backup.recovery_key_needed': define(
    'input',
    z.object({ id: z.string() }),
    (d) =>
      `This backup is sealed to the recovery key ${d.id}, and opens with that and its passphrase. Give the recovery key.`,
  ),
  'recovery.missing': define(
    'state',
    none,
    () =>
      'The vault has no recovery key yet, and backups are sealed to it. Set one up in the settings of the window or with "edgekeep vault recovery-key --new".',
  ),
  'recovery.malformed': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `This is not a recovery key: ${d.reason}. Compare it with what you wrote down.`,
  ),
  'recovery.wrong': define(
    'input',
    z.object({ id: z.string() }),
    (d) => `This is another recovery key than ${d.id}, which is needed. Nothing was changed.`,
  ),
  'backup.folder_unusable': define(
    'input',
    z.object({ reason: z.string() }),
    (d) => `Copies cannot be kept in that folder: ${d.reason}. Choose another one.`,
  ),
  'backup.failed': define(
    'state',
    z.object({ reason: z.string() }),
    (d) => `The last scheduled copy of the vault was not made. ${d.reason}`,
  ),
  'configuration.malformed': define(
    'input',
    withReason,
    (d) =>
      `The configuration${d.place ? ` (${placeInWords(d.place)})` : ''} is not understood: ${d.reason}. Nothing was changed.`,
  ),
  'configuration.outdated': define(
    'state',
    none,
    () => 'The configuration has changed since the difference was shown. Look at the difference again.',
  ),
  'audit.broken': define(
    'state',
    z.object({ row: z.number(), reason: z.string() }),
    (d) =>
      `The audit trail is not as it was written: at row ${d.row}, ${d.reason}. Someone changed the vault's file from outside.`,
  ),
  'verification.failed': define('state', z.object({ reason: z.string() }), (d) => d.reason),
  'lint.findings': define(
    'state',
    z.object({ errors: z.number(), warnings: z.number() }),
    (d) => `The lint found errors: ${d.errors}, warnings: ${d.warnings}. See the advice beside each.`,
  ),
  'preflight.refused': define(
    'state',
    z.object({ targets: z.array(z.string()) }),
    (d) => `Refused by ${d.targets.join(', ')}. See the reasons beside each.`,
  ),
  'comparison.worse': define(
    'state',
    z.object({ reasons: z.array(z.string()) }),
    (d) => `Something is lost: ${d.reasons.join(' ')}`,
  ),
  'certificate.expiring': define(
    'state',
    z.object({ titles: z.array(z.string()) }),
    (d) => `These end within that time or have ended: ${d.titles.join(', ')}. Renew them.`,
  ),
  'check.failed': define('state', z.object({ reason: z.string() }), (d) => d.reason),
  'demo.failed': define('state', z.object({ step: z.string() }), (d) => `The demo stopped at: ${d.step}.`),
  'usage.wrong': define('input', z.object({ reason: z.string() }), (d) => d.reason),
} as const

export type ErrorCode = keyof typeof errorRegistry
export type ErrorData<C extends ErrorCode> = z.infer<(typeof errorRegistry)[C]['data']>

/** The sentence a person reads for `code` with `data`. */
export function errorSentence<C extends ErrorCode>(code: C, data: ErrorData<C>): string {
  const definition = errorRegistry[code] as unknown as { sentence: (data: ErrorData<C>) => string }
  return definition.sentence(data)
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorRegistry, code)
}

/** A failure with a code of the registry. `message` is its sentence; `data` holds no secret. */
export class EdgekeepError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C
  readonly data: ErrorData<C>
  constructor(code: C, data: ErrorData<C>, options?: { cause?: unknown }) {
    super(errorSentence(code, data), options)
    this.name = 'EdgekeepError'
    this.code = code
    this.data = data
  }
  get kind(): ErrorKind {
    return errorRegistry[this.code].kind
  }
}

/** A failure as plain data, for reports that hold several and for `--json`. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  place: placeSchema.optional(),
})
export type Problem = z.infer<typeof problemSchema>

export function problemOf(error: EdgekeepError): Problem {
  const place = (error.data as { place?: Place }).place
  return { code: error.code, message: error.message, ...(place ? { place } : {}) }
}
