import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import type { TagChanges } from '../../../../contract/shared/tags.ts'
import { tagsOf } from '../../../../domain/changed-tags.ts'
import { useCertificates, useClient, useDomains } from '../../../connection/engine-context.tsx'
import { TagFields } from '../../../ui/bulk/bulk-fields.tsx'
import { BulkModal } from '../../../ui/bulk/bulk-modal.tsx'
import { undoBySteps } from '../../../ui/bulk/row-acts.ts'
import { planCertificates, undoOf, type CertificateAct } from './certificate-plan.ts'
import { certificateRows } from './certificate-rows.ts'

export function CertificateBulkDialog(props: {
  act: CertificateAct
  certificates: readonly CertificateSummary[]
  onClose: () => void
}) {
  const { t } = useTranslation(['certificates', 'domains'])
  const { act, certificates, onClose } = props
  const client = useClient()
  const known = useCertificates((state) => state.items)
  // The domains of the moment: the plan does not change with the list.
  const listed = useDomains((state) => state.items)
  const [domains] = useState(listed)
  const [tags, setTags] = useState<TagChanges>({ add: [], remove: [] })
  const steps = useMemo(
    () => planCertificates(act, certificates, { domains, tags }),
    [act, certificates, domains, tags],
  )
  const rows = useMemo(() => certificateRows(client, steps, t), [client, steps, t])
  const undo = useMemo(
    () =>
      undoBySteps(rows, steps, (done) =>
        certificateRows(
          client,
          done.flatMap((step) => undoOf(step) ?? []),
          t,
        ),
      ),
    [client, rows, steps, t],
  )
  return (
    <BulkModal
      title={t(`bulk.title.${act}`, { count: certificates.length })}
      text={t(`bulk.text.${act}`)}
      rows={rows}
      startLabel={(count) => t(`bulk.start.${act}`, { count })}
      tone={act === 'remove' ? 'danger' : undefined}
      form={
        act === 'tag' ? (
          <TagFields known={tagsOf(known)} present={tagsOf(certificates)} value={tags} onChange={setTags} />
        ) : null
      }
      undo={undo}
      onClose={onClose}
    />
  )
}
