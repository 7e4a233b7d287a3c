import { Stack, Switch, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AcmeAccount, AcmeServerSettings, AcmeServerState } from '../../../contract/acme-server.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { Fact, FactList } from '../../ui/certificate/fact-list.tsx'
import { Section } from '../../ui/page-layout.tsx'
import { ErrorPanel } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import { useLocked } from '../../ui/use-locked.ts'

/** The switch of the ACME server, where clients find it, and who they are. */
export function AcmeSection(props: { state: AcmeServerState; accounts: AcmeAccount[]; changed: () => void }) {
  const { t } = useTranslation('issuing')
  const client = useClient()
  const call = useCall()
  const locked = useLocked()
  const { settings, directory, problem } = props.state
  const set = async (wanted: Partial<AcmeServerSettings>) => {
    await call.run(() => client.acmeServer.set(wanted))
    props.changed()
  }
  return (
    <Section title={t('acme.title')} description={t('acme.description')}>
      <Switch
        label={directory === null ? t('acme.off') : t('acme.on')}
        description={locked ?? problem ?? t('acme.text')}
        checked={settings.enabled}
        disabled={call.busy || locked !== null}
        onChange={({ currentTarget: { checked } }) => void set({ enabled: checked })}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {directory === null ? null : (
        <Stack gap="sm" mt="sm">
          <FactList>
            <Fact term={t('acme.directory')} copy={directory} mono>
              {directory}
            </Fact>
            <Fact term={t('acme.challenges')}>
              {t('acme.ports', {
                http: settings.httpPort,
                tls: settings.tlsPort,
                dns: settings.dnsPort ?? t('acme.noDns'),
              })}
            </Fact>
            <Fact term={t('acme.clients')}>
              {props.accounts.length === 0
                ? t('acme.nobody')
                : props.accounts.map(({ userAgent }) => userAgent.split(' ', 1)[0] ?? '').join(', ')}
            </Fact>
          </FactList>
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
