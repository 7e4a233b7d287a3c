import { ActionIcon, Kbd, Tooltip, UnstyledButton, useComputedColorScheme, Button } from '@mantine/core'
import { useOs } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import {
  IconHelp,
  IconMoon,
  IconSearch,
  IconSun,
  IconLock,
  IconKey,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnection, useEngineStatus, useEngineLink } from '../connection/engine-context.tsx'
import { offerOf, useOffers } from '../ui/actions/offers.ts'
import { EdgeStatus } from './edge-status.tsx'
import classes from './top-bar.module.css'
import { showGuide, switchTheme } from './actions.ts'
import { Link } from 'wouter'

/** Edge status and search. Without the engine, the connection state replaces them without a layout shift. */
export function TopBar() {
  const { t } = useTranslation()
  const connection = useConnection()
  const lost = connection === 'lost' || connection === 'ended'
  return (
    <div className={classes.bar} role="region" aria-label={t('bar')} data-lost={lost}>
      <div className={classes.status} role="status" aria-label={t('edge.label')}>
        {lost ? <ConnectionLost /> : <EdgeStatus />}
      </div>
      <div className="rigid row gap-6">
        <VaultState />
        <SearchButton />
        <GuideButton />
        <ThemeButton />
      </div>
    </div>
  )
}

function SearchButton() {
  const { t } = useTranslation()
  const os = useOs()
  return (
    <UnstyledButton className={classes.search} onClick={spotlight.open} aria-haspopup="dialog">
      <IconSearch size={15} aria-hidden />
      <span className="fill">{t('search.button')}</span>
      <Kbd size="xs" aria-hidden>
        {os === 'macos' ? '⌘ K' : 'Ctrl K'}
      </Kbd>
    </UnstyledButton>
  )
}

function GuideButton() {
  const { t } = useTranslation()
  const guide = useOffers((state) => offerOf(state.offered, showGuide))
  return (
    <Tooltip label={guide?.hindrance ?? t('palette.guide')}>
      <ActionIcon
        size="lg"
        aria-label={t('palette.guide')}
        aria-disabled={guide?.disabled}
        aria-description={guide?.hindrance ?? undefined}
        onClick={guide?.disabled ? undefined : guide?.act}
        data-does={showGuide.id}
      >
        <IconHelp size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  )
}

function ThemeButton() {
  const { t } = useTranslation()
  const scheme = useComputedColorScheme('light')
  const theme = useOffers((state) => offerOf(state.offered, switchTheme))
  return (
    <Tooltip label={t('palette.theme')}>
      <ActionIcon size="lg" aria-label={t('palette.theme')} onClick={theme?.act} data-does={switchTheme.id}>
        {scheme === 'dark' ? <IconSun size={18} stroke={1.7} /> : <IconMoon size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  )
}

/** Indicator for a locked vault, else for an unfinished clean-up or a data key stored beside the vault. */
function VaultState() {
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
        <IconKey size={17} stroke={1.7} aria-hidden />
        <span className={classes.weakText}>{label}</span>
      </Link>
    </Tooltip>
  )
}

/** Notice of a lost engine connection with a retry button. Pages keep showing their last known state. */
function ConnectionLost() {
  const { t } = useTranslation()
  const { retryNow } = useEngineLink()
  const ended = useConnection() === 'ended'
  return (
    <>
      <span className="caution row gap-8 semibold">
        <IconPlugConnectedX size={18} stroke={1.7} aria-hidden />
        {t(ended ? 'connection.ended' : 'connection.lost')}
      </span>
      <Button variant="default" flex="none" onClick={retryNow}>
        {t('connection.retry')}
      </Button>
    </>
  )
}
