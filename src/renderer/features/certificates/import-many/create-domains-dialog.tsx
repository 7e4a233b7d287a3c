import { TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addDomain } from '../../../../client/add-domain.ts'
import type { PlannedRow } from '../../../../client/bulk-run.ts'
import type { Client } from '../../../../client/client.ts'
import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import type { Origin } from '../../../../contract/domains/origins.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { bestByName, bestFor } from '../../../../domain/best-certificate.ts'
import { domainFault } from '../../../../domain/domain-fault.ts'
import { formatOrigin } from '../../../../domain/origin-text.ts'
import { readOrigin } from '../../../../domain/origin-url.ts'
import { useCertificates, useClient, useDomains } from '../../../connection/engine-context.tsx'
import { BulkModal } from '../../../ui/bulk/bulk-modal.tsx'
import { undoBySteps } from '../../../ui/bulk/row-acts.ts'
import { groupBy } from '../../../../domain/group-by.ts'
import { useNow } from '../../../ui/primitives/window-clock.ts'

/** Creates a domain for each name, with HTTPS by the best of `from`, or else of the vault, after a plan. */
export function CreateDomainsDialog(props: {
  names: readonly string[]
  from?: readonly CertificateSummary[]
  onClose: () => void
}) {
  const { t } = useTranslation(['certificates', 'domains'])
  const client = useClient()
  const now = useNow()
  const domains = useDomains((state) => state.items)
  const { names, from, onClose } = props
  const certificates = useCertificates((state) => from ?? state.items)
  // The plan of the moment: it does not change with the lists.
  const [best] = useState(() => bestByName({ certificates, now }))
  const [address, setAddress] = useState(() => usualOrigin(domains))
  const read = useMemo(() => readOrigin(address), [address])
  const rows = useMemo(
    () =>
      names.map((name): PlannedRow => {
        const row = { name: readableName(name), plan: '' }
        const fault = domainFault(name)
        if (fault !== undefined) return { ...row, plan: t('many.noDomain', { fault }), outcome: 'refused' }
        if ('problem' in read) return { ...row, plan: read.problem, outcome: 'refused' }
        const certificate = bestFor(name, best)
        const plan = t(certificate ? 'many.createWith' : 'many.createWithout', {
          origin: formatOrigin(read.origin),
          name: certificate?.name,
        })
        return { ...row, plan, act: () => create(client, { name, origin: read.origin, certificate }) }
      }),
    [client, names, read, best, t],
  )
  const undo = undoBySteps(rows, names, (done) =>
    done.map((name) => ({
      ...{ name: readableName(name), plan: t('domains:bulk.plan.remove') },
      act: () => client.domains.remove({ domain: name }),
    })),
  )
  return (
    <BulkModal
      title={t('many.createTitle', { count: names.length })}
      text={t('many.createText')}
      rows={rows}
      startLabel={(count) => t('many.createDo', { count })}
      form={
        <TextInput
          label={t('domains:add.origin')}
          description={t('domains:add.originHint')}
          placeholder={t('domains:add.originPlaceholder')}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      }
      undo={undo}
      onClose={onClose}
    />
  )
}

function create(
  client: Client,
  {
    name,
    origin,
    certificate,
  }: { name: string; origin: Origin; certificate: CertificateSummary | undefined },
) {
  const source = certificate ? ({ type: 'vault', certificateId: certificate.id } as const) : null
  return addDomain(client, { name, origin, source })
}

/** Origin that the most domains have; new ones are likely to have it, too. */
function usualOrigin(domains: readonly Domain[]): string {
  const groups = groupBy(domains, ({ origin }) => formatOrigin(origin))
  const [usual] = [...groups].toSorted(([, one], [, other]) => other.length - one.length)
  return usual?.[0] ?? ''
}
