import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { notifyDone } from '../ui/feedback/feedback.tsx'

/** Confirms each file saved by the desktop app, with a link to its folder. Browsers do this themselves. */
export function useSavedFiles(): void {
  const { t } = useTranslation()
  useEffect(() => {
    const desktop = window.edgekeepDesktop
    if (!desktop) return
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      const { edgekeepSaved: fileName } = event.data as { edgekeepSaved?: unknown }
      if (typeof fileName !== 'string') return
      notifyDone(t('saved.done', { fileName }), { label: t('saved.show'), act: () => desktop.showSaved() })
    }
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, [t])
}
