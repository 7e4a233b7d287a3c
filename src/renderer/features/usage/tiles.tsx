import { UnstyledButton } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsageReport, UsagePrice } from '../../../contract/usage/usage.ts'
import { formatDuration } from '../../../domain/duration-text.ts'
import { useOffer } from '../../ui/actions/offers.ts'
import { setPrice } from './actions.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { formatNumber } from '../../../contract/text/count.ts'
import { formatCost } from './numbers.ts'
import classes from './usage.module.css'
import { PriceDialog } from './price.tsx'

export function Tiles({ report: { total, price } }: { report: UsageReport }) {
  const { t, i18n } = useTranslation('usage')
  const number = (value: number) => formatNumber(value, i18n.language)
  const size = (value: number) => formatSize(value, i18n.language)
  const { latencyMs } = total
  return (
    <dl className={classes.tiles}>
      <Tile title={t('tiles.https')} value={number(total.https)}>
        {price ? t('tiles.charged', { charged: number(total.charged) }) : ''}
      </Tile>
      <Tile title={t('tiles.http')} value={number(total.http)}>
        {t(price ? 'tiles.redirectedFree' : 'tiles.redirected', { redirected: number(total.redirected) })}
      </Tile>
      <Tile title={t('tiles.out')} value={size(total.bytesOut)}>
        {t('tiles.in', { size: size(total.bytesIn) })}
      </Tile>
      <Tile title={t('tiles.latency')} value={latencyMs ? formatDuration(latencyMs.p50) : '–'}>
        {latencyMs ? t('tiles.p99', { time: formatDuration(latencyMs.p99) }) : ''}
      </Tile>
      {price ? <CostTile charged={total.charged} price={price} /> : null}
    </dl>
  )
}

function CostTile({ charged, price }: { charged: number; price: UsagePrice }) {
  const { t, i18n } = useTranslation('usage')
  const [opened, setOpened] = useState(false)
  const offered = useOffer(setPrice, { act: () => setOpened(true) })
  return (
    <>
      <Tile title={t('tiles.cost')} value={formatCost(charged, price, i18n.language)}>
        <UnstyledButton
          className={classes.priceButton}
          aria-disabled={offered.disabled}
          title={offered.hindrance ?? undefined}
          onClick={offered.disabled ? undefined : offered.act}
          data-does={setPrice.id}
        >
          {t('tiles.price', { price: formatCost(10_000, price, i18n.language) })}
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
