import { ActionIcon, Badge, Button, Textarea, TextInput, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { useCertificates } from '../../connection/engine-context.tsx'
import { useOffer } from '../../ui/actions/offers.ts'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { hasOpenList } from '../../ui/primitives/focus.ts'
import { useLocked } from '../../ui/primitives/change-controls.tsx'
import { editNotes } from './actions.ts'
import classes from './certificate-drawer.module.css'
import { tagsOf } from '../../../domain/changed-tags.ts'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'
import { TagsField } from '../../ui/forms/tags-field.tsx'

export function Notes({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  const [editing, setEditing] = useState<boolean | 'ended'>(false)
  const locked = useLocked()
  const offered = useOffer(editNotes, {
    act: () => setEditing(true),
    disabled: locked !== null || editing === true,
  })
  const label = locked ?? t('notes.edit')
  return (
    <section className={classes.block} aria-label={t('notes.title')}>
      <h3 className={classes.heading}>
        {t('notes.title')}
        {editing === true ? null : (
          <Tooltip label={label}>
            <ActionIcon
              size="sm"
              ml={4}
              // Restores the focus after editing.
              autoFocus={editing === 'ended'}
              aria-label={t('notes.edit')}
              aria-disabled={locked !== null}
              onClick={() => locked === null && offered.act()}
              data-does={editNotes.id}
            >
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </h3>
      {editing === true ? (
        <NotesForm summary={summary} onEnd={() => setEditing('ended')} />
      ) : (
        <Written summary={summary} />
      )}
    </section>
  )
}

function Written({ summary: { note, tags, owner } }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  if (note === '' && tags.length === 0 && owner === '') return <p className="dim flush">{t('notes.none')}</p>
  return (
    <>
      {owner === '' ? null : <p className="flush wrap">{t('notes.ownedBy', { owner })}</p>}
      {note === '' ? null : <p className="flush wrap pre-wrap">{note}</p>}
      {tags.length === 0 ? null : (
        <ul className="plain-list wrapping line gap-6 below-8" aria-label={t('notes.tags')}>
          {tags.map((tag) => (
            <li key={tag}>
              <Badge variant="light" color="gray" tt="none" radius="sm">
                {tag}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function NotesForm({ summary, onEnd }: { summary: CertificateSummary; onEnd: () => void }) {
  const { t } = useTranslation(['certificates', 'ui'])
  const call = useCall()
  const known = useCertificates((state) => state.items)
  const [note, setNote] = useState(summary.note)
  const [tags, setTags] = useState(summary.tags)
  const [owner, setOwner] = useState(summary.owner)
  const submit = async () => {
    if (
      await call.run((client) =>
        client.certificates.annotate({ id: summary.id, note: note.trim(), tags, owner }),
      )
    )
      onEnd()
  }
  return (
    <SubmitForm
      className="stack gap-10"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || hasOpenList(event.target)) return
        // Escape ends editing without closing the drawer.
        event.stopPropagation()
        onEnd()
      }}
    >
      <Textarea
        label={t('notes.note')}
        rows={3}
        maxLength={2000}
        autoFocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <TagsField
        label={t('notes.tags')}
        description={t('notes.tagsText')}
        suggestions={tagsOf(known)}
        value={tags}
        onChange={setTags}
      />
      <TextInput
        label={t('notes.owner')}
        description={t('notes.ownerText')}
        maxLength={120}
        value={owner}
        onChange={(event) => setOwner(event.currentTarget.value)}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className="at-end line gap-8">
        <CancelButton onClick={onEnd} />
        <Button type="submit" loading={call.busy}>
          {t('ui:save')}
        </Button>
      </div>
    </SubmitForm>
  )
}
