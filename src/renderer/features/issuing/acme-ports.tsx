import { Group, NumberInput, Stack } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcmeServerSettings } from '../../../contract/acme/acme-server.ts'
import { ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { DraftFooter } from '../../ui/forms/draft-footer.tsx'
import { fieldDraftOf, createUnsavedEdit } from '../../ui/forms/draft.ts'
import type { Call } from '../../ui/feedback/feedback.tsx'

const ports = ['port', 'httpPort', 'tlsPort', 'dnsPort'] as const
type Port = (typeof ports)[number]
/** Raw input; null: no DNS server. */
type Typed = Record<Port, number | string | null>
type Wanted = Partial<AcmeServerSettings>

export const useUnsavedPorts = createUnsavedEdit<Partial<Typed>>()

/** Port of the ACME server, ports and DNS server for its challenges, and whether EAB is required. */
export function AcmePorts(props: {
  settings: AcmeServerSettings
  call: Call
  /** Resolves with true after the settings were saved and reloaded, with false on failure. */
  save: (wanted: Wanted, read?: Wanted) => Promise<boolean>
}) {
  const { t } = useTranslation('issuing')
  const { settings, call, save } = props
  const stored = useUnsavedPorts((state) => state.edit)
  const put = useUnsavedPorts((state) => state.put)
  const { port, httpPort, tlsPort, dnsPort } = settings
  const { draft, shown, change } = fieldDraftOf<Typed>({
    stored,
    current: { port, httpPort, tlsPort, dnsPort },
    put,
    section: 'acme',
  })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { value, base } = draft
    if (arePorts(value) && arePorts(base) && (await save(value, base))) draft.saved(value, value)
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
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
        <ChangeSwitch
          label={t('acme.requireBinding')}
          description={t('acme.requireBindingText')}
          checked={settings.requireBinding}
          disabled={call.busy}
          onChange={(requireBinding) => void save({ requireBinding })}
        />
      </Stack>
    </form>
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
