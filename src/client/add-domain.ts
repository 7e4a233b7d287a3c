import type { CertificateSource, Effect } from '../contract/domains/domains.ts'
import type { Origin } from '../contract/domains/origins.ts'
import type { RowResult } from './bulk-run.ts'
import { asEdgekeepError, type Client } from './client.ts'

export interface NewDomain {
  name: string
  origin: Origin
  /** Null leaves HTTPS off. */
  source: CertificateSource | null
  tags?: readonly string[]
}

/** Adds a domain of many; one that was added and whose rest failed says both. */
export async function addDomain(client: Client, wanted: NewDomain): Promise<RowResult> {
  const { name, origin } = wanted
  const { effect } = await client.domains.add({ name, origin })
  try {
    await completeDomain(client, wanted)
    return { effect }
  } catch (error) {
    const { code, message } = asEdgekeepError(error)
    if (code === 'engine.unreachable') throw error
    return { text: `It was added, but not all of its row was done: ${message}`, effect, failed: code }
  }
}

/** Gives a domain what its row has besides the origin. */
export async function completeDomain(
  client: Client,
  { name, source, tags = [] }: NewDomain,
): Promise<RowResult> {
  let effect: Effect | null = null
  if (tags.length > 0) ({ effect } = await client.domains.tag({ domains: [name], add: [...tags] }))
  if (source) ({ effect } = await client.https.enable({ domain: name, source }))
  return { effect }
}
