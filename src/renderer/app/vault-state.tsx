import { Tooltip } from '@mantine/core'
import { IconLock, IconShieldExclamation } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEngineStatus } from '../engine/engine-context.tsx'
import classes from './top-bar.module.css'

/** Says that the vault is locked, else that its data key lies beside it, for as long as that is so. */
export function VaultState() {
  const { t } = useTranslation()
  const protection = useEngineStatus((state) => state.value?.protection)
  if (protection?.locked) {
    return (
      <span className={classes.weak} data-locked>
        <IconLock size={17} stroke={1.7} aria-hidden />
        {t('lockedVault')}
      </span>
    )
  }
  if (!protection?.weak) return null
  return (
    <Tooltip label={protection.reason} multiline maw={380}>
      <Link href="/settings" className={classes.weak} aria-label={t('weakProtection')}>
        <IconShieldExclamation size={17} stroke={1.7} aria-hidden />
        <span className={classes.weakText}>{t('weakProtection')}</span>
      </Link>
    </Tooltip>
  )
}
