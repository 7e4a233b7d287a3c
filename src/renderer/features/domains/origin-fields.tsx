import { Checkbox, Input, NumberInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Origin } from '../../../contract/domains.ts'
import classes from './domain-page.module.css'
import { looksLikeHost, looksLikePort } from './origin-value.ts'

const protocols = ['follow', 'http', 'https', 'h2c'] as const

type Field = 'host' | 'httpPort' | 'httpsPort'

/** Which fields of what is typed cannot be an origin's. */
export function originProblems(origin: Origin): Field[] {
  const ports = { httpPort: usesHttp(origin), httpsPort: usesHttps(origin) }
  return [
    ...(looksLikeHost(origin.host) ? [] : (['host'] as const)),
    ...(['httpPort', 'httpsPort'] as const).filter((port) => ports[port] && !looksLikePort(origin[port])),
  ]
}

const usesHttp = ({ protocol }: Origin) => protocol !== 'https'
const usesHttps = ({ protocol }: Origin) => protocol === 'https' || protocol === 'follow'

export function OriginFields({ origin, onChange }: { origin: Origin; onChange: (origin: Origin) => void }) {
  const { t } = useTranslation('domains')
  const problems = originProblems(origin)
  return (
    <Stack gap={14}>
      <Input.Wrapper
        label={t('origin.protocol')}
        description={t(`origin.protocolTexts.${origin.protocol}`)}
        labelElement="div"
      >
        <SegmentedControl
          mt={6}
          aria-label={t('origin.protocol')}
          data={protocols.map((value) => ({ value, label: t(`origin.protocols.${value}`) }))}
          value={origin.protocol}
          onChange={(value) =>
            onChange({ ...origin, protocol: protocols.find((one) => one === value) ?? 'http' })
          }
        />
      </Input.Wrapper>
      <div className={classes.fields}>
        <TextInput
          label={t('origin.host')}
          value={origin.host}
          onChange={(event) => onChange({ ...origin, host: event.currentTarget.value.trim() })}
          error={problems.includes('host') ? t('origin.invalidHost') : undefined}
          spellCheck={false}
        />
        {(['httpPort', 'httpsPort'] as const).map((port) => (
          <NumberInput
            key={port}
            label={t(`origin.${port}`)}
            min={1}
            max={65535}
            hideControls
            allowDecimal={false}
            allowNegative={false}
            disabled={port === 'httpPort' ? !usesHttp(origin) : !usesHttps(origin)}
            value={origin[port]}
            onChange={(value) =>
              onChange({ ...origin, [port]: typeof value === 'number' ? value : Number(value) })
            }
            error={problems.includes(port) ? t('origin.invalidPort') : undefined}
          />
        ))}
      </div>
      <div className={classes.half}>
        <TextInput
          label={t('origin.hostHeader')}
          placeholder={t('origin.hostHeaderPlaceholder')}
          value={origin.hostHeader ?? ''}
          onChange={(event) => onChange({ ...origin, hostHeader: event.currentTarget.value.trim() || null })}
          spellCheck={false}
        />
        <TextInput
          label={t('origin.sni')}
          placeholder={t('origin.sniPlaceholder')}
          disabled={!usesHttps(origin)}
          value={origin.sni ?? ''}
          onChange={(event) => onChange({ ...origin, sni: event.currentTarget.value.trim() || null })}
          spellCheck={false}
        />
      </div>
      <Checkbox
        label={t('origin.verify')}
        description={t('origin.verifyText')}
        disabled={!usesHttps(origin)}
        checked={origin.verify}
        onChange={(event) => onChange({ ...origin, verify: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('origin.http2')}
        description={t('origin.http2Text')}
        disabled={!usesHttps(origin)}
        checked={origin.http2}
        onChange={(event) => onChange({ ...origin, http2: event.currentTarget.checked })}
      />
    </Stack>
  )
}
