import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ServerOrigin } from '../../../../contract/domains/origins.ts'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../domain-page.module.css'

export const usesHttp = ({ protocol }: ServerOrigin) => protocol !== 'https'
export const usesHttps = ({ protocol }: ServerOrigin) => protocol === 'https' || protocol === 'follow'

interface Fields {
  origin: ServerOrigin
  onChange: (origin: ServerOrigin) => void
}

export function ServerFields({ origin, problems, onChange }: Fields & { problems: string[] }) {
  const { t } = useTranslation('domains')
  return (
    <>
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
      {usesHttps(origin) ? <TlsFields origin={origin} onChange={onChange} /> : null}
    </>
  )
}

const trusts = ['usual', 'given', 'none'] as const
type Trust = (typeof trusts)[number]

function TlsFields({ origin, onChange }: Fields) {
  const { t } = useTranslation('domains')
  const trust: Trust = !origin.verify ? 'none' : origin.anchorsPem === null ? 'usual' : 'given'
  const choose = (value: Trust) =>
    onChange({
      ...origin,
      verify: value !== 'none',
      anchorsPem: value === 'given' ? (origin.anchorsPem ?? '') : null,
    })
  return (
    <>
      <Select
        label={t('origin.trust')}
        description={t(`origin.trustTexts.${trust}`)}
        allowDeselect={false}
        data={trusts.map((value) => ({ value, label: t(`origin.trusts.${value}`) }))}
        value={trust}
        onChange={(value) => choose(trusts.find((one) => one === value) ?? 'usual')}
      />
      {trust === 'given' ? (
        <Textarea
          label={t('origin.anchors')}
          placeholder="-----BEGIN CERTIFICATE-----"
          autosize
          minRows={3}
          maxRows={8}
          value={origin.anchorsPem ?? ''}
          onChange={(event) => onChange({ ...origin, anchorsPem: event.currentTarget.value })}
          spellCheck={false}
        />
      ) : null}
      {trust === 'none' ? (
        <VerdictRow verdict="caution" label={t('origin.unverified')} reason={t('origin.unverifiedText')} />
      ) : null}
      <Checkbox
        label={t('origin.http2')}
        description={t('origin.http2Text')}
        checked={origin.http2}
        onChange={(event) => onChange({ ...origin, http2: event.currentTarget.checked })}
      />
    </>
  )
}
