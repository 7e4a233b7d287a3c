import { Modal } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary, Domain } from '../../../contract/domains/domains.ts'
import { issuingSuffixes } from '../../../domain/issuing-scope.ts'
import { planBulk, undoOf, type BulkAct, type BulkFacts } from '../../../domain/bulk-plan.ts'
import { useCertificates, useClient, useDomains } from '../../connection/engine-context.tsx'
import { tagsOf } from '../../../domain/changed-tags.ts'
import { ErrorPanel, LoadingRows, useCall } from '../feedback/feedback.tsx'
import { CancelButton } from '../forms/dialog.tsx'
import { useNow } from '../primitives/window-clock.ts'
import { RedirectFields, TagFields } from './bulk-fields.tsx'
import { BulkModal } from './bulk-modal.tsx'
import { domainRows } from './domain-rows.ts'
import { undoBySteps } from './row-acts.ts'

interface BulkProps {
  act: BulkAct
  domains: readonly Domain[]
  /** Certificates to choose from where HTTPS is turned on; absent: all of the vault. */
  certificates?: readonly CertificateSummary[]
  onClose: () => void
}

/** An act on many domains. Turning HTTPS on is planned once all is known that the plan chooses by. */
export function BulkDialog(props: BulkProps) {
  const { act, domains, onClose } = props
  const { t } = useTranslation('domains')
  const { facts, error } = usePlanFacts(act, props.certificates)
  if (facts) return <PlannedBulk {...props} facts={facts} />
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`bulk.title.${act}`, { count: domains.length })}
      size={760}
      centered
    >
      <div className="stack gap-14">
        {error ? <ErrorPanel error={error} /> : <LoadingRows />}
        <div className="row at-end gap-8">
          <CancelButton onClick={onClose} />
        </div>
      </div>
    </Modal>
  )
}

/** Facts of the moment: a plan that was made stays, whatever becomes of the lists. */
function usePlanFacts(act: BulkAct, chosen: BulkProps['certificates']) {
  const now = useNow()
  const { run, error } = useCall()
  const { status, items } = useCertificates((state) => state)
  const [suffixes, setSuffixes] = useState<BulkFacts['suffixes']>()
  const [facts, setFacts] = useState<BulkFacts | null>(null)
  useEffect(() => {
    if (act !== 'httpsOn') return
    void run((client) => client.authority.get()).then((authority) => {
      if (authority !== undefined) setSuffixes(issuingSuffixes(authority))
    })
  }, [act, run])
  const isReady = act !== 'httpsOn' || (status === 'live' && suffixes !== undefined)
  if (isReady && !facts) setFacts({ certificates: chosen ?? items, now, suffixes })
  return { facts, error }
}

function PlannedBulk({ act, domains, facts, onClose }: BulkProps & { facts: BulkFacts }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const known = useDomains((state) => state.items)
  const [redirect, setRedirect] = useState<NonNullable<BulkFacts['redirect']>>({ mode: 'https' })
  const [tags, setTags] = useState<NonNullable<BulkFacts['tags']>>({ add: [], remove: [] })
  const steps = useMemo(
    () => planBulk(act, domains, { ...facts, redirect, tags }),
    [act, domains, facts, redirect, tags],
  )
  const rows = useMemo(() => domainRows(client, steps, t), [client, steps, t])
  const undo = useMemo(
    () =>
      undoBySteps(rows, steps, (done) =>
        domainRows(
          client,
          done.flatMap((step) => undoOf(step) ?? []),
          t,
        ),
      ),
    [client, rows, steps, t],
  )
  return (
    <BulkModal
      title={t(`bulk.title.${act}`, { count: domains.length })}
      text={t(`bulk.text.${act}`)}
      rows={rows}
      startLabel={(count) => t(`bulk.start.${act}`, { count })}
      tone={act === 'remove' || act === 'httpsOff' ? 'danger' : undefined}
      isHarmless={act === 'verify'}
      form={
        act === 'redirect' ? (
          <RedirectFields value={redirect} onChange={setRedirect} />
        ) : act === 'tag' ? (
          <TagFields known={tagsOf(known)} present={tagsOf(domains)} value={tags} onChange={setTags} />
        ) : null
      }
      undo={undo}
      onClose={onClose}
    />
  )
}
