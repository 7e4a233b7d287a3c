import { type Flags, type OptionsOf, all, facts, keys } from '../../frame/declare.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { takenNameSentence } from '../../../domain/certificate-title.ts'
import type { HistoryEntry } from '../../../contract/domains/history.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { yesFlag, confirm } from '../../flags/confirmation.ts'
import { count } from '../../../contract/text/count.ts'
import { namesCell } from '../../output/fit-columns.ts'
import { table } from '../../output/format.ts'
import { tagChangesOf, tagChangeFlags, type TagOptions } from '../../bulk/tags.ts'
import { oneOrMany, targetFlags } from '../../bulk/targets.ts'
import { tagMany } from './many.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const setFlags = {
  '--note <text>': 'note, up to 2,000 characters; "" removes it',
  '--tag <tag...>': 'up to 20 tags of 40 characters',
  '--untag': 'remove all tags',
  '--owner <name>': 'person or team that is responsible for it; "" removes it',
} as const satisfies Flags
type SetOptions = OptionsOf<typeof setFlags>

const keepFlags = { ...yesFlag, '--off': 'do not keep it' } as const satisfies Flags
type KeepOptions = OptionsOf<typeof keepFlags>

export const recordCommands = all([
  keys('set <ref>', {
    summary: 'set a certificate’s note, tags and owner',
    about: 'Set a certificate’s note, tags and owner. The tags you give replace the old ones.',
    flags: setFlags,
    examples: ['cert set "shop 2026" --note "renews with the DNS" --tag prod eu'],
    run: annotate,
  }),
  keys('tag [ref...]', {
    summary: 'add tags to certificates, and remove some',
    about: 'Add tags to certificates, and remove some. Other tags stay.',
    flags: { ...tagChangeFlags, ...targetFlags() },
    examples: ['cert tag "shop 2026" blog.test --add eu --remove staging'],
    run: oneOrMany(tag, tagMany),
  }),
  keys('rename <ref> <name>', {
    about: 'Give a certificate another name. A name that is taken gets the end of the certificate added.',
    examples: ['cert rename shop.test "shop 2026"'],
    run: rename,
  }),
  keys('keep <ref>', {
    summary: 'keep a certificate when no domain uses it any more',
    about:
      'Keep a certificate in the vault when no domain uses it any more. With --off it is erased then, with its key: at once, after asking, if none uses it now.',
    flags: keepFlags,
    examples: ['cert keep shop.test', 'cert keep shop.test --off'],
    run: keep,
  }),
  facts('history <ref>', {
    summary: 'show which domains used a certificate, and what replaced it',
    about:
      'Show which domains used a certificate, what replaced it, when, and who changed it. An erased certificate is found by its ID.',
    examples: ['cert history shop.test'],
    run: certificateHistory,
  }),
])

export const domainHistoryCommand = facts('history <domain>', {
  about: 'Show which certificates a domain used, newest first. Works for removed domains too.',
  examples: ['domain history shop.test'],
  run: async ({ client }, name: string) => historyResult(await client.domains.history({ domain: name })),
})

async function annotate(
  { client }: Session,
  reference: string,
  { note, tag, untag, owner }: SetOptions,
): Promise<Result> {
  const tags = untag ? [] : tag
  if (note === undefined && tags === undefined && owner === undefined)
    throw usageError('Give --note TEXT, --tag TAG…, --untag or --owner NAME.')
  const { id } = await client.certificates.find({ reference })
  const certificate = await client.certificates.annotate({ id, note, tags, owner })
  return { data: { certificate }, text: `"${certificate.name}" is noted.` }
}

async function tag({ client }: Session, reference: string, options: TagOptions): Promise<Result> {
  const changes = tagChangesOf(options)
  const { id } = await client.certificates.find({ reference })
  const tagged = await client.certificates.tag({ ids: [id], ...changes })
  return { data: tagged, text: `Changed the tags of ${count(tagged.changed.length, 'certificate')}.` }
}

async function rename({ client }: Session, reference: string, wanted: string): Promise<Result> {
  const { id, name: before } = await client.certificates.find({ reference })
  const certificate = await client.certificates.rename({ id, name: wanted })
  return {
    data: { certificate },
    text: `"${before}" is now called "${certificate.name}". ${takenNameSentence(wanted, certificate.name)}`.trimEnd(),
  }
}

async function keep(
  { client }: Session,
  reference: string,
  { off = false, yes }: KeepOptions,
): Promise<Result> {
  const { id, name } = await client.certificates.find({ reference })
  const domains = await client.domains.list()
  const isInUse = domains.some(
    ({ https }) => https.certificate?.id === id || https.previousCertificate?.id === id,
  )
  if (off && !isInUse && !yes)
    await confirm(`No domain uses "${name}", so this erases it and its private key. Do it?`)
  const certificate = await client.certificates.setKept({ id, kept: !off })
  const then = isInUse ? sentences.erasedWhenUnused : 'It is erased, with its key.'
  const text = off
    ? `"${name}" is not kept. ${then}`
    : `"${name}" stays in the vault when no domain uses it any more.`
  return { data: { certificate, erased: off && !isInUse }, text }
}

async function certificateHistory({ client }: Session, reference: string): Promise<Result> {
  return historyResult(await client.certificates.history({ id: await idOf({ client }, reference) }))
}

/** An erased certificate is found only by its id. */
async function idOf({ client }: Pick<Session, 'client'>, reference: string): Promise<string> {
  const all = await client.certificates.list()
  if (/^[0-9a-f-]{36}$/.test(reference) && !all.some(({ id }) => id === reference)) return reference
  return (await client.certificates.find({ reference })).id
}

function historyResult(history: HistoryEntry[]): Result {
  const empty = 'It never had a certificate.'
  const rows = history.map(cells)
  return {
    data: { history },
    text: table(['WHEN', 'WHO', 'WHAT', 'DOMAIN', 'CERTIFICATE', 'NAMES', 'ERASED'], rows, empty),
  }
}

function cells({ at, actor, action, domains, from, to, impact, erased }: HistoryEntry): string[] {
  const about = namesCell(domains.map(readableName)) || '–'
  const both = [from, to].map((certificate) => certificate?.name ?? '–')
  const names = impact
    ? [
        ...impact.namesLost.map((name) => `-${readableName(name)}`),
        ...impact.namesGained.map((name) => `+${readableName(name)}`),
      ]
    : []
  const gone = erased.map(({ name }) => name).join(', ')
  return [at, actor, action, about, both.join(' → '), names.join(' '), gone]
}
