import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { useCertificates, useClient } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { ConfirmDialog } from '../../../ui/forms/dialog.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { namesLost } from './certificate-fit.ts'
import { rollBackCertificate } from '../actions.ts'
import { useErasedBySwap } from './use-certificate-fate.ts'
import classes from '../domain-page.module.css'

/** Offers a rollback while the previous certificate is retained. */
export function RollbackNote({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const call = useCall()
  const [asking, setAsking] = useState(false)
  const previous = domain.https.previousCertificate
  const certificate = useCertificates((state) => state.items.find(({ id }) => id === previous?.id))
  const isNextErased = useErasedBySwap(domain, null).some(({ id }) => id === previous?.id)
  const keeping = useCall()
  if (!previous) return null
  const names = { name: previous.name, domain: domain.displayName }
  const lost = certificate ? namesLost(domain.https.certificate, certificate) : []
  const keep = async () => {
    const done = await keeping.run(() => client.certificates.setKept({ id: previous.id, kept: true }))
    if (done) notifyDone(t('https.rollback.keptDone', names))
  }
  const rollBack = async () => {
    const done = await call.run(() =>
      client.https.enable({ domain: domain.name, source: { type: 'previous' } }),
    )
    if (!done) return
    setAsking(false)
    notifyDone(t('https.rollback.done', names))
  }
  return (
    <div>
      <div className={classes.note}>
        <IconHistory size={17} stroke={1.7} aria-hidden />
        <span className={classes.grow}>
          {t('https.rollback.text', names)} {isNextErased ? t('https.rollback.erased') : null}
        </span>
        {isNextErased ? (
          <ChangeButton variant="subtle" loading={keeping.busy} onClick={() => void keep()}>
            {t('https.rollback.keep')}
          </ChangeButton>
        ) : null}
        <ActionButton action={rollBackCertificate} variant="default" act={() => setAsking(true)} />
        <ConfirmDialog
          opened={asking}
          title={t('https.rollback.title', names)}
          confirmLabel={t('https.rollback.confirm')}
          call={call}
          tone="plain"
          onConfirm={() => void rollBack()}
          onClose={() => setAsking(false)}
        >
          <p>{t('https.rollback.body', names)}</p>
          {lost.length > 0 ? (
            <p>
              {t('https.rollback.lost')}{' '}
              <span className={classes.lostName}>{lost.map(readableName).join(', ')}</span>
            </p>
          ) : null}
        </ConfirmDialog>
      </div>
      {keeping.error ? <ErrorPanel error={keeping.error} /> : null}
    </div>
  )
}
