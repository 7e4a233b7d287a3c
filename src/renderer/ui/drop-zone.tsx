import { Dropzone } from '@mantine/dropzone'
import { IconFileCertificate, IconUpload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './drop-zone.module.css'

/** Where files are dropped or chosen; they are handed on unread. `label` names it for assistive technology. */
export function DropZone(props: {
  label: string
  text: string
  hint?: string
  busy?: boolean
  compact?: boolean
  onFiles: (files: File[]) => void
}) {
  const { t } = useTranslation('ui')
  return (
    <Dropzone
      onDrop={props.onFiles}
      loading={props.busy ?? false}
      className={classes.zone}
      data-compact={props.compact ?? false}
      aria-label={props.label}
      role="button"
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
          <div className={classes.text}>
            {props.text} <span className={classes.choose}>{t('drop.choose')}</span>
          </div>
          {props.hint ? <div className={classes.hint}>{props.hint}</div> : null}
        </div>
      </div>
    </Dropzone>
  )
}
