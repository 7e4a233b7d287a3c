import { Button, Modal, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsagePrice } from '../../../contract/usage.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { ChangeButton } from '../../ui/change-button.tsx'
import { ErrorPanel } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import classes from './usage.module.css'

const currencies = Intl.supportedValuesOf('currency')

interface DialogProps {
  opened: boolean
  price: UsagePrice | null
  onClose: () => void
}

/** What 10,000 charged requests cost. */
export function PriceDialog({ opened, price, onClose }: DialogProps) {
  const { t } = useTranslation('usage')
  return (
    <Modal opened={opened} onClose={onClose} title={t('price.title')} centered size="md">
      <Form price={price} onClose={onClose} />
    </Modal>
  )
}

function Form({ price, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('usage')
  const client = useClient()
  const call = useCall()
  const [amount, setAmount] = useState<number | string>(price?.per10000 ?? '')
  const [currency, setCurrency] = useState<string | null>(price?.currency ?? 'EUR')
  const set = async (wanted: UsagePrice | null) => {
    const done = await call.run(async () => {
      await client.usage.setPrice({ price: wanted })
      return true
    })
    if (done) onClose()
  }
  const wanted = typeof amount === 'number' && currency !== null ? { per10000: amount, currency } : null
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted) void set(wanted)
      }}
    >
      <p className={classes.formText}>{t('price.text')}</p>
      <div className={classes.priceFields}>
        <NumberInput
          label={t('price.amount')}
          min={0}
          max={1_000_000}
          decimalScale={6}
          value={amount}
          onChange={setAmount}
          data-autofocus
        />
        <Select
          label={t('price.currency')}
          w={130}
          searchable
          allowDeselect={false}
          data={currencies}
          value={currency}
          onChange={setCurrency}
        />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.formActions}>
        {price ? (
          <ChangeButton variant="subtle" color="gray" onClick={() => void set(null)}>
            {t('price.none')}
          </ChangeButton>
        ) : null}
        <Button variant="default" onClick={onClose}>
          {t('price.cancel')}
        </Button>
        <ChangeButton type="submit" loading={call.busy} disabled={!wanted}>
          {t('price.save')}
        </ChangeButton>
      </div>
    </form>
  )
}
