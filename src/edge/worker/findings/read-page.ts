import { setImmediate as otherWork } from 'node:timers/promises'
import { RefusalFindings } from './dev-server.ts'
import { fieldValues, type Found, type Looked } from './found.ts'
import { contentSecurityPolicies } from './header-findings.ts'
import { PageFindings } from './page-findings.ts'
import { pageBytes, pagePieces, UnreadablePage } from './page-text.ts'

/** Consumer of a page's decompressed text, one character for each byte: all patterns are ASCII. */
export interface PageReader {
  write(piece: string): void
  found(): Found[]
}

/** Result of reading a page: `too-long` or `too-slow` if it exceeded its budget. */
export type Reading = 'whole' | 'too-long' | 'too-slow' | 'unreadable'

/** CPU budget of this thread for one page. A harmless page of maximum length takes a tenth. */
const pageMs = 250

/** CPU time of this thread in milliseconds. Wall time would call pages slow on a busy machine. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Yields to other work between small pieces of `body`. `now` is a clock in milliseconds. */
export async function readPage(
  body: Buffer,
  coding: string,
  reader: PageReader,
  now = threadCpuMs,
): Promise<Reading> {
  let spentMs = 0
  let size = 0
  try {
    for await (const piece of pagePieces(body, coding)) {
      await otherWork()
      const started = now()
      reader.write(piece.toString('latin1'))
      spentMs += now() - started
      size += piece.length
      if (spentMs > pageMs) return 'too-slow'
    }
  } catch (error) {
    if (error instanceof UnreadablePage) return 'unreadable'
    throw error
  }
  return size > pageBytes ? 'too-long' : 'whole'
}

/** Findings in a page, and one more if it was not read to its end. */
export async function htmlFindings(
  body: Buffer,
  headers: readonly string[],
  hostname: string,
): Promise<Found[]> {
  const reader = new PageFindings(contentSecurityPolicies(headers), hostname)
  const coding = codingOf(headers)
  const reading = await readPage(body, coding, reader)
  if (reading === 'unreadable') return [{ kind: 'body.unread', example: coding.slice(0, 40) }]
  const found = reader.found()
  if (reading === 'whole') return found
  return [...found, { kind: 'body.cut', example: reading === 'too-long' ? 'its length' : 'its time' }]
}

/** Findings in the body of a response: what breaks under HTTPS, and the refusal of a host name or a form. */
export async function bodyFindings(
  body: Buffer,
  { status, headers, secure, hostname }: Pick<Looked, 'status' | 'headers' | 'secure' | 'hostname'>,
): Promise<Found[]> {
  const inPage = secure && isHtml(headers) ? await htmlFindings(body, headers, hostname) : []
  if (!mayRefuse(status)) return inPage
  const refusal = new RefusalFindings(status)
  await readPage(body, codingOf(headers), refusal)
  return [...inPage, ...refusal.found()]
}

/** Statuses by which development servers refuse a host name or a form. */
export function mayRefuse(status: number): boolean {
  return status === 400 || status === 403
}

function codingOf(headers: readonly string[]): string {
  return fieldValues(headers, 'content-encoding').join().trim().toLowerCase()
}

export function isHtml(headers: readonly string[]): boolean {
  const [type = ''] = fieldValues(headers, 'content-type')
  return /^\s*(text\/html|application\/xhtml\+xml)/i.test(type)
}
