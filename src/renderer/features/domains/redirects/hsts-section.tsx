import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { hstsFault, hstsNotes, type HstsPolicy, type HstsNote } from '../../../../contract/domains/hsts.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'
import { Checkbox, NumberInput, Stack, Switch } from '@mantine/core'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { Note } from '../../../ui/primitives/note.tsx'

export function HstsSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'hsts')
  const { value, change, call, save } = draft
  const inEffect = domain.policies.hsts
  const isForgetting = inEffect.days === 0
  const undo = () => void save({ ...inEffect, days: 0, preload: false })
  return (
    <Section title={t('hsts.title')} description={t('hsts.text')}>
      {isForgetting && value.days === 0 ? <Note className="below-16">{t('hsts.forgetting')}</Note> : null}
      <HstsFields value={value} onChange={change} />
      <HstsNotes notes={hstsNotes(domain.name, value, domain.redirect.mode)} />
      <DraftFooter
        draft={draft}
        call={draft.call}
        onSave={() => void draft.save()}
        save={t('hsts.save')}
        disabled={hstsFault(value) !== null}
      >
        {inEffect.days !== null && inEffect.days > 0 ? (
          <ChangeButton variant="default" loading={call.busy} onClick={undo}>
            {t('hsts.undo')}
          </ChangeButton>
        ) : null}
        {isForgetting ? (
          <ChangeButton
            variant="default"
            loading={call.busy}
            onClick={() => void save({ days: null, includeSubDomains: false, preload: false })}
          >
            {t('hsts.stopForgetting')}
          </ChangeButton>
        ) : null}
      </DraftFooter>
    </Section>
  )
}

interface FieldsProps<T> {
  value: T
  onChange: (value: T) => void
}

/** Initial max-age: long enough to see the effect, short enough to wait for its end. */
const firstDays = 1

/** HSTS switch and duration. 0 days, which revokes HSTS, is not offered here. */
export function HstsFields({ value, onChange }: FieldsProps<HstsPolicy>) {
  const { t } = useTranslation('policies')
  const on = value.days !== null && value.days > 0
  const turn = (checked: boolean) =>
    onChange(
      checked ? { ...value, days: firstDays } : { days: null, includeSubDomains: false, preload: false },
    )
  return (
    <Stack gap={14}>
      <Switch
        label={t('hsts.switch')}
        description={t('hsts.switchText')}
        checked={on}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      {on ? (
        <>
          <NumberInput
            label={t('hsts.days')}
            description={t('hsts.daysText')}
            w={180}
            min={1}
            max={730}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            value={value.days ?? firstDays}
            onChange={(days) => onChange({ ...value, days: Math.min(Math.max(Number(days) || 1, 1), 730) })}
          />
          <Checkbox
            label={t('hsts.subDomains')}
            checked={value.includeSubDomains}
            onChange={(event) => onChange({ ...value, includeSubDomains: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('hsts.preload')}
            description={t('hsts.preloadText')}
            error={hstsFault(value) ? t('hsts.preloadRefused') : undefined}
            checked={value.preload}
            onChange={(event) => onChange({ ...value, preload: event.currentTarget.checked })}
          />
        </>
      ) : null}
    </Stack>
  )
}

export function HstsNotes({ notes }: { notes: readonly HstsNote[] }) {
  const { t } = useTranslation('policies')
  if (notes.length === 0) return null
  return (
    <div className="below-16" role="group" aria-label={t('hsts.notes')}>
      {notes.map((note) => (
        <VerdictRow
          key={note.kind}
          verdict={note.kind === 'loop' ? 'no' : 'caution'}
          label={t(`hsts.note.${note.kind}.title`, note)}
          reason={t(`hsts.note.${note.kind}.text`, note)}
        />
      ))}
    </div>
  )
}
