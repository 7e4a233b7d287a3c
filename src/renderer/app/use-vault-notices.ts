import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineLink } from '../connection/engine-context.tsx'
import { notifyOfVault } from '../ui/feedback/feedback.tsx'

/** Notifies this window of changes to the vault's keys and backups, including those by other clients. */
export function useVaultNotices(): void {
  const { t, i18n } = useTranslation('vault')
  const { notices } = useEngineLink()
  useEffect(
    () =>
      notices.subscribe(({ value }, before) => {
        if (!value || value === before.value) return
        const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' }).format(
          new Date(value.at),
        )
        const by = value.actor === 'window' || value.actor === 'engine' ? value.actor : 'command'
        notifyOfVault({
          kind: value.what,
          title: t(`notice.${value.what}`),
          message: t(`notice.by.${by}`, { time }),
          alarm: value.what === 'refused',
        })
      }),
    [notices, t, i18n],
  )
}
