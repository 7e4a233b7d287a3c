import type { ClipboardEvent, DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './paste-box.module.css'

/**
 * A box to paste PEM into. What is pasted may be a private key, so it never becomes the box's text:
 * the paste is taken before the document sees it, made a file, and handed on. The box stays empty;
 * `received` is the line that says something came.
 */
export function PasteBox(props: {
  label: string
  placeholder: string
  /** Name of the file the text becomes, shown where the report speaks of places. */
  fileName: string
  received: string | null
  disabled?: boolean
  onFiles: (files: File[]) => void
}) {
  const { t } = useTranslation('ui')
  const take = (event: ClipboardEvent | DragEvent, transfer: DataTransfer) => {
    const text = transfer.getData('text/plain')
    const files = Array.from(transfer.files)
    if (!text && files.length === 0) return
    event.preventDefault()
    event.stopPropagation()
    props.onFiles(files.length > 0 ? files : [new File([text], props.fileName, { type: 'text/plain' })])
  }
  return (
    <label className={classes.root}>
      <span className={classes.label}>{props.label}</span>
      <textarea
        className={classes.box}
        rows={2}
        value=""
        onChange={ignoreTyping}
        spellCheck={false}
        autoComplete="off"
        disabled={props.disabled}
        placeholder={props.placeholder}
        onPaste={(event) => take(event, event.clipboardData)}
        onDrop={(event) => take(event, event.dataTransfer)}
      />
      <span className={classes.received} role="status">
        {props.received ?? t('paste.hint')}
      </span>
    </label>
  )
}

/** Only a paste is taken; typed text stays out because the value is always empty. */
function ignoreTyping(): void {}
