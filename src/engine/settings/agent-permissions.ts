import type { AgentPermissions } from '../../contract/engine/agents.ts'
import { commit } from '../core/commit.ts'
import { agentPermissions } from '../core/settings.ts'
import type { SettingsNeeds } from './needs.ts'

export async function setAgentPermissions(
  parts: SettingsNeeds,
  wanted: Partial<AgentPermissions>,
): Promise<AgentPermissions> {
  const before = agentPermissions.read(parts.vault)
  const after = { ...before, ...wanted }
  await commit(parts, () => {
    agentPermissions.store(parts.vault, after)
    return { record: { action: 'agents.permissions', subject: 'agents', before, after } }
  })
  return after
}
