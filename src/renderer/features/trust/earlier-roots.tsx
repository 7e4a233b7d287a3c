import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TrustStoreView } from '../../../contract/trust/trust.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { replaceRoots, takeRootsOut } from './actions.ts'
import type { PlannedAct } from './plan-dialog.tsx'
import classes from './trust.module.css'

/** Trust stores that still contain a replaced root, with the two remedies. */
export function EarlierRoots({
  stores,
  ask,
}: {
  stores: TrustStoreView[]
  ask: (asked: PlannedAct) => void
}) {
  const { t } = useTranslation('trust')
  const stale = stores.filter(({ state }) => state === 'stale')
  if (stale.length === 0) return null
  const names = stale.map(({ title }) => title).join(', ')
  return (
    <Section title={t('earlier.title')}>
      <p className={classes.text}>{t('earlier.text', { stores: names })}</p>
      <Group gap="xs" mt="sm">
        <ActionButton action={replaceRoots} act={() => ask({ action: 'install' })} />
        <ActionButton
          action={takeRootsOut}
          variant="default"
          act={() => ask({ action: 'undo', keepsNames: true })}
        />
      </Group>
    </Section>
  )
}
