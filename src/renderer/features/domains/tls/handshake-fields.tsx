import { Input, SegmentedControl, Stack, Switch } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { effectiveMinimumVersion } from '../../../../domain/effective-version.ts'
import {
  cipherProfileSchema,
  tlsVersionSchema,
  type TlsPolicy,
} from '../../../../contract/domains/tls-policy.ts'

const switches = ['http2', 'sessionTickets', 'ocspStapling'] as const

/** TLS versions, ciphers and switches; `children` render below stapling, the last switch. */
export function HandshakeFields(props: {
  tls: TlsPolicy
  onChange: (tls: TlsPolicy) => void
  children: ReactNode
}) {
  const { tls, onChange } = props
  const { t } = useTranslation('protocol')
  const isModern = tls.ciphers === 'modern'
  const asksForCertificate = tls.clientCertificates !== 'off'
  return (
    <>
      <Input.Wrapper
        label={t('minimumVersion')}
        description={t(isModern ? 'minimumVersionModern' : 'minimumVersionText')}
        labelElement="div"
      >
        <SegmentedControl
          mt={6}
          aria-label={t('minimumVersion')}
          disabled={isModern}
          data={tlsVersionSchema.options.map((version) => ({
            value: version,
            label: t('version', { version }),
          }))}
          value={effectiveMinimumVersion(tls)}
          onChange={(value) => onChange({ ...tls, minimumVersion: tlsVersionSchema.parse(value) })}
        />
      </Input.Wrapper>
      <Input.Wrapper label={t('ciphers')} description={t(`profileTexts.${tls.ciphers}`)} labelElement="div">
        <SegmentedControl
          mt={6}
          aria-label={t('ciphers')}
          data={cipherProfileSchema.options.map((value) => ({ value, label: t(`profiles.${value}`) }))}
          value={tls.ciphers}
          onChange={(value) => onChange({ ...tls, ciphers: cipherProfileSchema.parse(value) })}
        />
      </Input.Wrapper>
      <Stack gap={12}>
        {switches.map((field) => {
          const isOverruled = field === 'sessionTickets' && asksForCertificate
          return (
            <Switch
              key={field}
              label={t(field)}
              description={t(isOverruled ? 'sessionTicketsAsked' : `${field}Text`)}
              checked={tls[field] && !isOverruled}
              disabled={isOverruled}
              onChange={(event) => onChange({ ...tls, [field]: event.currentTarget.checked })}
            />
          )
        })}
        {props.children}
      </Stack>
    </>
  )
}
