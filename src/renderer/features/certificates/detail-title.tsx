import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { takenNameSentence } from '../../../domain/certificate-title.ts'
import { useOffer } from '../../ui/actions/offers.ts'
import { notifyDone, useCall } from '../../ui/feedback/feedback.tsx'
import { useLocked } from '../../ui/primitives/change-controls.tsx'
import { renameCertificate } from './actions.ts'
import classes from './certificate-drawer.module.css'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'

export function DetailTitle({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  const locked = useLocked()
  const [renaming, setRenaming] = useState<boolean | 'ended'>(false)
  const offered = useOffer(renameCertificate, {
    act: () => setRenaming(true),
    disabled: locked !== null || renaming === true,
  })
  const isByAcme = summary.renewal?.by === 'acme'
  const kind = t(summary.kind === 'uploaded' ? 'detail.uploaded' : isByAcme ? 'detail.acme' : 'detail.free')
  return (
    <>
      {renaming === true ? (
        <RenameForm summary={summary} onEnd={() => setRenaming('ended')} />
      ) : (
        <div className={classes.name}>
          <span className="cut" title={summary.name}>
            {summary.name}
          </span>
          <Tooltip label={locked ?? t('rename.open')}>
            <ActionIcon
              size="sm"
              // Restores the focus after renaming.
              autoFocus={renaming === 'ended'}
              aria-label={t('rename.open')}
              aria-disabled={locked !== null}
              onClick={() => locked === null && offered.act()}
              data-does={renameCertificate.id}
            >
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
        </div>
      )}
      <div className="dim text-sm light">
        {kind} · {summary.keyType}
      </div>
    </>
  )
}

function RenameForm({ summary, onEnd }: { summary: CertificateSummary; onEnd: () => void }) {
  const { t } = useTranslation(['certificates', 'ui'])
  const call = useCall()
  const [name, setName] = useState(summary.name)
  const trimmed = name.trim()
  const submit = async () => {
    if (trimmed === '') return
    const renamed = await call.run((client) => client.certificates.rename({ id: summary.id, name: trimmed }))
    if (!renamed) return
    const note = takenNameSentence(trimmed, renamed.name)
    if (note !== '') notifyDone(note)
    onEnd()
  }
  return (
    <SubmitForm
      className="row-top gap-6"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // Escape ends renaming without closing the drawer.
        event.stopPropagation()
        onEnd()
      }}
    >
      <TextInput
        size="xs"
        aria-label={t('rename.label')}
        className="fill"
        maxLength={120}
        autoFocus
        value={name}
        error={call.error?.message}
        onChange={(event) => setName(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button type="submit" loading={call.busy} disabled={trimmed === ''}>
        {t('ui:save')}
      </Button>
      <CancelButton onClick={onEnd} />
    </SubmitForm>
  )
}
