import { Button, Modal, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsagePrice } from '../../../contract/usage/usage.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { draftOf, type StoredDraft } from '../../ui/forms/draft.ts'
import { Meanwhile } from '../../ui/forms/draft-footer.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import classes from './usage.module.css'

const currencies = Intl.supportedValuesOf('currency')

/** Raw input; without a number there is no price. */
interface Typed {
  per10000: number | string
  currency: string
}

interface DialogProps {
  opened: boolean
  price: UsagePrice | null
  onClose: () => void
}

/** Price of 10,000 charged requests. */
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
  const [stored, put] = useState<StoredDraft<Typed> | null>(null)
  const draft = draftOf({ stored, current: typedOf(price), put, section: 'price' })
  const { per10000, currency } = draft.value
  const set = async (wanted: UsagePrice | null) => {
    const done = await call.run(async () => {
      await client.usage.setPrice({ price: wanted, read: priceOf(draft.base) })
      return true
    })
    if (done) onClose()
  }
  const wanted = priceOf(draft.value)
  const isOutdated = draft.meanwhile.length > 0
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
          value={per10000}
          onChange={(amount) => draft.change({ per10000: amount, currency })}
          data-autofocus
        />
        <Select
          label={t('price.currency')}
          w={130}
          searchable
          allowDeselect={false}
          data={currencies}
          value={currency}
          onChange={(other) => draft.change({ per10000, currency: other ?? currency })}
        />
      </div>
      <Meanwhile draft={draft} />
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <div className={classes.formActions}>
        {price ? (
          <ChangeButton variant="subtle" color="gray" disabled={isOutdated} onClick={() => void set(null)}>
            {t('price.none')}
          </ChangeButton>
        ) : null}
        <Button variant="default" onClick={onClose}>
          {t('price.cancel')}
        </Button>
        <ChangeButton type="submit" loading={call.busy} disabled={!wanted || isOutdated}>
          {t('price.save')}
        </ChangeButton>
      </div>
    </form>
  )
}

function typedOf(price: UsagePrice | null): Typed {
  return { per10000: price?.per10000 ?? '', currency: price?.currency ?? 'EUR' }
}

function priceOf({ per10000, currency }: Typed): UsagePrice | null {
  return typeof per10000 === 'number' ? { per10000, currency } : null
}
