import { Stack, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AcmeServerSettings } from '../../../contract/acme/acme-server.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeSwitch, useLocked } from '../../ui/primitives/change-controls.tsx'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { fieldsIn } from '../../ui/forms/draft.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { AcmeAccounts } from './acme-account-list.tsx'
import { AcmeBindings } from './acme-bindings.tsx'
import { AcmePorts, useUnsavedPorts } from './acme-ports.tsx'
import type { Shown } from './use-issuing.ts'

export function AcmeSection(props: {
  shown: Pick<Shown, 'acme' | 'accounts' | 'bindings'>
  showMoreAccounts: () => void
  changed: () => Promise<void>
}) {
  const { t } = useTranslation('issuing')
  const client = useClient()
  const call = useCall()
  const locked = useLocked()
  // While the ports are edited, their form shows the error.
  const isEditing = useUnsavedPorts((state) => state.edit !== null)
  const { acme, accounts, bindings } = props.shown
  const { settings, directory, problem, identifiesUsers } = acme
  const set = async (wanted: Partial<AcmeServerSettings>, read = fieldsIn(wanted, settings)) => {
    const answer = await call.run(() => client.acmeServer.set({ ...wanted, read }))
    await props.changed()
    return answer !== undefined
  }
  return (
    <Section title={t('acme.title')} description={t('acme.description')}>
      <ChangeSwitch
        label={directory === null ? t('acme.off') : t('acme.on')}
        description={problem ?? t(identifiesUsers ? 'acme.text' : 'acme.textAllUsers')}
        checked={settings.enabled}
        disabled={call.busy}
        onChange={(enabled) => void set({ enabled })}
      />
      {call.error && !isEditing ? <ErrorPanel error={call.error} /> : null}
      {directory === null ? null : (
        <Stack gap="sm" mt="sm">
          <FactList>
            <Fact term={t('acme.directory')} copy={directory} mono>
              {directory}
            </Fact>
          </FactList>
          <AcmeAccounts
            accounts={accounts}
            showMore={props.showMoreAccounts}
            changed={() => void props.changed()}
          />
          <AcmePorts settings={settings} call={call} save={set} />
          {settings.requireBinding || bindings.length > 0 ? (
            <AcmeBindings bindings={bindings} changed={() => void props.changed()} />
          ) : null}
          <TagsInput
            label={t('acme.waived')}
            description={t('acme.waivedText')}
            value={settings.waived}
            disabled={call.busy || locked !== null}
            onChange={(waived) => void set({ waived })}
          />
        </Stack>
      )}
    </Section>
  )
}
