import { Button } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import type { ImportResult } from '../../../../contract/certificates/records.ts'
import { importAdvice } from '../../../../domain/import-advice.ts'
import type { Successor } from '../../../../domain/successors.ts'
import { useCertificates, useDomains } from '../../../connection/engine-context.tsx'
import { BulkDialog } from '../../../ui/bulk/bulk-dialog.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import { ReplaceDialog } from '../replace/dialog.tsx'
import { SuccessorNote } from '../successor-note.tsx'
import { CreateDomainsDialog } from './create-domains-dialog.tsx'

/** Act on what the advice named when it was chosen; `from`: certificates to choose from, else all of the vault. */
export type NextAct =
  | { act: 'use' | 'create'; names: readonly string[]; from?: readonly CertificateSummary[] }
  | { act: 'replace'; successor: Successor }

/** Uses of the imported certificates: domains that they cover, names that none serves, and successions. */
export function Advice(props: { results: readonly ImportResult[]; onNext: (next: NextAct) => void }) {
  const { t } = useTranslation('certificates')
  const { results, onNext } = props
  const certificates = useCertificates(({ status, items }) => (status === 'live' ? items : none))
  const domains = useDomains((state) => state.items)
  const now = useNow()
  const advice = useMemo(
    () => importAdvice(importedIds(results), { certificates, domains, now }),
    [results, certificates, domains, now],
  )
  const { covering, domains: off, unserved, names, successors } = advice
  return (
    <>
      {covering > 0 ? (
        <Offer
          text={t('many.covering', { count: covering })}
          label={t('many.use', { count: covering })}
          act={off.length > 0 ? () => onNext({ act: 'use', names: off }) : null}
        />
      ) : null}
      {unserved > 0 ? (
        <Offer
          text={t('many.unserved', { count: unserved })}
          label={t('many.createOpen', { count: names.length })}
          act={names.length > 0 ? () => onNext({ act: 'create', names }) : null}
        />
      ) : null}
      {successors.slice(0, mostSuccessors).map((successor) => (
        <SuccessorNote
          key={successor.old.id}
          successor={successor}
          onReplace={() => onNext({ act: 'replace', successor })}
        />
      ))}
      {successors.length > mostSuccessors ? (
        <p className="dim flush">{t('successor.more', { count: successors.length - mostSuccessors })}</p>
      ) : null}
    </>
  )
}

const none: readonly never[] = []
/** The list of certificates shows the others. */
const mostSuccessors = 3

function importedIds(results: readonly ImportResult[]): Set<string> {
  return new Set(
    results.flatMap(({ outcome, certificate }) =>
      outcome === 'imported' && certificate ? [certificate.id] : [],
    ),
  )
}

function Offer({ text, label, act }: { text: ReactNode; label: string; act: (() => void) | null }) {
  return (
    <div className="row wrapping gap-8">
      <span>{text}</span>
      {act ? (
        <Button variant="default" size="xs" onClick={act}>
          {label}
        </Button>
      ) : null}
    </div>
  )
}

export function NextActDialog({ next, onClose }: { next: NextAct; onClose: () => void }) {
  const domains = useDomains((state) => state.items)
  // The domains of the moment: the plan does not change with the list.
  const [used] = useState(() => {
    const names = new Set(next.act === 'use' ? next.names : [])
    return domains.filter(({ name }) => names.has(name))
  })
  if (next.act === 'replace') {
    const { old, next: successor } = next.successor
    return <ReplaceDialog opened summary={old} chosen={successor.id} onClose={onClose} />
  }
  const { act, names, from } = next
  return act === 'use' ? (
    <BulkDialog act="httpsOn" domains={used} certificates={from} onClose={onClose} />
  ) : (
    <CreateDomainsDialog names={names} from={from} onClose={onClose} />
  )
}
