import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { asn1ElementSchema } from './asn1.ts'
import { hexSchema } from '../shared/hex.ts'
import { placeSchema } from '../errors/registry.ts'

export const publicKeySchema = z.object({
  /** `RSA`, `RSA-PSS`, `EC`, `Ed25519`, `Ed448`, `DSA`, or the algorithm's OID. */
  type: z.string(),
  /** Modulus or field size in bits, where applicable. */
  bits: z.number().int().optional(),
  /** `P-256`, `P-384`, `P-521`, or the OID of another curve. */
  curve: z.string().optional(),
  /** SHA-256 over the DER SubjectPublicKeyInfo, EC points uncompressed: equal exactly when the keys are. */
  spkiSha256: hexSchema,
})
export type PublicKeyFacts = z.infer<typeof publicKeySchema>

export const extensionSchema = z.object({
  oid: z.string(),
  /** Name of the extension, `Subject Alternative Name`; the OID if it has none. */
  name: z.string(),
  critical: z.boolean(),
  /** Decoded value, one string per line. */
  words: z.array(z.string()),
  rawHex: hexSchema,
  /** ASN.1 of an unknown extension; `words` has the same as text. */
  asn1: z.array(asn1ElementSchema).optional(),
})
export type ExtensionFacts = z.infer<typeof extensionSchema>

export const certificateFactsSchema = z.object({
  /** RFC 4514 string, most specific first, `CN=shop.test,O=Shop`. */
  subject: z.string(),
  issuer: z.string(),
  /** Display name: common name, else first SAN, else the subject. */
  title: z.string(),
  names: z.object({
    dns: z.array(z.string()),
    ip: z.array(z.string()),
    email: z.array(z.string()),
    uri: z.array(z.string()),
  }),
  notBefore: timeSchema,
  notAfter: timeSchema,
  lifetimeDays: z.number(),
  serialHex: hexSchema,
  version: z.number().int(),
  publicKey: publicKeySchema,
  /** `ECDSA with SHA-256`. */
  signatureAlgorithm: z.string(),
  fingerprintSha256: hexSchema,
  fingerprintSha1: hexSchema,
  /** base64 of SHA-256 over the SPKI as encoded in the certificate (RFC 7469, section 2.4). */
  spkiPin: z.string(),
  isCa: z.boolean(),
  /** Subject equals issuer and the signature is by its own key. */
  isSelfSigned: z.boolean(),
  keyUsage: z.array(z.string()),
  extendedKeyUsage: z.array(z.string()),
  extensions: z.array(extensionSchema),
})
export type CertificateFacts = z.infer<typeof certificateFactsSchema>

/** One verdict of a verification. `reason` is a sentence, for yes as for no. */
export const answerSchema = z.object({
  ok: z.boolean(),
  /** Stable, `expired`, `not_yet_valid`, `unknown_authority`, `bad_signature`, `name_mismatch`, … or `ok`. */
  code: z.string(),
  reason: z.string(),
})
export type Answer = z.infer<typeof answerSchema>

/** The product's four verdicts; `name` is null without a host to check. */
export const fourAnswersSchema = z.object({
  validity: answerSchema,
  authority: answerSchema,
  signature: answerSchema,
  name: answerSchema.nullable(),
})
export type FourAnswers = z.infer<typeof fourAnswersSchema>

/** The four verdicts with their titles, in display order. */
export const answerTitles: readonly (readonly [keyof FourAnswers, string])[] = [
  ['validity', 'Validity'],
  ['authority', 'Authority'],
  ['signature', 'Signature'],
  ['name', 'Name'],
]

/** First rule that a candidate path breaks. `index` counts from the leaf, 0. */
export const brokenRuleSchema = z.object({
  code: z.string(),
  message: z.string(),
  index: z.number().int(),
  /** `RFC 5280, section 6.1.3`. */
  reference: z.string(),
})

export const candidatePathSchema = z.object({
  /** Leaf first, by subject title and fingerprint. */
  certificates: z.array(z.object({ title: z.string(), fingerprintSha256: hexSchema })),
  broken: brokenRuleSchema.nullable(),
})

export const verificationSchema = z.object({
  /** All four verdicts are yes (`name` counts only with a host to check). */
  ok: z.boolean(),
  answers: fourAnswersSchema,
  /** Valid path, leaf first, trust anchor last; empty without one. */
  path: z.array(z.object({ title: z.string(), fingerprintSha256: hexSchema })),
  candidates: z.array(candidatePathSchema),
  /** Trust anchors at the path's end: `public roots`, `local authority`, `the given roots`. */
  trustedBy: z.string().nullable(),
})
export type Verification = z.infer<typeof verificationSchema>

export const pieceKindSchema = z.enum([
  'certificate',
  'private-key',
  'encrypted-private-key',
  'certificate-request',
  'revocation-list',
  'ocsp',
  'public-key',
  'parameters',
  'archive',
  'unknown',
])

/** Piece found in the input. Never has key material: of a private key only the facts of its public half. */
export const pieceSchema = z.object({
  /** Unique within the report, `p1`, `p2`, … */
  id: z.string(),
  kind: pieceKindSchema,
  place: placeSchema,
  /** Short description: `EC P-256 private key (SEC1)`. */
  title: z.string(),
  /** Encoding of the file. */
  form: z.enum(['pem', 'messy-pem', 'der', 'pkcs7', 'pkcs12', 'jks']).optional(),
  /** Encrypted; needs its passphrase. */
  locked: z.boolean().optional(),
  certificate: certificateFactsSchema.optional(),
  /** Public half of a key; absent while it is encrypted. */
  publicKey: publicKeySchema.optional(),
  /** Facts of a CSR, CRL or other piece, one per line. */
  words: z.array(z.string()).optional(),
})
export type Piece = z.infer<typeof pieceSchema>

export const fixSchema = z.object({
  kind: z.enum([
    'reordered',
    'root-removed',
    'duplicate-removed',
    'parameters-removed',
    'converted',
    'rewrapped',
    'decrypted',
    'unrelated-left-out',
  ]),
  message: z.string(),
})
export type Fix = z.infer<typeof fixSchema>

/** Line diff between the uploaded and the served files. A private key appears only as `[private key]`. */
export const cleanDiffSchema = z.object({
  lines: z.array(
    z.object({
      /** `file` names the source file of the lines after it. */
      change: z.enum(['file', 'kept', 'removed', 'added']),
      text: z.string(),
    }),
  ),
  /** Number of lines beyond those compared. */
  omitted: z.number().int(),
})
export type CleanDiff = z.infer<typeof cleanDiffSchema>

/** Leaf with its chain and its key, by piece id. */
export const bundleSchema = z.object({
  leaf: z.string(),
  /** Intermediates in order, the leaf's issuer first; no root. */
  chain: z.array(z.string()),
  key: z.string().nullable(),
  /** Root above them, if it is among the pieces. It is not served. */
  root: z.string().optional(),
})
export type Bundle = z.infer<typeof bundleSchema>

export const keyMatchSchema = z.object({
  matches: z.boolean(),
  certificateSpkiSha256: hexSchema,
  keySpkiSha256: hexSchema,
})

export const intakeReportSchema = z.object({
  pieces: z.array(pieceSchema),
  problems: z.array(z.object({ code: z.string(), message: z.string(), place: placeSchema.optional() })),
  fixes: z.array(fixSchema),
  bundles: z.array(bundleSchema),
  /** Pieces that belong to no bundle. */
  orphans: z.array(z.string()),
  /** Null without a leaf and a readable key. */
  keyMatch: keyMatchSchema.nullable(),
  /** The one bundle that can be served, or the reason why there is none. */
  servable: bundleSchema.nullable(),
  /** Diff of the fixes; null if nothing can be served. */
  clean: cleanDiffSchema.nullable(),
  notServable: z.object({ code: z.string(), message: z.string(), place: placeSchema.optional() }).nullable(),
})
export type IntakeReport = z.infer<typeof intakeReportSchema>
