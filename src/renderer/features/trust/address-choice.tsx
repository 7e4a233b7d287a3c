import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EdgekeepError, ErrorData } from '../../../contract/errors/registry.ts'

/** Addresses of this computer to choose from, once a call has failed because there are several. */
export function AddressChoice(props: {
  error: EdgekeepError | null
  value: string | undefined
  onChange: (address: string) => void
}) {
  const { t } = useTranslation('trust')
  const { error, value, onChange } = props
  const [known, setKnown] = useState<string[]>([])
  const { addresses } =
    error?.code === 'lan.several_networks'
      ? (error.data as ErrorData<'lan.several_networks'>)
      : { addresses: known }
  if (addresses.length === 0) return null
  const choose = (address: string) => {
    setKnown(addresses)
    onChange(address)
  }
  return (
    <Radio.Group label={t('devices.address')} value={value ?? null} onChange={choose}>
      <Stack gap={6} mt={6}>
        {addresses.map((address) => (
          <Radio key={address} value={address} label={address} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
