import { Textarea } from '@mantine/core'
import { useEffect, useRef, type ChangeEvent, type ClipboardEvent, type DragEvent } from 'react'
import { fileOfText, filesOrText, isPem } from './pasted-file.ts'

/**
 * A box to paste PEM into that never holds it: the paste is taken before the document sees it and
 * handed on as a file called `pastedName`.
 */
export function PasteBox(props: {
  label: string
  placeholder: string
  pastedName: string
  rows?: number
  /** Whether a dialog that opens puts the focus here. */
  first?: boolean
  onFiles: (files: File[]) => void
}) {
  const { pastedName, onFiles } = props
  const box = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    const element = box.current
    // React's onBeforeInput is a polyfill that fires after the fact; only the browser's own can be refused.
    const refuse = (event: InputEvent) => {
      event.preventDefault()
      if (isPem(event.data)) onFiles([fileOfText(event.data, pastedName)])
    }
    element?.addEventListener('beforeinput', refuse)
    return () => element?.removeEventListener('beforeinput', refuse)
  }, [pastedName, onFiles])

  const take = (event: ClipboardEvent | DragEvent, transfer: DataTransfer) => {
    event.preventDefault()
    void filesOrText(transfer, pastedName).then((files) => files.length > 0 && onFiles(files))
  }

  return (
    <Textarea
      ref={box}
      label={props.label}
      placeholder={props.placeholder}
      rows={props.rows ?? 1}
      value=""
      onChange={empty}
      onPaste={(event) => take(event, event.clipboardData)}
      onDrop={(event) => take(event, event.dataTransfer)}
      data-autofocus={props.first || undefined}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { resize: 'none', fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  )
}

/** Whatever got in although it was refused is taken out again. */
function empty(event: ChangeEvent<HTMLTextAreaElement>): void {
  event.currentTarget.value = ''
}
