import { Tooltip } from '@mantine/core'
import { IconLock, IconShieldExclamation } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEngineStatus } from '../connection/engine-context.tsx'
import classes from './top-bar.module.css'

/** Indicator for a locked vault, else for an unfinished clean-up or a data key stored beside the vault. */
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
  const warnings = protection?.warnings ?? []
  if (!protection?.weak && warnings.length === 0) return null
  const label = t(warnings.length > 0 ? 'vaultWarning' : 'weakProtection')
  return (
    <Tooltip label={warnings[0] ?? protection?.reason} multiline maw={380}>
      <Link href="/settings" className={classes.weak} aria-label={label}>
        <IconShieldExclamation size={17} stroke={1.7} aria-hidden />
        <span className={classes.weakText}>{label}</span>
      </Link>
    </Tooltip>
  )
}
