import { z } from 'zod'
import { applicationFieldName } from '../text/field-name.ts'

export const headerDirectionSchema = z.enum(['request', 'response'])
export type HeaderDirection = z.infer<typeof headerDirectionSchema>

/** One rule; rules apply in order, each to the result of the previous ones. */
export const headerRuleSchema = z.strictObject({
  /** `request`: before it goes to the origin. `response`: the origin's, before it goes to the client. */
  on: headerDirectionSchema,
  /** `set` replaces all fields of that name, `add` appends one, `drop` removes all. */
  action: z.enum(['set', 'add', 'drop']),
  name: z.string().max(256),
  /** Empty for `drop`. */
  value: z.string().max(8192).default(''),
})
export type HeaderRule = z.infer<typeof headerRuleSchema>

export const headerPolicySchema = z.strictObject({ rules: z.array(headerRuleSchema).max(100).default([]) })
export type HeaderPolicy = z.infer<typeof headerPolicySchema>

/** Returns the reason why this rule is invalid, or null. */
export function headerRuleFault({ on, action, name, value }: HeaderRule): string | null {
  if (!tokenPattern.test(name)) {
    return name === ''
      ? 'it has no name'
      : 'its name has characters that no field name may have (RFC 9110, section 5.6.2)'
  }
  const lower = name.toLowerCase()
  const reserved = reservedFor(on, lower)
  if (reserved !== null) return reserved
  if (action === 'drop') return value === '' ? null : 'a field that is dropped has no value'
  if (!valuePattern.test(value)) {
    return 'its value has a line break or another character that no value may have (RFC 9110, section 5.5)'
  }
  if (value !== value.trim()) return 'its value begins or ends with a space'
  if (action === 'add' && singletons.has(lower)) {
    return `there can be only one ${lower}; use "set"`
  }
  return null
}

/** Reserved fields: framing (RFC 9112), the connection (RFC 9110, section 7.6.1), and the edge's own. */
function reservedFor(on: HeaderDirection, name: string): string | null {
  if (name !== applicationFieldName(name))
    return 'many programs take "_", "." and other signs in a field name for "-", so it could pass for another field; write it with "-"'
  if (framing.has(name)) return 'it says where a message ends, which only the edge may say'
  if (hopByHop.has(name)) return 'it belongs to one connection and not to the message'
  if (name.startsWith('sec-websocket-')) return 'it is part of the websocket handshake'
  if (name === 'content-encoding' || name === 'content-range') {
    return 'it says what the body is, which the edge does not change'
  }
  if (on === 'response') {
    return name === 'strict-transport-security' ? 'HSTS has a policy of its own ("edgekeep hsts")' : null
  }
  if (name === 'host')
    return 'the Host field of the origin is set with the origin ("edgekeep domain set --host-header")'
  if (name === 'expect') return 'the edge answers for it'
  if (ownStatements.has(name) || /^x-(forwarded|client-cert)-/.test(name)) {
    return 'it says who the client is and how it came, which the edge says itself'
  }
  return null
}

const ownStatements = new Set(['client-cert', 'client-cert-chain', 'forwarded', 'via', 'x-real-ip'])
const framing = new Set(['content-length', 'transfer-encoding', 'trailer'])
const hopByHop = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
])
/** Settable fields that are no lists: two of them break a message. */
const singletons = new Set([
  'age',
  'authorization',
  'content-location',
  'content-type',
  'cookie',
  'date',
  'etag',
  'expires',
  'from',
  'last-modified',
  'location',
  'origin',
  'referer',
  'retry-after',
  'server',
  'user-agent',
])

const tokenPattern = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
/** Visible ASCII, spaces and tabs, which every recipient reads alike. */
const valuePattern = /^[\t\x20-\x7e]*$/
