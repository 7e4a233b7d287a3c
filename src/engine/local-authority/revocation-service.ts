import type { RevocationService } from '../../contract/local-authority/local-certificates.ts'
import { portTrouble } from '../../edge/supervisor/port-trouble.ts'
import { commit } from '../core/commit.ts'
import type { IssuingNeeds } from './needs.ts'
import { revocationPort } from '../core/settings.ts'

/** @throws `edge.port_taken`, `edge.port_forbidden`; the setting then stays as it was */
export async function setRevocationService(
  parts: IssuingNeeds,
  port: number | null,
): Promise<RevocationService> {
  const { vault, publication } = parts
  const before = revocationPort.read(vault)
  const trouble = port === null || port === before ? null : await portTrouble(port, [])
  if (trouble) throw trouble
  await commit(parts, () => {
    revocationPort.store(vault, port)
    return { record: { action: 'authority.publish', subject: 'authority', before, after: port } }
  })
  await publication.followSetting()
  return publication.state()
}
