import { z } from 'zod'
import type { AcmeProblem } from '../../../contract/errors/acme-problem.ts'
import { unusable, usableUrl, type AcmeAnswer } from './requests.ts'

/**
 * Bounded schemas for responses of ACME servers (RFC 8555, sections 7.1 and 7.5, RFC 9773), which are
 * untrusted. Unknown members are dropped.
 */
const url = z.string().max(2048)
const text = z.string().max(4096)
const time = z.string().max(64)

const identifierSchema = z.object({ type: z.string().max(64), value: z.string().max(300) })

const problemSchema = z.object({
  type: text.catch('about:blank'),
  detail: text.catch(''),
  status: z.number().int().nullable().catch(null),
  subproblems: z
    .array(
      z.object({
        type: text.catch('about:blank'),
        detail: text.catch(''),
        identifier: identifierSchema.optional().catch(undefined),
      }),
    )
    .max(100)
    .catch([]),
})

const mostProfiles = 50

/** Profile names with descriptions (draft-ietf-acme-profiles, section 3); invalid ones are dropped. */
const profilesSchema = z
  .unknown()
  .optional()
  .transform((profiles): [name: string, description: string][] => {
    if (typeof profiles !== 'object' || profiles === null) return []
    return Object.entries(profiles)
      .slice(0, mostProfiles)
      .map(([name, description]) => [name.slice(0, 100), String(description).slice(0, 2048)])
  })

/** One to ten names; anything else makes the challenge malformed, so it counts as none. */
const issuersSchema = z
  .array(
    z
      .string()
      .max(253)
      .regex(/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/),
  )
  .min(1)
  .max(10)
  .optional()
  .catch(undefined)

export const directorySchema = z.object({
  newNonce: url,
  newAccount: url,
  newOrder: url,
  revokeCert: url.optional(),
  keyChange: url.optional(),
  renewalInfo: url.optional(),
  meta: z
    .object({
      termsOfService: url.optional(),
      website: url.optional(),
      caaIdentities: z.array(z.string().max(253)).max(50).default([]),
      externalAccountRequired: z.boolean().default(false),
      profiles: profilesSchema,
      /** Prefix of hashed account URIs (draft-ietf-acme-dns-persist-02, section 4.1). */
      accountHashPrefix: url.optional().catch(undefined),
      /** Issuer names for records of dns-persist-01 that are made before an order (section 3.2). */
      issuerDomainNames: issuersSchema,
    })
    .default({ caaIdentities: [], externalAccountRequired: false, profiles: [] }),
})
export type Directory = z.infer<typeof directorySchema>

export const accountSchema = z.object({
  status: z.enum(['valid', 'deactivated', 'revoked']),
  contact: z.array(text).max(20).default([]),
})

export const orderSchema = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  expires: time.optional(),
  identifiers: z.array(identifierSchema).max(200),
  authorizations: z.array(url).max(200),
  finalize: url,
  certificate: url.optional(),
  error: problemSchema.optional(),
})
export type AcmeOrder = z.infer<typeof orderSchema>

const challengeSchema = z.object({
  type: z.string().max(64),
  url,
  status: z.enum(['pending', 'processing', 'valid', 'invalid']),
  token: z.string().max(512).optional(),
  /** Members of dns-persist-01; the second name is the one before draft 02. */
  issuerDomainNames: issuersSchema,
  'issuer-domain-names': issuersSchema,
  error: problemSchema.optional(),
})
export type Challenge = z.infer<typeof challengeSchema>

export const authorizationSchema = z.object({
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  identifier: identifierSchema,
  wildcard: z.boolean().default(false),
  challenges: z.array(challengeSchema).max(50),
})
export type Authorization = z.infer<typeof authorizationSchema>

export const renewalInfoSchema = z.object({
  suggestedWindow: z.object({ start: time, end: time }),
  explanationURL: url.optional(),
})

/** @throws `acme.answer_unusable` if `answer` is not JSON of that shape */
export function readAnswer<S extends z.ZodType>(schema: S, answer: AcmeAnswer, what: string): z.infer<S> {
  const read = schema.safeParse(jsonOf(answer))
  if (read.success) return read.data
  const at = read.error.issues[0]?.path.join('.') ?? ''
  throw unusable(answer.host, `it is not ${what}${at === '' ? '' : ` (${at})`}`)
}

/** The problem document of an error response, or a substitute for a missing one. */
export function problemOfAnswer(answer: AcmeAnswer): AcmeProblem {
  const read = problemSchema.safeParse(jsonOf(answer))
  return read.success
    ? problemOf({ ...read.data, status: answer.status })
    : { type: 'about:blank', detail: `HTTP status ${answer.status}`, status: answer.status, subproblems: [] }
}

export function problemOf(told: z.infer<typeof problemSchema>): AcmeProblem {
  return {
    type: shortType(told.type),
    detail: told.detail,
    status: told.status,
    subproblems: told.subproblems.map(({ type, detail, identifier }) => ({
      identifier: identifier?.value ?? null,
      type: shortType(type),
      detail,
    })),
  }
}

function shortType(type: string): string {
  return type.replace(/^urn:ietf:params:acme:error:/, '')
}

/** Null for invalid JSON. */
function jsonOf({ body }: AcmeAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

/** @throws `acme.answer_unusable` and `acme.url_refused` */
export function locationOf(answer: AcmeAnswer, what: string): string {
  const { location } = answer.headers
  if (location === undefined) throw unusable(answer.host, `it does not say where ${what} is`)
  return usableUrl(location).href
}

/** Targets of the Link fields with a relation (RFC 8288), without those that cannot be fetched. */
export function linksOf({ headers }: AcmeAnswer, relation: string): string[] {
  const fields = headers.link
  const text = Array.isArray(fields) ? fields.join(', ') : (fields ?? '')
  return text
    .slice(0, 16_384)
    .split(',')
    .flatMap((part) => {
      const [target = '', ...parameters] = part.split(';').map((each) => each.trim())
      const fits = parameters.some((each) => each === `rel="${relation}"` || each === `rel=${relation}`)
      return fits && target.startsWith('<') && target.endsWith('>') ? [target.slice(1, -1)] : []
    })
}
