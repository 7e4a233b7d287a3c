import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary, Domain } from '../../../../../contract/domains/domains.ts'
import { readableName } from '../../../../../contract/text/readable-name.ts'
import { useCertificates } from '../../../../connection/engine-context.tsx'
import { LoadingRows } from '../../../../ui/feedback/feedback.tsx'
import { useNow } from '../../../../ui/primitives/window-clock.ts'
import { ListRows, type RowAttributes } from '../../../../ui/lists/visible-rows.tsx'
import { CertificateChoice, useNamesText } from '../../../../ui/certificate/certificate-choice.tsx'
import { choicesFor, namesLost } from '../certificate-fit.ts'
import classes from './dialog.module.css'

/** Certificates of the vault: those that cover the domain, and the others with the reason. */
export function VaultPanel(props: {
  domain: Domain
  value: string | null
  onChange: (certificateId: string) => void
}) {
  const { t } = useTranslation('domains')
  const { status, items } = useCertificates((state) => state)
  const { domain } = props
  const { fitting, others } = choicesFor(domain, items, useNow())
  if (status === 'waiting') return <LoadingRows rows={3} height={56} />
  if (items.length === 0) return <p className="dim flush">{t('settings.vault.empty')}</p>
  return (
    <div className="stack gap-18">
      {fitting.length === 0 ? (
        <p className="dim flush">{t('settings.vault.noneFits', { domain: domain.displayName })}</p>
      ) : (
        <Radio.Group
          label={t('settings.vault.fits', { domain: domain.displayName })}
          value={props.value}
          onChange={props.onChange}
        >
          <Stack gap={8} mt={6}>
            {fitting.map((certificate) => (
              <Choice
                key={certificate.id}
                domain={domain}
                certificate={certificate}
                chosen={props.value === certificate.id}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Others domain={domain} certificates={others} />
    </div>
  )
}

function Choice(props: { domain: Domain; certificate: CertificateSummary; chosen: boolean }) {
  const { t } = useTranslation('domains')
  const { certificate, domain } = props
  const inUse = domain.https.certificate?.id === certificate.id
  const lost = props.chosen && !inUse ? namesLost(domain.https.certificate, certificate) : []
  return (
    <CertificateChoice
      certificate={certificate}
      badge={inUse ? t('settings.vault.current') : null}
      warning={lost.length > 0 ? `${t('settings.lost')} ${lost.map(readableName).join(', ')}` : null}
    />
  )
}

function Others({ domain, certificates }: { domain: Domain; certificates: CertificateSummary[] }) {
  const { t } = useTranslation('domains')
  if (certificates.length === 0) return null
  return (
    <section aria-label={t('settings.vault.others')}>
      <h3 className={classes.heading}>{t('settings.vault.others')}</h3>
      <div className={`scroll ${classes.manyOthers}`} data-scrolls>
        <ul className={classes.others}>
          <ListRows items={certificates} keyOf={({ id }) => id} height={46}>
            {(certificate, row) => <Other domain={domain} certificate={certificate} row={row} />}
          </ListRows>
        </ul>
      </div>
    </section>
  )
}

function Other(props: { domain: Domain; certificate: CertificateSummary; row: RowAttributes }) {
  const { domain, certificate, row } = props
  const { t } = useTranslation('domains')
  const names = useNamesText(certificate)
  return (
    <li {...row}>
      <strong>{certificate.name}</strong>
      <span>
        {names
          ? t('settings.vault.notCovering', { names, domain: domain.displayName })
          : t('settings.vault.noNames')}
      </span>
    </li>
  )
}
