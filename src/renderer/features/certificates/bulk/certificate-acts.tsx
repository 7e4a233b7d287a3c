import { Button, Menu } from '@mantine/core'
import { useMemo, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import { importAdvice } from '../../../../domain/import-advice.ts'
import { useCertificates, useDomains } from '../../../connection/engine-context.tsx'
import { SelectionBar } from '../../../ui/bulk/selection.tsx'
import { downloadText } from '../../../ui/primitives/download.ts'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import { certificatesCsv } from '../certificates-csv.ts'
import type { NextAct } from '../import-many/import-advice.tsx'
import { certificateActs, type CertificateAct } from './certificate-plan.ts'

/** Act on the certificates that were selected when it was chosen. */
export type ChosenAct = { act: CertificateAct; certificates: readonly CertificateSummary[] } | NextAct

interface Selected {
  certificates: readonly CertificateSummary[]
  onAct: (chosen: ChosenAct) => void
}

export interface BulkMenu extends Pick<Selected, 'onAct'> {
  button: RefObject<HTMLButtonElement | null>
}

export function CertificateActs(props: Selected & BulkMenu & { onClear: () => void }) {
  const { t } = useTranslation('certificates')
  const { certificates, button, onAct, onClear } = props
  return (
    <SelectionBar
      label={t('bulk.toolbar')}
      text={t('bulk.selected', { count: certificates.length })}
      button={button}
      items={
        <>
          <Uses certificates={certificates} onAct={onAct} />
          <Menu.Item
            onClick={() =>
              downloadText('edgekeep-certificates.csv', 'text/csv', certificatesCsv(certificates))
            }
          >
            {t('csv.save')}
          </Menu.Item>
        </>
      }
      onClear={onClear}
    >
      {certificateActs.map((act) => (
        <Button key={act} variant="default" onClick={() => onAct({ act, certificates })}>
          {t(`bulk.act.${act}`)}
        </Button>
      ))}
    </SelectionBar>
  )
}

/** HTTPS for the domains that the selected certificates cover, and domains for names that none serves. */
function Uses({ certificates, onAct }: Selected) {
  const { t } = useTranslation('certificates')
  const all = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  const now = useNow()
  const advice = useMemo(
    () => importAdvice(new Set(certificates.map(({ id }) => id)), { certificates: all, domains, now }),
    [certificates, all, domains, now],
  )
  const { domains: off, names } = advice
  return (
    <>
      {off.length > 0 ? (
        <Menu.Item onClick={() => onAct({ act: 'use', names: off, from: certificates })}>
          {t('bulk.use', { count: off.length })}
        </Menu.Item>
      ) : null}
      {names.length > 0 ? (
        <Menu.Item onClick={() => onAct({ act: 'create', names, from: certificates })}>
          {t('bulk.create', { count: names.length })}
        </Menu.Item>
      ) : null}
    </>
  )
}
