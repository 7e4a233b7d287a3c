import { useTranslation } from 'react-i18next'
import type { AgentPermissions } from '../../../contract/engine/agents.ts'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'

const changes = ['domains', 'certificates'] as const

/** Changes that agents (`edgekeep mcp`) may make. */
export function AgentsSection({ agents }: { agents: AgentPermissions }) {
  const { t } = useTranslation('settings')
  const call = useCall()
  return (
    <Section title={t('agents.title')} description={t('agents.text')}>
      <div className="stack gap-18">
        {changes.map((change) => (
          <ChangeSwitch
            key={change}
            label={t(`agents.${change}`)}
            description={t(`agents.${change}Text`)}
            checked={agents[change]}
            onChange={(allowed) => void call.run((client) => client.engine.setAgents({ [change]: allowed }))}
          />
        ))}
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Section>
  )
}
