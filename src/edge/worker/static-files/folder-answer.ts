import { randomBytes } from 'node:crypto'
import { problemPage, redirectPage, type Page } from '../http/pages.ts'
import { type EdgeRequest, pathOf } from '../http/request.ts'
import { askedTarget } from '../policies/path-prefix.ts'
import { judgeConditions } from './conditions.ts'
import { findFile, findMissingPage, type FoundFile, type ServedFolder } from './find-file.ts'
import { parseRanges, type ByteRange } from './ranges.ts'
import { STATUS_CODES } from '../http/response.ts'
import { mimes } from 'mrmime'

export interface FolderAnswer {
  status: number
  reason: string
  headers: string[]
  /** -1 if the status allows no body. */
  contentLength: number
  body: (Buffer | ByteRange)[]
  file: FoundFile | null
}

/** Code of the error for a folder that a link leads out of its boundary. */
export const movedCode = 'MOVED'

/** @throws an error with the system's code if the folder cannot be read, or `movedCode` */
export async function folderAnswer(served: ServedFolder, request: EdgeRequest): Promise<FolderAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return ofPage(problemPage(notAllowed, request.accept))
  const asked = askedTarget(request)
  const finding = await findFile(served, request.target, pathOf(asked).endsWith('/'))
  if (finding.kind === 'unreadable')
    throw Object.assign(new Error('the folder cannot be read'), { code: finding.code })
  if (finding.kind === 'moved')
    throw Object.assign(new Error('the folder is another one'), { code: movedCode })
  if (finding.kind === 'file') return fileAnswer(request, finding.file)
  if (finding.kind === 'redirect') return ofPage(redirectPage(301, withSlash(asked), request.accept))
  if (finding.kind === 'forbidden') return ofPage(problemPage(forbidden, request.accept))
  const page = await findMissingPage(served)
  if (!page) return ofPage(problemPage(missing, request.accept))
  return { ...whole(page, 404), headers: [...typeAndDate(page)] }
}

function fileAnswer({ method, lines }: EdgeRequest, file: FoundFile): FolderAnswer {
  const field = fieldReader(lines)
  const verdict = judgeConditions(field, file)
  if (verdict.status !== 200) return bodiless(file, verdict.status)
  // A range is a part of the response to GET (RFC 9110, section 14.2).
  const ranges = verdict.mayRange && method === 'GET' ? parseRanges(field('range'), file.size) : 'whole'
  if (ranges === 'whole') return whole(file, 200)
  if (ranges === 'unsatisfiable') {
    const headers = ['content-range', `bytes */${file.size}`, ...validators(file)]
    return { ...answerOf(416, headers, 0), file }
  }
  return ranges.length === 1 ? oneRange(file, ranges[0]!) : severalRanges(file, ranges)
}

function whole(file: FoundFile, status: number): FolderAnswer {
  const headers = [...typeAndDate(file), ...validators(file)]
  return { ...answerOf(status, headers, file.size), body: [{ from: 0, to: file.size }], file }
}

function oneRange(file: FoundFile, range: ByteRange): FolderAnswer {
  const headers = [...typeAndDate(file), ...validators(file), 'content-range', contentRange(range, file)]
  return { ...answerOf(206, headers, range.to - range.from), body: [range], file }
}

/** `multipart/byteranges` (RFC 9110, section 14.6). */
function severalRanges(file: FoundFile, ranges: ByteRange[]): FolderAnswer {
  const boundary = randomBytes(16).toString('hex')
  const body = ranges.flatMap((range, at) => {
    const head = `${at === 0 ? '' : '\r\n'}--${boundary}\r\ncontent-type: ${mediaType(file.name)}\r\ncontent-range: ${contentRange(range, file)}\r\n\r\n`
    return [Buffer.from(head, 'latin1'), range]
  })
  body.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'))
  const length = body.reduce(
    (sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.to - part.from),
    0,
  )
  const type = `multipart/byteranges; boundary=${boundary}`
  const headers = ['content-type', type, 'date', new Date().toUTCString(), ...validators(file)]
  return { ...answerOf(206, headers, length), body, file }
}

function bodiless(file: FoundFile, status: 304 | 412): FolderAnswer {
  const headers = ['date', new Date().toUTCString(), ...validators(file)]
  return { ...answerOf(status, headers, status === 304 ? -1 : 0), file }
}

function answerOf(status: number, headers: string[], contentLength: number): FolderAnswer {
  return { status, reason: STATUS_CODES[status] ?? '', headers, contentLength, body: [], file: null }
}

function ofPage({ status, reason, headers, body }: Page): FolderAnswer {
  const rest = headers.filter((_, at) => headers[at - (at % 2)] !== 'content-length')
  return { status, reason, headers: rest, contentLength: body.length, body: [body], file: null }
}

function typeAndDate({ name }: FoundFile): string[] {
  return ['content-type', mediaType(name), 'date', new Date().toUTCString()]
}

function validators({ etag, mtime }: FoundFile): string[] {
  return ['accept-ranges', 'bytes', 'etag', etag, 'last-modified', mtime.toUTCString()]
}

function contentRange({ from, to }: ByteRange, { size }: FoundFile): string {
  return `bytes ${from}-${to - 1}/${size}`
}

/** Merges leading slashes: two would begin the name of another host. */
function withSlash(asked: string): string {
  const path = pathOf(asked)
  return `/${path.replace(/^\/+/, '')}/${asked.slice(path.length)}`
}

function fieldReader(lines: string): (name: string) => string | undefined {
  const fields = new Map<string, string>()
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const before = fields.get(name)
    const value = line.slice(colon + 1).trim()
    if (colon > 0) fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return (name) => fields.get(name)
}

const notAllowed = {
  status: 405,
  sentence: 'These are files: they can only be read.',
  headers: ['allow', 'GET, HEAD'],
}
const missing = { status: 404, sentence: 'There is no such file here.' }
const forbidden = { status: 403, sentence: 'This file may not be read.' }

export function mediaType(name: string): string {
  const dot = name.lastIndexOf('.')
  const type = dot < 0 ? undefined : types.get(name.slice(dot + 1).toLowerCase())
  if (type === undefined) return 'application/octet-stream'
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type
}

/**
 * Common types of sites that mrmime leaves out, most of them vendor-registered. Its own look-up is not used:
 * for a name such as `a.constructor` it returns a property that every object inherits.
 */
const types: ReadonlyMap<string, string> = new Map([
  ...Object.entries(mimes),
  ['apk', 'application/vnd.android.package-archive'],
  ...['crt', 'cer', 'der'].map((name) => [name, 'application/x-x509-ca-cert'] as const),
  ['eot', 'application/vnd.ms-fontobject'],
  ['cur', 'image/vnd.microsoft.icon'],
  ['ico', 'image/vnd.microsoft.icon'],
  ['jxl', 'image/jxl'],
  ['m2ts', 'video/mp2t'],
  ['m3u8', 'application/vnd.apple.mpegurl'],
  ['mkv', 'video/x-matroska'],
  ['mov', 'video/quicktime'],
  ['7z', 'application/x-7z-compressed'],
  ['tar', 'application/x-tar'],
  ['tgz', 'application/gzip'],
  ['zst', 'application/zstd'],
  ['flac', 'audio/flac'],
  ['opus', 'audio/ogg'],
])
