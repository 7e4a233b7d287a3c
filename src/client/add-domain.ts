import type { CertificateSource } from '../contract/domains/domains.ts'
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
export async function addDomain(
  client: Client,
  { name, origin, source, tags = [] }: NewDomain,
): Promise<RowResult> {
  const { effect } = await client.domains.add({ name, origin })
  try {
    if (tags.length > 0) await client.domains.tag({ domains: [name], add: [...tags] })
    if (source) await client.https.enable({ domain: name, source })
    return { effect }
  } catch (error) {
    const { code, message } = asEdgekeepError(error)
    if (code === 'engine.unreachable') throw error
    return { text: `It was added, but not all of its row was done: ${message}`, effect, failed: code }
  }
}
