import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import shipped from './log-list.json' with { type: 'json' }

/** A transparency log: RFC 6962, or with `isTiled` the static-ct API. */
export interface TransparencyLog {
  name: string
  operator: string
  isTiled: boolean
  key: KeyObject
  state: z.infer<typeof stateNames>
  /** Start of the state, in milliseconds since 1970. */
  since: number
  /** The log takes certificates that end from `from` until before `to`. */
  ends: { from: number; to: number } | undefined
}

export interface LogList {
  /** Day of the list, in milliseconds since 1970. */
  at: number
  byId: ReadonlyMap<string, TransparencyLog>
}

const stateNames = z.enum(['pending', 'qualified', 'usable', 'readonly', 'retired', 'rejected'])
const moment = z.iso.datetime().transform((text) => Date.parse(text))
const logSchema = z.object({
  description: z.string().max(200),
  log_id: z.string().length(44),
  key: z.string().max(1_000),
  // Logs that only test have none.
  state: z.partialRecord(stateNames, z.object({ timestamp: moment })).optional(),
  temporal_interval: z.object({ start_inclusive: moment, end_exclusive: moment }).optional(),
})
const logs = z.array(logSchema).max(500).default([])
/** Chrome's log_list.json, version 3 (https://www.gstatic.com/ct/log_list/v3/log_list_schema.json). */
const listSchema = z.object({
  log_list_timestamp: moment,
  operators: z.array(z.object({ name: z.string().max(200), logs, tiled_logs: logs })).max(100),
})
export const mostListBytes = 1024 * 1024

/**
 * Reads a list that somebody gives.
 * @throws `input.invalid`
 */
export function readLogList(text: string): LogList {
  try {
    if (text.length > mostListBytes) throw new Error('it is larger than 1 MB')
    return logListOf(JSON.parse(text))
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    const reason = `The list of transparency logs cannot be read: ${detail}. Expected is Chrome's log_list.json, version 3.`
    throw new EdgekeepError('input.invalid', { reason })
  }
}

function logListOf(json: unknown): LogList {
  const { log_list_timestamp: at, operators } = listSchema.parse(json)
  const all = operators.flatMap(({ name, logs, tiled_logs }) => [
    ...logs.flatMap((log) => entryOf(log, name, false)),
    ...tiled_logs.flatMap((log) => entryOf(log, name, true)),
  ])
  return { at, byId: new Map(all) }
}

function entryOf(
  { description, log_id, key, state = {}, temporal_interval: interval }: z.infer<typeof logSchema>,
  operator: string,
  isTiled: boolean,
): [string, TransparencyLog][] {
  const spki = Buffer.from(key, 'base64')
  // RFC 6962, section 3.2.
  if (hash('sha256', spki, 'base64') !== log_id)
    throw new Error(`the ID of “${description}” is not the hash of its key`)
  const [current] = Object.entries(state)
  if (!current) return []
  const log = {
    name: /'([^']+)'(?: log)?$/.exec(description)?.[1] ?? description,
    operator,
    isTiled,
    key: logKey(spki, description),
    state: current[0] as TransparencyLog['state'],
    since: current[1].timestamp,
    ends: interval && { from: interval.start_inclusive, to: interval.end_exclusive },
  }
  return [[Buffer.from(log_id, 'base64').toString('hex'), log]]
}

/** RFC 6962, section 2.1.4: ECDSA on P-256, or RSA. */
function logKey(spki: Buffer, description: string): KeyObject {
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const isEc = key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  if (!isEc && key.asymmetricKeyType !== 'rsa') throw new Error(`“${description}” has a key of another type`)
  return key
}

let known: LogList | undefined

/** The list of this process: the shipped one, unless another was given. */
export function knownLogs(): LogList {
  return (known ??= logListOf(shipped))
}

/** Replaces the list of this process; undefined: by the shipped one. */
export function useLogList(list: LogList | undefined): void {
  known = list
}
