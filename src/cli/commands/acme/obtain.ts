import type { ObtainEvent } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type AcmeOptions, acmeParametersOf } from '../../flags/acme.ts'
import { showProgress } from '../../output/progress.ts'
import { formatOrderState } from '../../output/format-renewal.ts'
import type { Session } from '../../frame/command.ts'

export interface Obtaining extends AcmeOptions {
  acme: string
  names?: string[]
  keepOld?: boolean
}

export async function obtain(
  { client }: Session,
  domain: string,
  options: Obtaining,
): Promise<Extract<ObtainEvent, { type: 'done' }>> {
  const { acme, names = [], keepOld = false } = options
  const events = await client.acme.obtain({
    domain,
    names,
    account: acme,
    wish: acmeParametersOf(options),
    keepOld,
  })
  try {
    for await (const event of events) {
      if (event.type === 'done') return event
      showProgress(formatOrderState(event))
    }
  } finally {
    showProgress('')
  }
  throw new EdgekeepError('engine.unreachable', { reason: 'the order ended before its end' })
}
