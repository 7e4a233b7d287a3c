import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { ChangeButton, useLocked } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { formatOrigin, readOrigin } from './origin-value.ts'
import { HealthFields } from './health-fields.tsx'
import { OriginStateNote } from './origin-state-note.tsx'
import classes from './origins.module.css'
import { useSavePolicies } from './use-save-policies.ts'

export function MoreOriginsSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { save, busy, error } = useSavePolicies(domain, t('origins.done'))
  const locked = useLocked()
  const { origins } = domain.policies
  const setBackups = (backups: typeof origins.backups) => save({ origins: { ...origins, backups } })
  const all = [domain.origin, ...origins.backups]
  return (
    <Section title={t('origins.title')} description={t('origins.text')}>
      <ol className={classes.list} aria-label={t('origins.title')}>
        {all.map((origin, at) => (
          <li key={`${at} ${formatOrigin(origin)}`} className={classes.row}>
            <div className={classes.what}>
              <code className={classes.address}>{formatOrigin(origin)}</code>
              <span className={classes.role}>
                {at === 0 ? t('origins.first') : t('origins.backup', { at })}
              </span>
              <OriginStateNote state={domain.originStates[at]} />
            </div>
            {at === 0 ? null : (
              <Tooltip label={locked ?? t('origins.remove')}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('origins.removeThis', { origin: formatOrigin(origin) })}
                  disabled={busy || locked !== null}
                  onClick={() => void setBackups(origins.backups.filter((_, other) => other !== at - 1))}
                >
                  <IconTrash size={16} stroke={1.7} />
                </ActionIcon>
              </Tooltip>
            )}
          </li>
        ))}
      </ol>
      <AddBackup
        busy={busy}
        onAdd={(origin) => setBackups([...origins.backups, origin])}
        full={origins.backups.length === 8}
      />
      {error ? <ErrorPanel error={error} /> : null}
      <HealthFields domain={domain} />
    </Section>
  )
}

function AddBackup(props: {
  busy: boolean
  full: boolean
  onAdd: (origin: Domain['origin']) => Promise<boolean>
}) {
  const { t } = useTranslation('domains')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = readOrigin(text)
    if ('problem' in read) return setProblem(read.problem)
    if (await props.onAdd(read.origin)) setText('')
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap={8} wrap="nowrap" mt={12}>
        <TextInput
          flex={1}
          label={t('origins.add')}
          placeholder="http://127.0.0.1:3001"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setProblem(null)
          }}
          error={problem}
          disabled={props.full}
          spellCheck={false}
        />
        <ChangeButton type="submit" variant="default" loading={props.busy} disabled={text.trim() === ''}>
          {t('origins.addButton')}
        </ChangeButton>
      </Group>
    </form>
  )
}
