import { Tooltip } from '@mantine/core'
import { IconShieldExclamation } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useEngineStatus } from '../engine/engine-context.tsx'
import classes from './top-bar.module.css'

/** Stays in view while the vault's data key lies beside the vault. */
export function WeakProtection() {
  const { t } = useTranslation()
  const protection = useEngineStatus((state) => state.value?.protection)
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
