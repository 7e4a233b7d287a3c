import { Button } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ChangeButton } from '../change-button.tsx'
import { ChangeTable } from '../changes/change-table.tsx'
import type { Draft } from './draft.ts'
import classes from './drafts.module.css'

/** Conflicting changes that somebody else saved during the edit, with a choice. Empty without a conflict. */
export function Meanwhile(props: { draft: Pick<Draft<unknown>, 'meanwhile' | 'discard' | 'keep'> }) {
  const { t } = useTranslation('ui')
  const { meanwhile, discard, keep } = props.draft
  if (meanwhile.length === 0) return null
  return (
    <section className={classes.meanwhile} role="alert" aria-label={t('drafts.title')}>
      <h3 className={classes.title}>
        <IconUsers size={17} stroke={1.7} aria-hidden />
        {t('drafts.title')}
      </h3>
      <p className={classes.text}>{t('drafts.text')}</p>
      <ChangeTable changes={meanwhile} />
      <div className={classes.choice}>
        <Button variant="default" onClick={discard}>
          {t('drafts.theirs')}
        </Button>
        <ChangeButton variant="default" onClick={keep}>
          {t('drafts.mine')}
        </ChangeButton>
      </div>
    </section>
  )
}
