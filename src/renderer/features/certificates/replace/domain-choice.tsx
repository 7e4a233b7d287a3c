import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './replace.module.css'
import type { Wish } from './wanted.ts'

export function DomainChoice(props: {
  domains: readonly string[]
  wish: Wish
  onWish: (wish: Wish) => void
}) {
  const { t } = useTranslation('certificates')
  const { domains, wish, onWish } = props
  const set = (domain: string, chosen: boolean) =>
    onWish({
      ...wish,
      without: chosen ? wish.without.filter((one) => one !== domain) : [...wish.without, domain],
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
            checked={!wish.without.includes(domain)}
            onChange={(event) => set(domain, event.currentTarget.checked)}
          />
        ))}
      </div>
      {domains.length > 1 ? (
        <Checkbox
          mt={10}
          label={t('replace.allOrNothing')}
          description={t('replace.allOrNothingText')}
          checked={wish.allOrNothing}
          onChange={(event) => onWish({ ...wish, allOrNothing: event.currentTarget.checked })}
        />
      ) : null}
    </section>
  )
}
