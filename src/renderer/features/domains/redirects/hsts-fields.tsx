import { Checkbox, NumberInput, Stack, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { hstsFault, type HstsPolicy } from '../../../../contract/domains/hsts.ts'

interface FieldsProps<T> {
  value: T
  onChange: (value: T) => void
}

/** Initial max-age: long enough to see the effect, short enough to wait for its end. */
const firstDays = 1

/** HSTS switch and duration. 0 days, which revokes HSTS, is not offered here. */
export function HstsFields({ value, onChange }: FieldsProps<HstsPolicy>) {
  const { t } = useTranslation('policies')
  const on = value.days !== null && value.days > 0
  const turn = (checked: boolean) =>
    onChange(
      checked ? { ...value, days: firstDays } : { days: null, includeSubDomains: false, preload: false },
    )
  return (
    <Stack gap={14}>
      <Switch
        label={t('hsts.switch')}
        description={t('hsts.switchText')}
        checked={on}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      {on ? (
        <>
          <NumberInput
            label={t('hsts.days')}
            description={t('hsts.daysText')}
            w={180}
            min={1}
            max={730}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            value={value.days ?? firstDays}
            onChange={(days) => onChange({ ...value, days: Math.min(Math.max(Number(days) || 1, 1), 730) })}
          />
          <Checkbox
            label={t('hsts.subDomains')}
            checked={value.includeSubDomains}
            onChange={(event) => onChange({ ...value, includeSubDomains: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('hsts.preload')}
            description={t('hsts.preloadText')}
            error={hstsFault(value) ? t('hsts.preloadRefused') : undefined}
            checked={value.preload}
            onChange={(event) => onChange({ ...value, preload: event.currentTarget.checked })}
          />
        </>
      ) : null}
    </Stack>
  )
}
