import { useEffect } from 'react'
import { filesOrText } from '../../ui/forms/transferred-files.ts'

/** Passes pastes outside of input fields to `onFiles` while mounted. */
export function usePagePaste(pastedName: string, onFiles: (files: File[]) => unknown): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (!event.clipboardData || isField(event.target)) return
      event.preventDefault()
      void filesOrText(event.clipboardData, pastedName).then(onFiles)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [pastedName, onFiles])
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null
}
