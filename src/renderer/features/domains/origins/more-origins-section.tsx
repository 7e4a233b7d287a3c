import { ActionIcon, Group, TextInput, Tooltip, NumberInput, Switch } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { ChangeButton, useLocked } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { formatOrigin } from './origin-value.ts'
import { readOrigin } from '../../../../domain/origin-url.ts'
import classes from '../policies.module.css'
import { useSavePolicies, usePolicy } from '../drafts/use-policy.ts'
import { type OriginState, defaultHealthCheck } from '../../../../contract/domains/origins.ts'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictIcon } from '../../../ui/feedback/verdict.tsx'
import pageClasses from '../domain-page.module.css'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { SubmitForm } from '../../../ui/forms/dialog.tsx'

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
              <code className="wrap">{formatOrigin(origin)}</code>
              <span className="dim text-xs">
                {at === 0 ? t('origins.first') : t('origins.backup', { at })}
              </span>
              <OriginStateNote state={domain.originStates[at]} />
            </div>
            {at === 0 ? null : (
              <Tooltip label={locked ?? t('routes.remove')}>
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
  const { t } = useTranslation(['domains', 'issuing'])
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async () => {
    const read = readOrigin(text)
    if ('problem' in read) return setProblem(read.problem)
    if (await props.onAdd(read.origin)) setText('')
  }
  return (
    <SubmitForm onSubmit={submit}>
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
          {t('issuing:dns.do')}
        </ChangeButton>
      </Group>
    </SubmitForm>
  )
}

/** Health of one of several origins; renders nothing without a report from the edge. */
function OriginStateNote({ state }: { state: OriginState | undefined }) {
  const { t, i18n } = useTranslation('domains')
  if (!state) return null
  return (
    <span className={classes.state}>
      <VerdictIcon verdict={state.state === 'up' ? 'yes' : 'no'} size={16} />
      <span>
        {state.state === 'up' ? t('origins.up') : `${t(`origins.${state.state}`)} ${state.reason ?? ''}. `}
        {state.until ? t('origins.until', { when: clockTime(state.until, i18n.language) }) : null}
        {state.state === 'down' ? (
          <RelativeTime at={state.since} say={(when) => t('origins.since', { when })} />
        ) : null}
      </span>
    </span>
  )
}

/** Includes seconds: the first ejection lasts only 10 s. */
function clockTime(at: string, language: string): string {
  return new Date(at).toLocaleTimeString(language)
}

function HealthFields({ domain }: { domain: Domain }) {
  const { t } = useTranslation(['domains', 'policies'])
  const draft = usePolicy(domain, 'health', t('health.done'))
  const health = draft.value
  const { check } = health
  const isWrong = check !== null && !/^\/[!"$-~]*$/.test(check.path)
  return (
    <div className={pageClasses.health}>
      <NumberInput
        label={t('health.ejectAfter')}
        description={t('health.ejectAfterText')}
        min={0}
        max={100}
        allowDecimal={false}
        allowNegative={false}
        value={health.ejectAfter}
        onChange={(value) => draft.change({ ...health, ejectAfter: Number(value) || 0 })}
      />
      <Switch
        label={t('policies:fields.health.check')}
        description={t('health.checkText')}
        checked={check !== null}
        onChange={(event) =>
          draft.change({ ...health, check: event.currentTarget.checked ? defaultHealthCheck : null })
        }
      />
      {check ? (
        <div className={pageClasses.fields}>
          <TextInput
            label={t('health.path')}
            value={check.path}
            onChange={(event) =>
              draft.change({ ...health, check: { ...check, path: event.currentTarget.value.trim() } })
            }
            error={isWrong ? t('health.pathWrong') : undefined}
            spellCheck={false}
          />
          {(['everySeconds', 'timeoutSeconds'] as const).map((field) => (
            <NumberInput
              key={field}
              label={t(`health.${field}`)}
              min={1}
              max={field === 'everySeconds' ? 3600 : 60}
              hideControls
              clampBehavior="strict"
              allowDecimal={false}
              allowNegative={false}
              value={check[field]}
              onChange={(value) =>
                draft.change({ ...health, check: { ...check, [field]: Number(value) || 1 } })
              }
            />
          ))}
        </div>
      ) : null}
      <DraftFooter
        draft={draft}
        call={draft.call}
        save={t('health.save')}
        disabled={isWrong}
        onSave={() => void draft.save()}
      />
    </div>
  )
}
