import { Dropzone } from '@mantine/dropzone'
import { IconFileCertificate, IconUpload } from '@tabler/icons-react'
import { useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './forms.module.css'
import { filesFromTransfer } from './transferred-files.ts'

/**
 * Area to drop or choose files, which are passed on unread. `label` names the button and the file input. Only
 * the button is a control, so that controls do not nest.
 */
export function DropZone(props: {
  label: string
  text: string
  hint?: string
  busy?: boolean
  compact?: boolean
  single?: boolean
  onFiles: (files: File[]) => void
}) {
  const { t } = useTranslation('ui')
  const { single = false } = props
  const openDialog = useRef<() => void>(null)
  return (
    <Dropzone
      onDrop={props.onFiles}
      multiple={!single}
      loading={props.busy ?? false}
      openRef={openDialog}
      activateOnKeyboard={false}
      // Leaves drops outside the zone to the window's handler.
      preventDropOnDocument={false}
      enablePointerEvents
      className={classes.zone}
      data-compact={props.compact ?? false}
      data-drop-zone
      inputProps={{ 'aria-label': props.label }}
    >
      <div className={classes.inner}>
        <Dropzone.Accept>
          <IconUpload size={26} stroke={1.6} />
        </Dropzone.Accept>
        <Dropzone.Idle>
          <IconFileCertificate size={26} stroke={1.6} />
        </Dropzone.Idle>
        <div>
          <div className="medium plain-color">
            {props.text} {t('drop.or')}{' '}
            <button
              type="button"
              className={classes.choose}
              aria-label={t(single ? 'drop.chooseOneFor' : 'drop.chooseFor', { what: props.label })}
              onClick={(event) => {
                event.stopPropagation()
                openDialog.current?.()
              }}
            >
              {t(single ? 'drop.chooseOne' : 'drop.choose')}
            </button>
          </div>
          {props.hint ? <div className="text-xs">{props.hint}</div> : null}
        </div>
      </div>
    </Dropzone>
  )
}

/**
 * Makes an element accept dropped files that no child accepted. Spread `handlers` on the element; `over` is
 * true while files are dragged over it.
 */
export function useFileDrop(onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const enter = (step: 1 | -1) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    depth.current += step
    setOver(depth.current > 0)
  }
  const handlers = {
    onDragEnter: enter(1),
    onDragLeave: enter(-1),
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      depth.current = 0
      setOver(false)
      if (event.defaultPrevented || !event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      void filesFromTransfer(event.dataTransfer).then((files) => files.length > 0 && onFiles(files))
    },
  }
  return { over, handlers }
}
