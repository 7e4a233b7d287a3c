import { Button, Drawer } from '@mantine/core'
import { IconCertificateOff } from '@tabler/icons-react'
import { useRef, useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { useCertificates, useClient, useConnection } from '../../connection/engine-context.tsx'
import { EmptyState, ErrorPanel, LoadingRows, useCall } from '../../ui/feedback/feedback.tsx'
import { useEscape } from '../../ui/primitives/focus.ts'
import { CertificateDetailView } from './certificate-detail.tsx'
import classes from './certificate-drawer.module.css'
import { DetailFooter } from './detail-footer.tsx'
import { DetailTitle } from './detail-title.tsx'
import type { CertificateDetail } from '../../../contract/certificates/procedures.ts'

/** Drawer of one certificate: facts, chain, verdicts, use and actions. Never contains the key. */
export function CertificateDrawer(props: { id: string | null; onClose: () => void }) {
  // Keeps the content while the drawer slides out.
  const [shown, setShown] = useState(props.id)
  if (props.id !== null && props.id !== shown) setShown(props.id)
  const content = useRef<HTMLDivElement>(null)
  useEscape(props.id !== null, content, props.onClose)
  return (
    <Drawer.Root
      opened={props.id !== null}
      onClose={props.onClose}
      closeOnEscape={false}
      position="right"
      size={680}
      classNames={{ content: 'column' }}
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content ref={content}>
        {shown === null ? null : <DrawerParts id={shown} onClose={props.onClose} />}
      </Drawer.Content>
    </Drawer.Root>
  )
}

function DrawerParts({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['certificates', 'ui'])
  const live = useCertificates(({ byKey }) => byKey.get(id))
  const { detail, error } = useCertificateDetail(id)
  const summary = live ?? detail?.summary
  return (
    <>
      <Drawer.Header className={classes.header}>
        <Drawer.Title className={classes.title}>
          {summary ? <DetailTitle key={summary.id} summary={summary} /> : t('detail.title')}
        </Drawer.Title>
        <Drawer.CloseButton aria-label={t('ui:close')} />
      </Drawer.Header>
      <Drawer.Body className={classes.body}>
        {error ? <DetailProblem error={error} onClose={onClose} /> : null}
        {!detail && !error ? <LoadingRows rows={6} height={48} /> : null}
        {detail && summary ? <CertificateDetailView detail={detail} summary={summary} /> : null}
      </Drawer.Body>
      {summary ? <DetailFooter summary={summary} onRemoved={onClose} /> : null}
    </>
  )
}

function DetailProblem({ error, onClose }: { error: EdgekeepError; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  if (error.code !== 'certificate.not_found') return <ErrorPanel error={error} />
  return (
    <EmptyState
      icon={<IconCertificateOff size={26} stroke={1.5} />}
      title={t('gone.title')}
      text={t('gone.text')}
      action={
        <Button variant="default" onClick={onClose}>
          {t('gone.back')}
        </Button>
      }
    />
  )
}

function useCertificateDetail(id: string) {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const { run, error } = useCall()
  const [detail, setDetail] = useState<CertificateDetail | null>(null)
  useEffect(() => {
    let current = true
    if (connected) {
      void run(() => client.certificates.get({ id })).then((answer) => {
        if (current && answer) setDetail(answer)
      })
    }
    return () => {
      current = false
    }
  }, [client, connected, id, run])
  return { detail: detail?.summary.id === id ? detail : null, error }
}
