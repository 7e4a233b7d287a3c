import { Resolver, type CaaRecord } from 'node:dns'
import { promisify } from 'node:util'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { orNone } from './txt-lookup.ts'

const timeoutMs = 3_000

/** Looks up CAA records; an empty list for a name without any. Rejects without an answer. */
export type CaaLookup = (name: string) => Promise<CaaRecord[]>

export function systemCaaLookup(): CaaLookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  const resolve = promisify(resolver.resolveCaa.bind(resolver))
  return (name) => orNone(resolve(name))
}

/**
 * Checks the CAA records of each name as the authority will (RFC 8659, section 3), so that no order is placed
 * that it must refuse. Failed lookups are left to the authority.
 * @param identities issuer names of the authority; empty if its directory has none
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
  // Records without an issue property forbid nothing (section 4.2).
  if (values.length === 0) return
  const issuers = values
    .map((value) => (value.split(';')[0] ?? '').trim().toLowerCase())
    .filter((each) => each !== '')
  if (!issuers.some((issuer) => identities.some((identity) => identity.toLowerCase() === issuer)))
    throw new EdgekeepError('acme.caa_forbids', { name, at, issuers })
}

/** Records of the name, or of its nearest ancestor that has any. */
async function relevantRecords(
  name: string,
  lookup: CaaLookup,
): Promise<{ at: string; records: CaaRecord[] } | null> {
  for (let at = name; at.includes('.'); at = at.slice(at.indexOf('.') + 1)) {
    try {
      const records = await lookup(at)
      if (records.length > 0) return { at, records }
    } catch {
      // A failing resolver here forbids nothing: the authority uses its own.
      return null
    }
  }
  return null
}
