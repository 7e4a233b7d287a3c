import { ActionIcon, Input, SegmentedControl, Textarea } from '@mantine/core'
import { IconShieldCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { clientCertificatesSchema, type TlsPolicy } from '../../../../contract/domains/tls-policy.ts'
import { DropZone } from '../../../ui/forms/drop-zone.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import classes from './tls.module.css'
import { useAnchors } from './use-anchors.ts'

export function ClientCertificates({
  tls,
  onChange,
}: {
  tls: TlsPolicy
  onChange: (tls: TlsPolicy) => void
}) {
  const { t } = useTranslation('protocol')
  return (
    <Input.Wrapper
      label={t('clientCertificates')}
      description={t(`clientTexts.${tls.clientCertificates}`)}
      labelElement="div"
    >
      <SegmentedControl
        mt={6}
        aria-label={t('clientCertificates')}
        data={clientCertificatesSchema.options.map((value) => ({ value, label: t(`clientModes.${value}`) }))}
        value={tls.clientCertificates}
        onChange={(value) => onChange({ ...tls, clientCertificates: clientCertificatesSchema.parse(value) })}
      />
      {tls.clientCertificates === 'off' ? null : (
        <Anchors
          anchors={tls.clientAnchors}
          onChange={(clientAnchors) => onChange({ ...tls, clientAnchors })}
        />
      )}
    </Input.Wrapper>
  )
}

function Anchors({ anchors, onChange }: { anchors: string[]; onChange: (anchors: string[]) => void }) {
  const { t } = useTranslation('protocol')
  const { titles, call, refusal, add } = useAnchors(anchors, onChange)
  return (
    <div className={classes.anchors}>
      <p className={classes.hint}>{t('clientHeaders')}</p>
      <div className={classes.anchorsTitle}>{t('anchors')}</div>
      {anchors.length === 0 ? <p className={classes.hint}>{t('anchorsNone')}</p> : null}
      <ul className={classes.list} aria-label={t('anchors')}>
        {anchors.map((anchor) => {
          const title = titles.get(anchor) ?? t('anchorUnread')
          return (
            <li key={anchor} className={classes.anchor}>
              <IconShieldCheck size={16} stroke={1.7} aria-hidden />
              <span className={classes.grow}>{title}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('anchorRemove', { title })}
                onClick={() => onChange(anchors.filter((other) => other !== anchor))}
              >
                <IconX size={15} />
              </ActionIcon>
            </li>
          )
        })}
      </ul>
      <DropZone
        compact
        label={t('anchors')}
        text={t('anchorsDrop')}
        busy={call.busy}
        onFiles={(files) => void add(files)}
      />
      <Textarea
        aria-label={t('anchorsPasteLabel')}
        placeholder={t('anchorsPaste')}
        rows={2}
        value=""
        onChange={(event) => void add([new File([event.currentTarget.value], t('anchorsPasteLabel'))])}
      />
      <div role="alert">{refusal === null ? null : <p className={classes.refusal}>{refusal}</p>}</div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </div>
  )
}
