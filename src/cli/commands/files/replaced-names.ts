import { homedir } from 'node:os'
import type { Client } from '../../../client/client.ts'
import { listDomains } from '../../../client/domains.ts'
import type { AcmeAccount, DnsMethod } from '../../../contract/acme/acme.ts'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import type { NoticeChannel } from '../../../contract/notices/notices.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { acmeDirectories } from '../../../domain/acme-directories.ts'

/** Shorter names are part of nearly every other word. */
const shortest = 3
const auditPage = 1000

/** Members of the audit trail and of settings whose whole text is a name, an address or a place. */
const nameMembers = new Set(
  'name names domain domains host hostHeader sni folder place user server zone keyName username subdomain'.split(
    ' ',
  ),
)
const listsOfNames = /^(?:\w+Names|names\w+)$/
const namedSubjects = /^(domain|https|notice|acme)\./
const otherThanNames = /[^\p{L}\p{N}_.@+-]+/u
/** End of a version or a time. */
const endsInDigit = /\.\d[^.@]*$/
const ipv4 = /^\d+(\.\d+){3}$/
const identifier = /^[0-9a-f-]{36}$/
const isEverywhere = /^(localhost|127\.[\d.]+|0\.0\.0\.0|::1?|\d*)$/

/** Names of sites, people and places in the vault, in the audit trail too, where removed ones stay. */
export async function namesInVault(client: Client): Promise<string[]> {
  const [domains, certificates, accounts, methods, channels, audit] = await Promise.all([
    listDomains(client),
    client.certificates.list(),
    client.acme.accounts(),
    client.acme.dnsMethods(),
    client.notices.list(),
    wholeAudit(client),
  ])
  const covered = certificates.flatMap(({ name, dnsNames, ipNames }) => [name, ...dnsNames, ...ipNames])
  const all = [
    ...domains.map(({ name }) => name),
    ...covered,
    ...domains.flatMap(({ origin, policies }) => namesWithin([origin, policies.origins])),
    ...accounts.flatMap(accountNames),
    ...methods.flatMap(methodNames),
    ...channels.flatMap(channelNames),
    ...audit.flatMap(auditNames),
  ]
  return [...new Set(all.map((name) => name.replace(/^\*\./, '')))].filter((name) => !isEverywhere.test(name))
}

async function wholeAudit(client: Client): Promise<AuditRow[]> {
  const rows: AuditRow[] = []
  for (;;) {
    const before = rows.at(-1)?.sequence
    const page = await client.audit.list({ limit: auditPage, before })
    rows.push(...page)
    if (page.length < auditPage) return rows
  }
}

function accountNames({ name, contact, directoryUrl, accountUrl }: AcmeAccount): string[] {
  const isKnown = acmeDirectories.some(({ url }) => url === directoryUrl)
  const mails = contact.map((each) => each.replace(/^mailto:/, ''))
  return [name, ...mails, accountUrl, ...(isKnown ? [] : found(directoryUrl))]
}

function methodNames({ name, settings }: DnsMethod): string[] {
  return [name, ...namesWithin(settings), ...(settings.kind === 'hook' ? settings.command : [])]
}

function channelNames({ name, settings, place }: NoticeChannel): string[] {
  const command = settings.kind === 'command' ? settings.command : []
  return [name, place, ...found(place), ...namesWithin(settings), ...command]
}

function auditNames({ action, subject, before, after }: AuditRow): string[] {
  const isNamed = namedSubjects.test(action) && !identifier.test(subject)
  return [...(isNamed ? [subject] : found(subject)), ...namesWithin([before, after])]
}

/** Strings in a value that are names by their member, and hosts and e-mail addresses in the others. */
function namesWithin(value: unknown, isName = false): string[] {
  if (typeof value === 'string') return isName ? [value] : found(value)
  if (Array.isArray(value)) return value.flatMap((each) => namesWithin(each, isName))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([member, each]) => namesWithin(each, isNameMember(member)))
}

function isNameMember(member: string): boolean {
  return nameMembers.has(member) || listsOfNames.test(member)
}

function found(text: string): string[] {
  return text
    .split(otherThanNames)
    .map((each) => each.replace(/^\./, '').replace(/\.$/, ''))
    .filter((each) => each.includes('.') && (!endsInDigit.test(each) || ipv4.test(each)))
}

export type Replacement = [name: string, instead: string]

export function replacementsOf(names: readonly string[], folder: string): Replacement[] {
  const numbered = names
    .filter(({ length }) => length >= shortest)
    .map((name, at): Replacement => [name, `name-${at + 1}.example`])
  // The home folder of a container's user may be "/".
  const folders: Replacement[] = [
    [folder, 'DATA'],
    [homedir(), 'HOME'],
  ]
  return [...numbered, ...folders.filter(([{ length }]) => length >= shortest)]
}

/** Longest first, so that no name is replaced within another. */
export function withoutNames(text: string, replacements: readonly Replacement[]): string {
  const forms = replacements.flatMap(([name, instead]) =>
    [...new Set([name, readableName(name)])].flatMap((form): Replacement[] => [
      [form, instead],
      // Form in the JSON of a log.
      [JSON.stringify(form).slice(1, -1), instead],
    ]),
  )
  return forms
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((rest, [name, instead]) => replaced(rest, name, instead), text)
}

/** A host or address is found within longer ones and in any case, a plain word only by itself. */
function replaced(text: string, name: string, instead: string): string {
  if (!/[.@/\\:]/.test(name))
    return text.replaceAll(name, (word, at: number) =>
      isLetter(text[at - 1]) || isLetter(text[at + name.length]) ? word : instead,
    )
  const [lowText, lowName] = [asciiLower(text), asciiLower(name)]
  let result = ''
  let from = 0
  for (let at = lowText.indexOf(lowName); at >= 0; at = lowText.indexOf(lowName, from)) {
    result += text.slice(from, at) + instead
    from = at + name.length
  }
  return result + text.slice(from)
}

function isLetter(character = ''): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

/** Same length as the text. */
function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Removes the output of programs of the person, which follows their end in an error (`runProgram`). */
export function withoutProgramOutput(text: string): string {
  const [before = '', ...ends] = text.split(
    /(?<=\bit (?:ended with [\w ]{1,40}|did not end within [\d.]{1,9} seconds?): )/,
  )
  return [before, ...ends.map((end) => `[output removed]${end.slice(stringEnd(end))}`)].join('')
}

/** Position of the end of the line or of the JSON string that `text` continues. */
function stringEnd(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"' || text[at] === '\n') return at
  }
  return text.length
}
