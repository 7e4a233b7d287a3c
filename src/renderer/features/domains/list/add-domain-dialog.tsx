import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../../contract/errors/registry.ts'
import { domainFault } from '../../../../domain/domain-fault.ts'
import { echoOf } from '../../../../domain/echo.ts'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { OriginTestAnswer, useOriginTest } from '../origins/origin-test.tsx'
import { readOrigin } from '../../../../domain/origin-url.ts'
import { SubmitForm, CancelButton } from '../../../ui/forms/dialog.tsx'

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
  const call = useCall()
  const test = useOriginTest()
  const [name, setName] = useState('')
  const [origin, setOrigin] = useState('')
  const [problems, setProblems] = useState<Problems>({})
  const error = call.error ?? test.call.error
  const isOfName = error?.code === 'domain.invalid'
  const submit = async () => {
    const read = readOrigin(origin)
    const fault = problemOfName(name)
    if ('problem' in read) return setProblems({ name: fault, origin: read.problem })
    if (fault !== undefined) return setProblems({ name: fault })
    // A build may create the folder later: a missing folder only warns once.
    const isWarned = test.seen !== null
    if (read.origin.protocol === 'folder' && !isWarned) {
      const seen = await test.run(name.trim(), read.origin)
      if (!seen?.ok) return
    }
    const added = await call.run((client) => client.domains.add({ name: name.trim(), origin: read.origin }))
    if (!added) return
    notifyDone(t('add.done', { domain: added.domain.displayName }))
    onAdded(added.domain)
  }
  const ask = async () => {
    const read = readOrigin(origin)
    if ('problem' in read) setProblems({ ...problems, origin: read.problem })
    else await test.run(name.trim() || 'localhost', read.origin)
  }
  return (
    <SubmitForm onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t('add.name')}
          description={t('add.nameHint')}
          placeholder={t('add.namePlaceholder')}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
            setProblems(({ origin }) => ({ origin }))
            call.clear()
          }}
          error={isOfName ? error.message : problems.name}
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
            setProblems(({ name }) => ({ name }))
            test.forget()
            test.call.clear()
          }}
          error={problems.origin}
          spellCheck={false}
          autoComplete="off"
        />
        <OriginTestAnswer test={test} domain={name.trim() || 'localhost'} />
        {error && !isOfName ? <ErrorPanel error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            mr="auto"
            loading={test.call.busy}
            disabled={origin.trim() === ''}
            onClick={() => void ask()}
          >
            {t('origin.test')}
          </Button>
          <CancelButton onClick={onClose} />
          <ChangeButton
            type="submit"
            loading={call.busy}
            disabled={name.trim() === '' || origin.trim() === ''}
          >
            {t(test.seen?.ok === false ? 'add.anyway' : 'add.save')}
          </ChangeButton>
        </Group>
      </Stack>
    </SubmitForm>
  )
}

interface Problems {
  name?: string
  origin?: string
}

function problemOfName(text: string): string | undefined {
  const name = text.trim()
  const reason = domainFault(name)
  return reason && new EdgekeepError('domain.invalid', { name: echoOf(name), reason }).message
}
