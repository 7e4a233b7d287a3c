import { lookup } from 'node:dns/promises'
import { inParallel } from '../core/in-parallel.ts'
import { addressesIn, type HostsFile } from './hosts-file.ts'

/** Addresses of a name; `isAnswered` is false if the system's resolver gave no answer in time. */
export interface Resolved {
  addresses: string[]
  isAnswered: boolean
}

/** A lookup occupies one of the four threads that Node has for all of them and for files. */
const mostLookups = 3
/** Deadline for all names together: a resolver that is slow for one name is slow for the next. */
const longestMs = 5_000

/**
 * Addresses on this computer: from the hosts file, which systems read first, else by getaddrinfo, a few at a
 * time. Ends with `signal`.
 */
export async function resolveNames(
  hosts: readonly string[],
  file: HostsFile | null,
  signal: AbortSignal | undefined,
  ask: (host: string) => Promise<string[]> = askSystem,
): Promise<Map<string, Resolved>> {
  const found = new Map<string, Resolved>()
  for (const host of hosts) {
    const addresses = file ? addressesIn(file, host) : []
    found.set(host, { addresses, isAnswered: addresses.length > 0 })
  }
  const timeout = AbortSignal.timeout(longestMs)
  const over = signal ? AbortSignal.any([signal, timeout]) : timeout
  const unknown = [...found].filter(([, { isAnswered }]) => !isAnswered).map(([host]) => host)
  const resolveOne = async (host: string) => ({ host, addresses: await beforeAbort(ask(host), over) })
  for await (const { host, addresses } of inParallel(unknown, mostLookups, resolveOne, over))
    if (addresses) found.set(host, { addresses, isAnswered: true })
  return found
}

async function askSystem(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true })
    return [...new Set(found.map(({ address }) => address))]
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return []
    throw error
  }
}

/** Value of a promise; undefined after an abort. */
async function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
  const stop = () => resolve(undefined)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  // A failure after the abort is ignored.
  promise.catch(() => undefined)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
