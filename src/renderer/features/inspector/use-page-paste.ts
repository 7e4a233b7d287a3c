import { useEffect } from 'react'
import { filesOrText } from '../../ui/staging/pasted-file.ts'

/** While the page is shown, a paste anywhere but in a field is given to `onFiles`. */
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
