import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { ask, UnaskedUpgrade } from '../core/single-request.ts'

/** Websockets of Next.js with Turbopack and with webpack; it leaves a request for the other one unanswered. */
const paths = ['/_next/hmr', '/_next/webpack-hmr']
const answerMs = 3_000

/** Whether a response may be from Next.js, which serves a page to every name. */
export function mayBeNext(headers: IncomingHttpHeaders): boolean {
  return headers['x-powered-by'] === 'Next.js' || (headers.vary ?? '').includes('next-router-state-tree')
}

type Connect = (deadline: AbortSignal) => Promise<Socket>

/**
 * Whether a Next.js refuses pages of `authority` the websocket of its live updates, which it opens to pages of
 * this computer. `connect` opens a connection for each request.
 */
export async function refusesUpdates(connect: Connect, authority: string): Promise<boolean> {
  const opened = paths.map(async (path) => {
    if (await isOpened(connect, { path, authority, origin: 'http://localhost' })) return path
    throw new Error('not opened')
  })
  const path = await Promise.any(opened).catch(() => null)
  return path !== null && !(await isOpened(connect, { path, authority, origin: `https://${authority}` }))
}

interface Opening {
  path: string
  authority: string
  origin: string
}

/** A refusal is an answer of any other kind, or a connection that is closed without one. */
async function isOpened(connect: Connect, { path, authority, origin }: Opening): Promise<boolean> {
  const headers = {
    host: authority,
    origin,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  }
  try {
    await ask(await connect(AbortSignal.timeout(answerMs)), { path, headers }, () => undefined)
    return false
  } catch (error) {
    return error instanceof UnaskedUpgrade
  }
}
