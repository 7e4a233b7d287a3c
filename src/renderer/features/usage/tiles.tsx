import { UnstyledButton, Modal, NumberInput, Select } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsageReport, UsagePrice } from '../../../contract/usage/usage.ts'
import { useOffer } from '../../ui/actions/offers.ts'
import { setPrice } from './actions.ts'
import { formatCost, formatDuration, formatNumber, formatSize } from './numbers.ts'
import classes from './usage.module.css'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { draftOf, type StoredDraft } from '../../ui/forms/draft.ts'
import { Meanwhile } from '../../ui/forms/draft-footer.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'

export function Tiles({ report: { total, price } }: { report: UsageReport }) {
  const { t, i18n } = useTranslation('usage')
  const number = (value: number) => formatNumber(value, i18n.language)
  const size = (value: number) => formatSize(value, i18n.language)
  const { latencyMs } = total
  return (
    <dl className={classes.tiles}>
      <Tile title={t('tiles.https')} value={number(total.https)}>
        {t('tiles.charged', { charged: number(total.charged) })}
      </Tile>
      <Tile title={t('tiles.http')} value={number(total.http)}>
        {t('tiles.redirected', { redirected: number(total.redirected) })}
      </Tile>
      <Tile title={t('tiles.out')} value={size(total.bytesOut)}>
        {t('tiles.in', { size: size(total.bytesIn) })}
      </Tile>
      <Tile title={t('tiles.latency')} value={latencyMs ? formatDuration(latencyMs.p50, i18n.language) : '–'}>
        {latencyMs ? t('tiles.p99', { time: formatDuration(latencyMs.p99, i18n.language) }) : ''}
      </Tile>
      <CostTile charged={total.charged} price={price} />
    </dl>
  )
}

function CostTile({ charged, price }: { charged: number; price: UsageReport['price'] }) {
  const { t, i18n } = useTranslation('usage')
  const [opened, setOpened] = useState(false)
  const offered = useOffer(setPrice, { act: () => setOpened(true) })
  return (
    <>
      <Tile title={t('tiles.cost')} value={price ? formatCost(charged, price, i18n.language) : '–'}>
        <UnstyledButton
          className={classes.priceButton}
          aria-disabled={offered.disabled}
          title={offered.hindrance ?? undefined}
          onClick={offered.disabled ? undefined : offered.act}
          data-does={setPrice.id}
        >
          {price
            ? t('tiles.price', { price: formatCost(10_000, price, i18n.language) })
            : t('tiles.setPrice')}
          <IconPencil size={13} stroke={1.8} aria-hidden />
        </UnstyledButton>
      </Tile>
      <PriceDialog opened={opened} price={price} onClose={() => setOpened(false)} />
    </>
  )
}

function Tile({ title, value, children }: { title: string; value: string; children: ReactNode }) {
  return (
    <div className={classes.tile}>
      <dt>{title}</dt>
      <dd className={classes.tileValue}>{value}</dd>
      <dd className={classes.tileNote}>{children}</dd>
    </div>
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
function PriceDialog({ opened, price, onClose }: DialogProps) {
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
