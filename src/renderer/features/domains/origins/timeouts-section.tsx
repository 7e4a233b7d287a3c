import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import type { TimeoutsPolicy } from '../../../../contract/origins.ts'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { Section } from '../../../ui/page-layout.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import classes from '../domain-page.module.css'
import own from './origins.module.css'
import { useSavePolicies } from './use-save-policies.ts'

const fields = [
  { name: 'connectSeconds', least: 1, most: 300, usual: '10' },
  { name: 'responseSeconds', least: 1, most: 3600, usual: '120' },
  { name: 'idleSeconds', least: 1, most: 86_400, usual: '600' },
  { name: 'minRequestRate', least: 0, most: 1_000_000, usual: '240' },
  { name: 'minResponseRate', least: 0, most: 1_000_000, usual: '240' },
] as const

/** How long an origin may take and how slow a client may be; what is left empty is the edge's own measure. */
export function TimeoutsSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { save, busy, error } = useSavePolicies(domain, t('timeouts.done'))
  // Until something is changed here, it shows what is in effect.
  const [draft, setDraft] = useState<TimeoutsPolicy | null>(null)
  const timeouts = draft ?? domain.policies.timeouts
  return (
    <Section title={t('timeouts.title')} description={t('timeouts.text')}>
      <div className={own.thirds}>
        {fields.map(({ name, least, most, usual }) => (
          <NumberInput
            key={name}
            label={t(`timeouts.${name}`)}
            placeholder={usual}
            min={least}
            max={most}
            hideControls
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            value={timeouts[name] ?? ''}
            onChange={(value) =>
              setDraft({ ...timeouts, [name]: value === '' ? null : Math.max(least, Number(value)) })
            }
          />
        ))}
      </div>
      {error ? <ErrorPanel error={error} /> : null}
      {draft ? (
        <div className={classes.footer}>
          <ChangeButton
            loading={busy}
            onClick={() => void save({ timeouts }).then((done) => done && setDraft(null))}
          >
            {t('timeouts.save')}
          </ChangeButton>
        </div>
      ) : null}
    </Section>
  )
}
