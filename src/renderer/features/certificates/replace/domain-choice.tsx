import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './replace.module.css'
import type { ReplacementForm } from './wanted.ts'

export function DomainChoice(props: {
  domains: readonly string[]
  form: ReplacementForm
  onForm: (form: ReplacementForm) => void
}) {
  const { t } = useTranslation('certificates')
  const { domains, form, onForm } = props
  const set = (domain: string, chosen: boolean) =>
    onForm({
      ...form,
      without: chosen ? form.without.filter((one) => one !== domain) : [...form.without, domain],
    })
  return (
    <section aria-label={t('replace.domains')}>
      <h3 className={classes.heading}>{t('replace.domains')}</h3>
      <div className={classes.domains}>
        {domains.map((domain) => (
          <Checkbox
            key={domain}
            size="xs"
            label={domain}
            checked={!form.without.includes(domain)}
            onChange={(event) => set(domain, event.currentTarget.checked)}
          />
        ))}
      </div>
      {domains.length > 1 ? (
        <Checkbox
          mt={10}
          label={t('replace.allOrNothing')}
          description={t('replace.allOrNothingText')}
          checked={form.allOrNothing}
          onChange={(event) => onForm({ ...form, allOrNothing: event.currentTarget.checked })}
        />
      ) : null}
    </section>
  )
}
