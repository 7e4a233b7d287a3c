import { NumberInput, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { BodyPolicy } from '../../../../contract/domains/policies.ts'

const megabyte = 1_000_000
const firstMegabytes = 10

/** Shown in megabytes; a value set in bytes by the command line is shown exactly. */
export function BodyFields(props: { value: BodyPolicy; onChange: (value: BodyPolicy) => void }) {
  const { t } = useTranslation('policies')
  const { maxBytes } = props.value
  return (
    <div>
      <Switch
        label={t('body.switch')}
        description={t('body.switchText')}
        checked={maxBytes !== null}
        onChange={(event) =>
          props.onChange({ maxBytes: event.currentTarget.checked ? firstMegabytes * megabyte : null })
        }
      />
      {maxBytes === null ? null : (
        <NumberInput
          mt={12}
          w={180}
          label={t('body.size')}
          min={0.001}
          decimalScale={6}
          suffix=" MB"
          allowNegative={false}
          value={maxBytes / megabyte}
          onChange={(size) => props.onChange({ maxBytes: Math.max(Math.round(Number(size) * megabyte), 1) })}
        />
      )}
    </div>
  )
}
