import { Resolver, type CaaRecord } from 'node:dns'
import { promisify } from 'node:util'
import { EdgekeepError } from '../../../contract/errors.ts'

const timeoutMs = 3_000

/** Looks up CAA records; an empty list where a name has none. Rejects where nobody answers. */
export type CaaLookup = (name: string) => Promise<CaaRecord[]>

export function systemCaaLookup(): CaaLookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  const resolve = promisify(resolver.resolveCaa.bind(resolver))
  return async (name) => {
    try {
      return await resolve(name)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENODATA' || code === 'ENOTFOUND') return []
      throw error
    }
  }
}

/**
 * Looks at the CAA records of each name as the authority will (RFC 8659, section 3), so that nothing is ordered
 * that it must refuse. What cannot be looked up is left to the authority.
 * @param identities what the authority calls itself there; empty where its directory does not say
 * @throws `acme.caa_forbids`
 */
export async function requireCaa(
  names: readonly string[],
  identities: readonly string[],
  lookup: CaaLookup,
): Promise<void> {
  if (identities.length === 0) return
  await Promise.all(names.map((name) => requireOne(name, identities, lookup)))
}

async function requireOne(name: string, identities: readonly string[], lookup: CaaLookup): Promise<void> {
  const found = await relevantRecords(name.replace(/^\*\./, ''), lookup)
  if (!found) return
  const { at, records } = found
  const wild = name.startsWith('*.') && records.some(({ issuewild }) => issuewild !== undefined)
  const values = records.flatMap((record) => (wild ? record.issuewild : record.issue) ?? [])
  // Records of other kinds alone forbid nothing (section 4.2).
  if (values.length === 0) return
  const issuers = values
    .map((value) => (value.split(';')[0] ?? '').trim().toLowerCase())
    .filter((each) => each !== '')
  if (!issuers.some((issuer) => identities.some((identity) => identity.toLowerCase() === issuer)))
    throw new EdgekeepError('acme.caa_forbids', { name, at, issuers })
}

/** The records of the name, or of the nearest name above it that has any. */
async function relevantRecords(
  name: string,
  lookup: CaaLookup,
): Promise<{ at: string; records: CaaRecord[] } | null> {
  for (let at = name; at.includes('.'); at = at.slice(at.indexOf('.') + 1)) {
    try {
      const records = await lookup(at)
      if (records.length > 0) return { at, records }
    } catch {
      // A resolver that fails is the authority's to judge: it asks its own.
      return null
    }
  }
  return null
}
