import { Resolver } from 'node:dns/promises'

const timeoutMs = 3_000

/** Looks up TXT records; an empty list for a name without any. Rejects without an answer. */
export type TxtLookup = (name: string) => Promise<string[]>

/** `servers`: addresses with ports; by default those of the system. */
export function txtLookup(servers?: readonly string[]): TxtLookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
  if (servers) resolver.setServers(servers)
  return async (name) => (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join(''))
}

/** The records, or an empty list for a name without any. Rejects without an answer. */
export async function orNone<T>(asked: Promise<T[]>): Promise<T[]> {
  try {
    return await asked
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENODATA' || code === 'ENOTFOUND') return []
    throw error
  }
}
