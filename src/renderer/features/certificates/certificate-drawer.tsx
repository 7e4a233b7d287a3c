import { Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCertificates } from '../../engine/engine-context.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/states.tsx'
import { CertificateDetailView } from './certificate-detail.tsx'
import classes from './certificate-drawer.module.css'
import { DetailFooter } from './detail-footer.tsx'
import { DetailTitle } from './detail-title.tsx'
import { useCertificateDetail } from './use-certificate-detail.ts'

/** One certificate of the vault: facts, chain, verdicts, use, and what can be done with it. The key has no part in it. */
export function CertificateDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const live = useCertificates((state) => state.items.find((each) => each.id === id))
  const { detail, error } = useCertificateDetail(id)
  const summary = live ?? detail?.summary
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={680}
      classNames={{ content: classes.content }}
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header className={classes.header}>
          <Drawer.Title className={classes.title}>
            {summary ? <DetailTitle key={summary.id} summary={summary} /> : t('detail.title')}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t('detail.close')} />
        </Drawer.Header>
        <Drawer.Body className={classes.body}>
          {error ? <ErrorPanel error={error} /> : null}
          {!detail && !error ? <LoadingRows rows={6} height={48} /> : null}
          {detail && summary ? <CertificateDetailView detail={detail} summary={summary} /> : null}
        </Drawer.Body>
        {summary ? <DetailFooter summary={summary} onRemoved={onClose} /> : null}
      </Drawer.Content>
    </Drawer.Root>
  )
}
