import type { Client } from '../../../client/client.ts'
import { clientTrustLabels } from '../../../domain/client-trust.ts'
import type { TrustClient } from '../../../contract/trust/trust.ts'
import type { GlobalOptions } from '../../frame/command.ts'
import { table } from '../../output/format.ts'
import { printError } from '../../output/output.ts'

export function proofTable(clients: readonly TrustClient[]): string {
  const rows = clients.map(({ name, trust, proof }) => [
    name,
    clientTrustLabels[trust],
    `${proof?.sentence ?? ''}${proof?.words ? ` It said: ${proof.words}` : ''}`,
  ])
  return table(['CLIENT', 'STATE', ''], rows, 'No client here can be run by Edgekeep.')
}

/** Runs the clients against the edge, with a line for each at a terminal. */
export async function proven(
  { trust }: Pick<Client, 'trust'>,
  { json }: GlobalOptions,
  selection: { clients?: string[] | undefined },
): Promise<TrustClient[]> {
  const tried: TrustClient[] = []
  for await (const event of await trust.prove(selection)) {
    if (event.type === 'proof') tried.push(event.client)
    else if (!json && process.stderr.isTTY)
      printError(`Running ${event.title} (${event.done} of ${event.total} done) …`)
  }
  return tried
}
