import type { Client } from '../../../../client/client.ts'
import { sourceOf, type BulkAct, type BulkStep } from '../../../../domain/bulk-plan.ts'

/** Carries a step out. @throws EdgekeepError; a verification that does not hold returns its sentence */
export async function carryOut(client: Client, act: BulkAct, step: BulkStep): Promise<string | null> {
  const domain = step.domain.name
  switch (act) {
    case 'verify': {
      const { ok, summary } = await client.domains.check({ domain })
      return ok ? null : summary
    }
    case 'httpsOn':
      await client.https.enable({ domain, source: sourceOf(step) })
      return null
    case 'pause':
      await client.https.pause({ domain })
      return null
    case 'httpsOff':
      await client.https.disable({ domain })
      return null
    case 'remove':
      await client.domains.remove({ domain })
      return null
  }
}
