import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { count } from '../../../contract/text/count.ts'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import { readableText } from '../../../contract/text/readable-name.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { table } from '../../output/format.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { withEngine } from '../../session.ts'

const auditFlags = {
  '--verify': 'verify that no entry was changed, removed or added from outside',
  '--limit <number>': { about: 'number of entries to show', default: '50' },
} as const satisfies Flags
type AuditOptions = OptionsOf<typeof auditFlags>

export const auditCommand = answer('audit', {
  summary: 'who changed what, and when',
  about: 'Show the audit trail: who changed what and when, with the values before and after. Newest first.',
  flags: auditFlags,
  examples: ['audit --limit 10', 'audit --verify'],
  run: (global, options: AuditOptions) =>
    withEngine(
      global,
      (session) => (options.verify ? verify(session) : list(session, options.limit)),
      options.verify ? 'keys' : 'facts',
    ),
})

async function verify({ client }: Session): Promise<Result> {
  const audit = await client.audit.verify()
  const text = `The audit trail is as it was written: ${count(audit.rows, 'row')}.`
  if (audit.ok) return { data: { audit }, text }
  const no = new EdgekeepError('audit.broken', {
    row: audit.brokenAt ?? audit.rows,
    reason: audit.reason ?? 'the chain does not hold',
  })
  return { data: { audit }, text: no.message, no }
}

async function list({ client }: Session, limitText: string): Promise<Result> {
  const limit = Number(limitText)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw usageError(`--limit ${limitText} is not a number from 1 to 1000.`)
  }
  const rows = await client.audit.list({ limit })
  const empty = 'Nothing was changed yet.'
  return {
    data: { rows },
    text: table(['ROW', 'WHEN', 'WHO', 'WHAT', 'TO', 'CHANGE'], rows.map(cells), empty),
  }
}

function cells({ sequence, at, actor, action, subject, before, after }: AuditRow): string[] {
  return [String(sequence), at, actor, action, readableText(subject), `${short(before)} → ${short(after)}`]
}

function short(value: AuditRow['before']): string {
  if (value === null) return '–'
  const text = readableText(typeof value === 'string' ? value : JSON.stringify(value))
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
