import { useTranslation } from 'react-i18next'
import type { Replaced } from '../../../../contract/certificates/records.ts'
import { ImpactNote, Shortened } from '../../../ui/staging/report-notes.tsx'
import { VerdictRow, type Verdict } from '../../../ui/feedback/verdict.tsx'
import classes from './replace.module.css'

const verdicts = {
  replaced: 'yes',
  'not-covered': 'no',
  'not-using': 'unknown',
  left: 'unknown',
} as const satisfies Record<Replaced['domains'][number]['outcome'], Verdict>

export function PreviewView({ preview }: { preview: Replaced | null }) {
  const { t } = useTranslation('certificates')
  if (!preview) return null
  return (
    <section aria-label={t('replace.preview')} aria-live="polite">
      <h3 className={classes.heading}>{t('replace.preview')}</h3>
      <ImpactNote impact={preview.impact} />
      <ul className={classes.outcomes}>
        <Shortened items={preview.domains}>
          {({ domain, outcome }) => (
            <li key={domain}>
              <VerdictRow
                verdict={verdicts[outcome]}
                label={domain}
                reason={t(`replace.outcome.${outcome}`, { name: preview.new.name })}
              />
            </li>
          )}
        </Shortened>
      </ul>
    </section>
  )
}
