import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { ErrorPanel } from '../../../ui/states.tsx'
import { useCall } from '../../../ui/use-call.ts'
import { readOrigin } from '../origins/origin-value.ts'

interface AddDomain {
  onClose: () => void
  onAdded: (domain: Domain) => void
}

export function AddDomainDialog({ opened, ...rest }: AddDomain & { opened: boolean }) {
  const { t } = useTranslation('domains')
  return (
    <Modal opened={opened} onClose={rest.onClose} title={t('add.title')} size="md" yOffset="12vh">
      <AddDomainForm {...rest} />
    </Modal>
  )
}

function AddDomainForm({ onClose, onAdded }: AddDomain) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const call = useCall()
  const [name, setName] = useState('')
  const [origin, setOrigin] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = readOrigin(origin)
    if ('problem' in read) return setProblem(read.problem)
    const added = await call.run(() => client.domains.add({ name: name.trim(), origin: read.origin }))
    if (!added) return
    notifyDone(t('add.done', { domain: added.domain.displayName }))
    onAdded(added.domain)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t('add.name')}
          description={t('add.nameHint')}
          placeholder={t('add.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={t('add.origin')}
          description={t('add.originHint')}
          placeholder={t('add.originPlaceholder')}
          value={origin}
          onChange={(event) => {
            setOrigin(event.currentTarget.value)
            setProblem(null)
          }}
          error={problem}
          spellCheck={false}
          autoComplete="off"
        />
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          <ChangeButton
            type="submit"
            loading={call.busy}
            disabled={name.trim() === '' || origin.trim() === ''}
          >
            {t('add.save')}
          </ChangeButton>
        </Group>
      </Stack>
    </form>
  )
}
