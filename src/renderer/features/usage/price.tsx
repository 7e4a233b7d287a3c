import { Modal, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsagePrice } from '../../../contract/usage/usage.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { CancelButton, SubmitForm } from '../../ui/forms/dialog.tsx'
import { draftOf, type StoredDraft } from '../../ui/forms/draft.ts'
import { Meanwhile } from '../../ui/forms/draft-footer.tsx'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { setPrice } from './actions.ts'
import type { Usage } from './usage-state.ts'
import { useUsageState } from './use-usage.ts'

/** Without a price the page shows no money, only this way to set one. */
export function SetPriceButton({ usage }: { usage: Usage }) {
  const report = useUsageState(usage, (state) => state.report)
  const [opened, setOpened] = useState(false)
  if (!report || report.price) return null
  return (
    <>
      <ActionButton action={setPrice} variant="subtle" act={() => setOpened(true)} />
      <PriceDialog opened={opened} price={null} onClose={() => setOpened(false)} />
    </>
  )
}

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
  const { t } = useTranslation(['usage', 'ui'])
  const call = useCall()
  const [stored, put] = useState<StoredDraft<Typed> | null>(null)
  const draft = draftOf({ stored, current: typedOf(price), put, section: 'price' })
  const { per10000, currency } = draft.value
  const set = async (wanted: UsagePrice | null) => {
    const done = await call.run(async (client) => {
      await client.usage.setPrice({ price: wanted, read: priceOf(draft.base) })
      return true
    })
    if (done) onClose()
  }
  const wanted = priceOf(draft.value)
  const isOutdated = draft.meanwhile.length > 0
  return (
    <SubmitForm
      className="stack gap-14"
      onSubmit={() => {
        if (wanted) void set(wanted)
      }}
    >
      <p className="dim flush">{t('price.text')}</p>
      <div className="line gap-10">
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
      <div className="at-end line gap-8">
        {price ? (
          <ChangeButton variant="subtle" color="gray" disabled={isOutdated} onClick={() => void set(null)}>
            {t('price.none')}
          </ChangeButton>
        ) : null}
        <CancelButton onClick={onClose} />
        <ChangeButton type="submit" loading={call.busy} disabled={!wanted || isOutdated}>
          {t('ui:save')}
        </ChangeButton>
      </div>
    </SubmitForm>
  )
}

function typedOf(price: UsagePrice | null): Typed {
  return { per10000: price?.per10000 ?? '', currency: price?.currency ?? 'EUR' }
}

function priceOf({ per10000, currency }: Typed): UsagePrice | null {
  return typeof per10000 === 'number' ? { per10000, currency } : null
}
