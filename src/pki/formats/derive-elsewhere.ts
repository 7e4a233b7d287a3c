import { pbkdf2, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { costInScript, costOf, type Derivation, hashRounds, scryptOptions } from './key-derivation.ts'

interface Watched {
  signal?: AbortSignal
  /** Work done so far, in the unit of `costOf`. */
  onWork?: ((work: number) => void) | undefined
}

/** Mutex: one derivation at a time in this process, so that the other core stays free. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Derives off this thread: on OpenSSL's thread pool where Node offers that, else in a worker thread that ends
 * with it or with `signal`. The caller zeroes the result.
 * @throws the signal's reason
 */
export function deriveElsewhere(derivation: Derivation, watched: Watched = {}): Promise<Buffer> {
  const mine = last.then(() => {
    watched.signal?.throwIfAborted()
    return derive(derivation, watched)
  })
  last = mine.catch(() => undefined)
  return mine
}

async function derive(derivation: Derivation, { signal, onWork }: Watched): Promise<Buffer> {
  if (derivation.kind === 'pkcs12' || derivation.kind === 'chain')
    return inThread(derivation, { signal, onWork })
  const { password, salt, length } = derivation
  const key =
    derivation.kind === 'pbkdf2'
      ? await promisify(pbkdf2)(password, salt, derivation.rounds, length, derivation.digest)
      : await new Promise<Buffer>((resolve, reject) => {
          const done = (error: Error | null, made: Buffer) => (error ? reject(error) : resolve(made))
          scrypt(password, salt, length, scryptOptions(derivation), done)
        })
  onWork?.(costOf(derivation).work)
  signal?.throwIfAborted()
  return key
}

type Answer = { rounds: number } | { key: ArrayBuffer }

/** Source of the worker thread as text: without a file, it runs from the sources and the build alike. */
const threadCode = `
const { parentPort, workerData } = require('node:worker_threads')
const { hash } = require('node:crypto')
const derivation = workerData
for (const name of ['password', 'salt', 'start', 'suffix'])
  if (derivation[name]) derivation[name] = Buffer.from(derivation[name])
const key = (${hashRounds.toString()})(
  derivation,
  (digest, bytes) => hash(digest, bytes, 'buffer'),
  (rounds) => parentPort.postMessage({ rounds }),
)
const copy = new Uint8Array(key).buffer
key.fill(0)
for (const name of ['password', 'start', 'suffix']) derivation[name]?.fill(0)
parentPort.postMessage({ key: copy }, [copy])
`

function inThread(
  derivation: Extract<Derivation, { kind: 'pkcs12' | 'chain' }>,
  { signal, onWork }: Watched,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const thread = new Worker(threadCode, { eval: true, workerData: derivation, execArgv: [], env: {} })
  const stop = () => {
    reject(signal?.reason as Error)
    void thread.terminate()
  }
  signal?.addEventListener('abort', stop, { once: true })
  thread.on('message', (told: Answer) => {
    if ('key' in told) resolve(Buffer.from(told.key))
    else onWork?.(told.rounds * costInScript)
  })
  thread.on('error', reject)
  thread.on('exit', () => reject(new Error('The derivation thread ended without an answer')))
  return promise.finally(() => signal?.removeEventListener('abort', stop))
}
