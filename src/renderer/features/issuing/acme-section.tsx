import { Stack, TagsInput, Group, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AcmeServerSettings } from '../../../contract/acme/acme-server.ts'
import { ChangeSwitch, useLocked } from '../../ui/primitives/change-controls.tsx'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { fieldsIn, fieldDraftOf, createUnsavedEdit } from '../../ui/forms/draft.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { AcmeAccounts } from './acme-account-list.tsx'
import { AcmeBindings } from './acme-bindings.tsx'
import type { Shown } from './use-issuing.ts'
import { DraftFooter } from '../../ui/forms/draft-footer.tsx'
import { SubmitForm } from '../../ui/forms/dialog.tsx'

export function AcmeSection(props: {
  shown: Pick<Shown, 'acme' | 'accounts' | 'bindings'>
  showMoreAccounts: () => void
  changed: () => Promise<void>
}) {
  const { t } = useTranslation('issuing')
  const call = useCall()
  const locked = useLocked()
  const { acme, accounts, bindings } = props.shown
  const { settings, directory, problem, identifiesUsers } = acme
  const set = async (wanted: Wanted) => {
    await call.run((client) => client.acmeServer.set({ ...wanted, read: fieldsIn(wanted, settings) }))
    await props.changed()
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
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {directory === null ? null : (
        <Stack gap="sm" mt="sm">
          <FactList>
            <Fact term={t('acme.directory')} copy={directory} mono />
          </FactList>
          <AcmeAccounts
            accounts={accounts}
            showMore={props.showMoreAccounts}
            changed={() => void props.changed()}
          />
          <AcmePorts settings={settings} changed={props.changed} />
          <ChangeSwitch
            label={t('acme.requireBinding')}
            description={t('acme.requireBindingText')}
            checked={settings.requireBinding}
            disabled={call.busy}
            onChange={(requireBinding) => void set({ requireBinding })}
          />
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

const ports = ['port', 'httpPort', 'tlsPort', 'dnsPort'] as const
type Port = (typeof ports)[number]
/** Raw input; null: no DNS server. */
type Typed = Record<Port, number | string | null>
type Wanted = Partial<AcmeServerSettings>

export const useUnsavedPorts = createUnsavedEdit<Partial<Typed>>()

/** Port of the ACME server, ports and DNS server for its challenges. The form shows its own errors. */
function AcmePorts({ settings, changed }: { settings: AcmeServerSettings; changed: () => Promise<void> }) {
  const { t } = useTranslation('issuing')
  const call = useCall()
  const stored = useUnsavedPorts((state) => state.edit)
  const put = useUnsavedPorts((state) => state.put)
  const { port, httpPort, tlsPort, dnsPort } = settings
  const { draft, shown, change } = fieldDraftOf<Typed>({
    stored,
    current: { port, httpPort, tlsPort, dnsPort },
    put,
    section: 'acme',
  })
  const submit = async () => {
    const { value, base } = draft
    if (!arePorts(value) || !arePorts(base)) return
    const saved = await call.run((client) => client.acmeServer.set({ ...value, read: base }))
    await changed()
    if (saved) draft.saved(value, value)
  }
  return (
    <SubmitForm onSubmit={submit}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          {ports.map((name) => (
            <NumberInput
              key={name}
              w={130}
              size="xs"
              label={t(`acme.${name}`)}
              min={1}
              max={65_535}
              hideControls
              value={shown[name] ?? ''}
              placeholder={name === 'dnsPort' ? t('acme.noDns') : undefined}
              onChange={(value) => change({ [name]: name === 'dnsPort' && value === '' ? null : value })}
            />
          ))}
        </Group>
        {draft.changed ? (
          <DraftFooter
            draft={draft}
            call={call}
            save={t('acme.savePorts')}
            disabled={!arePorts(draft.value)}
          />
        ) : null}
      </Stack>
    </SubmitForm>
  )
}

function arePorts(typed: Partial<Typed>): typed is Partial<Pick<AcmeServerSettings, Port>> {
  return Object.entries(typed).every(
    ([name, value]) => isPort(value) || (name === 'dnsPort' && value === null),
  )
}

function isPort(value: number | string | null): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535
}
