import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { useDomains } from '../../../connection/engine-context.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import classes from './make-green.module.css'
import { create } from 'zustand'

/** Dismissed until the next start of the window. */
const useOffered = create<{ isPutOff: boolean }>(() => ({ isPutOff: false }))

function putOff(): void {
  useOffered.setState({ isPutOff: true })
}

/** Offers the guided setup after the first domain was added. Changes nothing before its plan is confirmed. */
export function SetupOffer({ domain, onAccept }: { domain: Domain; onAccept: () => void }) {
  const { t } = useTranslation('domains')
  const isOnly = useDomains((state) => state.items.length === 1)
  const isPutOff = useOffered((state) => state.isPutOff)
  if (!isOnly || isPutOff || domain.https.state !== 'off') return null
  return (
    <aside className={classes.offer} aria-label={t('offer.title')}>
      <div>
        <strong>{t('offer.title')}</strong>
        <p className={classes.text}>{t('offer.text', { domain: domain.displayName })}</p>
      </div>
      <Group gap="xs" wrap="nowrap">
        <ChangeButton size="xs" variant="default" onClick={onAccept}>
          {t('offer.accept')}
        </ChangeButton>
        <Button size="xs" variant="subtle" onClick={putOff}>
          {t('offer.later')}
        </Button>
      </Group>
    </aside>
  )
}
