import type { Domain } from '../../contract/domains/domains.ts'
import { hstsNotes, type HstsNote, type HstsPolicy } from '../../contract/domains/hsts.ts'
import type { HeaderRule } from '../../contract/domains/header-rules.ts'
import { hstsNoteSentences } from '../../contract/text/sentences.ts'

export function formatHsts({ days, includeSubDomains, preload }: HstsPolicy): string {
  if (days === null) return 'off; what the origin sends is passed on'
  if (days === 0) return 'browsers are told to forget it (max-age=0)'
  const extras = [includeSubDomains ? 'with subdomains' : '', preload ? 'for the preload list' : '']
  return [`${days} ${days === 1 ? 'day' : 'days'}`, ...extras.filter(Boolean)].join(', ')
}

export function formatHstsNotes({ name, policies, redirect }: Domain): string[] {
  return hstsNotes(name, policies.hsts, redirect.mode).map(formatNote)
}

function formatNote(note: HstsNote): string {
  if (note.kind === 'remembered')
    return `A browser that has seen it uses only HTTPS for this name for ${note.days} ${note.days === 1 ? 'day' : 'days'}, whatever you change here. To undo it, use "edgekeep hsts DOMAIN --undo" and visit once with each browser.`
  const { title, text } = hstsNoteSentences[note.kind]
  const subject = note.kind === 'preloaded' ? title.replace('{{suffix}}', note.suffix) : title
  return `${subject}. ${text}`
}

export function formatHeaderRule({ on, action, name, value }: HeaderRule): string {
  const where = on === 'request' ? 'to the origin' : 'to the client'
  return action === 'drop' ? `${where}: drop ${name}` : `${where}: ${action} ${name}: ${value}`
}

const units = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const

/** `10MB`; the inverse of `readSize`. */
export function formatSize(bytes: number): string {
  const [unit, factor] = units.find(([, size]) => bytes % size === 0) ?? ['bytes', 1]
  return `${bytes / factor} ${unit}`
}

/** `10MB`, `512 kB`, `4096`; null if it is not a size. */
export function readSize(text: string): number | null {
  const [, number, unit = ''] = /^(\d{1,15})\s*(bytes|[kmg]b)?$/i.exec(text.trim()) ?? []
  if (number === undefined) return null
  const factor = units.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1] ?? 1
  return Number(number) * factor
}
