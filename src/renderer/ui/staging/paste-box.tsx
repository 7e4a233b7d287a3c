import { Textarea } from '@mantine/core'
import { useEffect, useRef, type ChangeEvent, type ClipboardEvent, type DragEvent } from 'react'
import { fileOfText, filesOrText, isPem } from '../forms/transferred-files.ts'

/**
 * Box to paste PEM into. It intercepts the paste before it enters the document and passes it on as a file
 * named `pastedName`.
 */
export function PasteBox(props: {
  label: string
  placeholder: string
  pastedName: string
  rows?: number
  /** Takes the initial focus of a dialog. */
  first?: boolean
  onFiles: (files: File[]) => void
}) {
  const { pastedName, onFiles } = props
  const box = useRef<HTMLTextAreaElement>(null)

  useEffect(() => {
    const element = box.current
    // React's onBeforeInput is a polyfill that fires after the input; only the native event can be cancelled.
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

/** Clears input that got past the cancelled event. */
function empty(event: ChangeEvent<HTMLTextAreaElement>): void {
  event.currentTarget.value = ''
}
