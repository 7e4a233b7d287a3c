import { NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import classes from '../policies.module.css'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'

const fields = [
  { name: 'connectSeconds', least: 1, most: 300, usual: '10' },
  { name: 'responseSeconds', least: 1, most: 3600, usual: '120' },
  { name: 'idleSeconds', least: 1, most: 86_400, usual: '600' },
  { name: 'minRequestRate', least: 0, most: 1_000_000, usual: '240' },
  { name: 'minResponseRate', least: 0, most: 1_000_000, usual: '240' },
] as const

/** Timeouts of origins and clients; an empty field uses the edge's default. */
export function TimeoutsSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation(['domains', 'ui'])
  const draft = usePolicy(domain, 'timeouts', t('timeouts.done'))
  const timeouts = draft.value
  return (
    <Section title={t('timeouts.title')} description={t('timeouts.text')}>
      <div className={classes.thirds}>
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
              draft.change({ ...timeouts, [name]: value === '' ? null : Math.max(least, Number(value)) })
            }
          />
        ))}
      </div>
      <DraftFooter draft={draft} call={draft.call} save={t('ui:save')} onSave={() => void draft.save()} />
    </Section>
  )
}
