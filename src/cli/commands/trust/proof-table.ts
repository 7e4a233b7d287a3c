import { clientTrust, clientTrustLabels } from '../../../domain/client-trust.ts'
import type { TrustClient } from '../../../contract/trust/trust.ts'
import { table } from '../../output/format.ts'

export function proofTable(clients: readonly TrustClient[]): string {
  const rows = clients.map(({ name, state, proof }) => [
    name,
    clientTrustLabels[clientTrust({ state, proof })],
    `${proof?.sentence ?? ''}${proof?.words ? ` It said: ${proof.words}` : ''}`,
  ])
  return rows.length > 0 ? table(['CLIENT', 'STATE', ''], rows) : 'No client here can be run by Edgekeep.'
}
