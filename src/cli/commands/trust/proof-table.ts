import { clientTrustLabel } from '../../../domain/client-trust.ts'
import type { TrustClient } from '../../../contract/trust/trust.ts'
import type { GlobalOptions } from '../../frame/command.ts'
import { table } from '../../output/format.ts'
import { printError } from '../../output/output.ts'

export function proofTable(clients: readonly TrustClient[]): string {
  const rows = clients.map((client) => [
    client.name,
    clientTrustLabel(client),
    `${client.proof?.sentence ?? ''}${client.proof?.words ? ` It said: ${client.proof.words}` : ''}`,
  ])
  return table(['CLIENT', 'STATE', 'DETAIL'], rows, 'No client here can be run by Edgekeep.')
}

type Proofs = AsyncIterable<
  { type: 'step'; title: string; done: number; total: number } | { type: 'proof'; client: TrustClient }
>

/** Results of running clients; at a terminal with a line for those that run. */
export async function proven(proofs: Promise<Proofs>, { json }: GlobalOptions): Promise<TrustClient[]> {
  const tried: TrustClient[] = []
  for await (const event of await proofs) {
    if (event.type === 'proof') tried.push(event.client)
    else if (!json && process.stderr.isTTY)
      printError(`Running ${event.title} (${event.done} of ${event.total} done) …`)
  }
  return tried
}
