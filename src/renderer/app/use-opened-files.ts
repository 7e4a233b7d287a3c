import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useDroppedFiles } from '../ui/forms/file-handoff.ts'
import { dialogIsOpen } from '../ui/primitives/focus.ts'
import { notifyDone, notifyRefused } from '../ui/feedback/feedback.tsx'

/** Handles files opened through the operating system like files dropped on the window. */
export function useOpenedFiles(): void {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const give = useDroppedFiles((state) => state.give)
  useEffect(() => {
    const desktop = window.edgekeepDesktop
    if (!desktop) return
    const take = ({ edgekeepFiles: files, refused }: Opened) => {
      for (const reason of refused) notifyRefused(t('opened.refused'), reason)
      if (files.length === 0) return
      give(files)
      // An open dialog keeps its unsaved input; the files wait.
      if (dialogIsOpen()) notifyDone(t('opened.waiting', { count: files.length }))
      else navigate('/inspector')
    }
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window) return
      if (event.data === 'edgekeep:files-waiting') desktop.requestFiles()
      else if (isOpened(event.data)) take(event.data)
    }
    window.addEventListener('message', onMessage)
    desktop.requestFiles()
    return () => window.removeEventListener('message', onMessage)
  }, [give, navigate, t])
}

interface Opened {
  edgekeepFiles: File[]
  refused: string[]
}
function isOpened(data: unknown): data is Opened {
  return typeof data === 'object' && data !== null && 'edgekeepFiles' in data
}
