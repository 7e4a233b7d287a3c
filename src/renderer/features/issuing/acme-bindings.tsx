import { Button, Group, Stack, Table, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewAcmeBinding } from '../../../contract/acme/acme-server.ts'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import type { Shown } from './use-issuing.ts'
import { SubmitForm } from '../../ui/forms/dialog.tsx'

/** External account bindings (EAB) of the ACME server. A new MAC key is shown only once. */
export function AcmeBindings({ bindings, changed }: { bindings: Shown['bindings']; changed: () => void }) {
  const { t } = useTranslation(['issuing', 'domains'])
  const call = useCall()
  const [label, setLabel] = useState('')
  const [made, setMade] = useState<NewAcmeBinding | null>(null)
  const add = async () => {
    const binding = await call.run((client) => client.acmeServer.addBinding({ label: label.trim() }))
    if (!binding) return
    setMade(binding)
    setLabel('')
    changed()
  }
  const remove = async (id: string) => {
    await call.run((client) => client.acmeServer.removeBinding({ id }))
    changed()
  }
  return (
    <Stack gap="xs">
      {bindings.length > 0 ? (
        <Table aria-label={t('bindings.title')} verticalSpacing={4}>
          <Table.Tbody>
            {bindings.map((binding) => (
              <Table.Tr key={binding.id}>
                <Table.Td>{binding.label}</Table.Td>
                <Table.Td>
                  {binding.usedAt === null ? (
                    t('bindings.unused')
                  ) : (
                    <RelativeTime at={binding.usedAt} say={(when) => t('bindings.used', { when })} />
                  )}
                </Table.Td>
                <Table.Td align="right">
                  <ChangeButton size="compact-xs" variant="default" onClick={() => void remove(binding.id)}>
                    {t('domains:routes.remove')}
                  </ChangeButton>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {made ? <NewBinding binding={made} onClose={() => setMade(null)} /> : null}
      <SubmitForm onSubmit={add}>
        <Group gap="sm" align="flex-end">
          <TextInput
            size="xs"
            w={272}
            label={t('bindings.title')}
            placeholder={t('bindings.placeholder')}
            maxLength={80}
            value={label}
            onChange={({ currentTarget }) => setLabel(currentTarget.value)}
          />
          <ChangeButton
            type="submit"
            size="xs"
            variant="default"
            loading={call.busy}
            disabled={label.trim() === ''}
          >
            {t('bindings.add')}
          </ChangeButton>
        </Group>
      </SubmitForm>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Stack>
  )
}

function NewBinding({ binding, onClose }: { binding: NewAcmeBinding; onClose: () => void }) {
  const { t } = useTranslation('issuing')
  return (
    <Stack gap={6}>
      <p role="status">{t('bindings.once', { label: binding.label })}</p>
      <FactList>
        <Fact term={t('bindings.keyId')} copy={binding.id} mono />
        <Fact term={t('bindings.macKey')} copy={binding.macKey} mono />
      </FactList>
      <Group>
        <Button size="compact-xs" variant="default" onClick={onClose}>
          {t('bindings.noted')}
        </Button>
      </Group>
    </Stack>
  )
}
