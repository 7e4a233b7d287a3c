import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  manifestName,
  manifestSchema,
  signatureName,
  type Manifest,
  type UpdateChannel,
  type UpdatePackage,
} from './manifest.ts'
import { verifySignature } from './signature.ts'

export type Answer = Pick<Response, 'ok' | 'status' | 'body'>
/** `fetch` of an Electron session, which uses the system's proxy and trust, or Node's. */
export type Fetch = (url: string, init: { signal: AbortSignal; cache: 'no-store' }) => Promise<Answer>

const mostManifestBytes = 256 * 1024
const answerWithinMs = 20_000
/** Timeout for a stalled download; a slow one may take long. */
const stalledAfterMs = 30_000

/**
 * Fetches the newest release of the feed. The manifest is not parsed before its signature is verified.
 *
 * @throws `update.unreachable`, `update.untrusted`
 */
export async function fetchManifest(
  fetch: Fetch,
  { feed, publicKey }: UpdateChannel,
  signal: AbortSignal,
): Promise<Manifest> {
  const read = async (name: string) => {
    const limited = eitherOf(signal, AbortSignal.timeout(answerWithinMs))
    const chunks: Uint8Array[] = []
    await receive(fetch, urlIn(feed, name), {
      signal: limited,
      mostBytes: mostManifestBytes,
      take: (chunk) => chunks.push(chunk),
    })
    return Buffer.concat(chunks)
  }
  const content = await read(manifestName)
  const signature = await read(signatureName)
  verifySignature(content, signature.toString('utf8'), publicKey)
  const manifest = manifestSchema.safeParse(jsonOf(content))
  if (!manifest.success)
    throw new EdgekeepError('update.untrusted', { reason: 'what is signed is not a list of packages' })
  return manifest.data
}

export interface DownloadOptions {
  feed: string
  file: UpdatePackage
  /** Emptied first; the package is the only thing in it afterwards. */
  folder: string
  signal: AbortSignal
  received: (bytes: number) => void
}

/**
 * Downloads a package of a verified manifest and returns its path, once size and SHA-512 match the manifest.
 * Leaves nothing behind after a failure.
 *
 * @throws `update.unreachable`, `update.untrusted`
 */
export async function downloadPackage(
  fetch: Fetch,
  { feed, file, folder, signal, received }: DownloadOptions,
): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, file.name)
  const hash = createHash('sha512')
  const stalled = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let bytes = 0
  const moved = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stalled.abort(), stalledAfterMs)
  }
  const target = await open(`${path}.part`, 'wx', 0o600)
  try {
    moved()
    await receive(fetch, urlIn(feed, file.name), {
      signal: eitherOf(signal, stalled.signal),
      mostBytes: file.sizeBytes,
      async take(chunk) {
        moved()
        hash.update(chunk)
        await target.writeFile(chunk)
        bytes += chunk.byteLength
        received(bytes)
      },
    })
    if (bytes !== file.sizeBytes || hash.digest('hex') !== file.sha512)
      throw new EdgekeepError('update.untrusted', { reason: 'it is not the file that was signed' })
    await target.sync()
    await target.close()
    renameSync(`${path}.part`, path)
    return path
  } catch (error) {
    await target.close().catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Reads a whole response piece by piece.
 *
 * @throws `update.unreachable`, and `update.untrusted` if it is too long
 */
async function receive(
  fetch: Fetch,
  url: string,
  o: { signal: AbortSignal; mostBytes: number; take: (chunk: Uint8Array) => unknown },
): Promise<void> {
  try {
    const answer = await fetch(url, { signal: o.signal, cache: 'no-store' })
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel()
      throw unreachable(`the server answers ${answer.status}`)
    }
    let length = 0
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength
      if (length > o.mostBytes)
        throw new EdgekeepError('update.untrusted', { reason: 'it is larger than it should be' })
      await o.take(chunk)
    }
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    throw unreachable(describeNetworkFailure(error), error)
  }
}

/** `AbortSignal.any`, which older Electrons lack. */
function eitherOf(one: AbortSignal, other: AbortSignal): AbortSignal {
  const either = new AbortController()
  for (const signal of [one, other]) {
    const abort = () => either.abort(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }
  return either.signal
}

function unreachable(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('update.unreachable', { reason }, { cause })
}

function urlIn(feed: string, name: string): string {
  return `${feed.endsWith('/') ? feed : `${feed}/`}${name}`
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** Causes by Chromium's net error (net/base/net_error_list.h) and Node's error codes. */
const causes: [pattern: RegExp, reason: string][] = [
  [
    /INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_CHANGED|ENETUNREACH|EHOSTUNREACH/,
    'this computer is offline',
  ],
  [/NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|ENOTFOUND|EAI_AGAIN/, 'the update server was not found'],
  [/PROXY|TUNNEL/, 'the proxy of this computer refused it'],
  [/CERT|SSL/, 'the certificate of the update server was not accepted'],
  [/TIMED_OUT|TIMEOUT/, 'it took too long'],
  [/REFUSED/, 'the update server refused the connection'],
  [/RESET|CLOSED|ABORTED|EMPTY_RESPONSE|EPIPE|other side closed/, 'the connection was interrupted'],
]

/** Reason that completes "The check for updates failed: …" for an error of `fetch` or of Electron's `net`. */
export function describeNetworkFailure(error: unknown): string {
  const { name, code, cause, message } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }
  if (name === 'TimeoutError' || name === 'AbortError') return 'it took too long'
  const reason = cause?.code ?? code ?? message
  return (
    causes.find(([pattern]) => pattern.test(reason))?.[1] ??
    `the connection failed (${reason.replace(/^net::/, '')})`
  )
}
