import { Button, Group, NumberInput, Stack, Switch } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcmeServerSettings } from '../../../contract/acme-server.ts'
import { ChangeButton } from '../../ui/change-button.tsx'
import { createUnsavedEdit } from '../../ui/unsaved-edit.ts'
import type { Call } from '../../ui/use-call.ts'

const ports = ['port', 'httpPort', 'tlsPort', 'dnsPort'] as const
type Port = (typeof ports)[number]
type Typed = Record<Port, number | string>

export const useUnsavedPorts = createUnsavedEdit<Typed>()

/** Where the ACME server listens and looks for challenges, and whether accounts must be bound. */
export function AcmePorts(props: {
  settings: AcmeServerSettings
  call: Call
  /** Resolves once the engine has answered and the settings were read again; false where it refused. */
  save: (wanted: Partial<AcmeServerSettings>) => Promise<boolean>
}) {
  const { t } = useTranslation('issuing')
  const { settings, call, save } = props
  const typed = useUnsavedPorts((state) => state.edit)
  const setTyped = useUnsavedPorts((state) => state.set)
  const shown = typed ?? portsOf(settings)
  const wanted = readPorts(shown)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (wanted !== null && (await save(wanted))) setTyped(null)
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          {ports.map((port) => (
            <NumberInput
              key={port}
              w={130}
              size="xs"
              label={t(`acme.${port}`)}
              min={1}
              max={65_535}
              hideControls
              value={shown[port]}
              placeholder={port === 'dnsPort' ? t('acme.noDns') : undefined}
              onChange={(value) => setTyped({ ...shown, [port]: value })}
            />
          ))}
          {typed === null ? null : (
            <>
              <ChangeButton type="submit" size="xs" loading={call.busy} disabled={wanted === null}>
                {t('acme.savePorts')}
              </ChangeButton>
              <Button size="xs" variant="default" onClick={() => setTyped(null)}>
                {t('cancel')}
              </Button>
            </>
          )}
        </Group>
        <Switch
          label={t('acme.requireBinding')}
          description={t('acme.requireBindingText')}
          checked={settings.requireBinding}
          disabled={call.busy}
          onChange={({ currentTarget: { checked } }) => void save({ requireBinding: checked })}
        />
      </Stack>
    </form>
  )
}

function portsOf({ port, httpPort, tlsPort, dnsPort }: AcmeServerSettings): Typed {
  return { port, httpPort, tlsPort, dnsPort: dnsPort ?? '' }
}

/** Null where one of them is no port. */
function readPorts(typed: Typed): Pick<AcmeServerSettings, Port> | null {
  const isPort = (value: number | string): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535
  const { port, httpPort, tlsPort, dnsPort } = typed
  if (!isPort(port) || !isPort(httpPort) || !isPort(tlsPort)) return null
  if (dnsPort === '') return { port, httpPort, tlsPort, dnsPort: null }
  return isPort(dnsPort) ? { port, httpPort, tlsPort, dnsPort } : null
}
