import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import { useOffer } from '../../../ui/actions/offers.ts'
import { shortDate } from '../../../ui/primitives/time.tsx'
import { useLocked } from '../../../ui/primitives/change-controls.tsx'
import { changeRenewal } from '../actions.ts'
import classes from '../certificate-drawer.module.css'
import { RenewalForm } from './renewal-form.tsx'

export function RenewalBlock({ summary }: { summary: CertificateSummary }) {
  const { t, i18n } = useTranslation('certificates')
  const [editing, setEditing] = useState(false)
  const locked = useLocked()
  const offered = useOffer(changeRenewal, {
    act: () => setEditing(true),
    disabled: locked !== null || editing,
  })
  const { renewal } = summary
  const label = renewal
    ? t(`renewal.${renewal.by}`, {
        day: shortDate(renewal.at, i18n.language),
        account: renewal.account ?? '',
      })
    : t('renewal.none')
  return (
    <section className={classes.block} aria-label={t('renewal.title')}>
      <h3 className={classes.heading}>
        {t('renewal.title')}
        {editing ? null : (
          <Tooltip label={locked ?? t('renewal.change')}>
            <ActionIcon
              size="sm"
              ml={4}
              aria-label={t('renewal.change')}
              aria-disabled={locked !== null}
              onClick={() => locked === null && offered.act()}
              data-does={changeRenewal.id}
            >
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </h3>
      {editing ? (
        <RenewalForm summary={summary} onEnd={() => setEditing(false)} />
      ) : (
        <p className={renewal ? undefined : classes.dim}>{label}</p>
      )}
    </section>
  )
}
