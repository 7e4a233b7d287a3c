import { UnstyledButton } from '@mantine/core'
import { IconListCheck } from '@tabler/icons-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { IntakeReport, Piece } from '../../../contract/certificate-facts.ts'
import { placeInWords } from '../../../contract/errors.ts'
import { PieceIcon } from '../../ui/staging/piece-row.tsx'
import { DaysLeft } from '../../ui/validity-bar.tsx'
import type { Grouped, PieceGroup } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './piece-list.module.css'

interface Shared {
  inspector: Inspector
  selected: string | null
  repeated: ReadonlySet<string>
}

/** Every piece, grouped by public key. Arrow keys move through it. */
export function PieceList(props: { inspector: Inspector; report: IntakeReport; grouped: Grouped }) {
  const { t } = useTranslation('inspector')
  const { inspector, report, grouped } = props
  const selected = useStore(inspector.store, (state) => state.selected)
  const shared = { inspector, selected, repeated: grouped.repeated }
  return (
    <nav className={classes.list} aria-label={t('list.label')} onKeyDown={moveFocus}>
      <Entry {...shared} id={null} icon={<IconListCheck size={18} stroke={1.6} aria-hidden />}>
        <span className={classes.title}>{t('list.summary')}</span>
        <span className={classes.dim}>{t('list.count', { count: report.pieces.length })}</span>
      </Entry>
      {grouped.groups.map((group) => (
        <Group key={group.leaf.id} group={group} {...shared} />
      ))}
      {grouped.alone.length > 0 ? (
        <section className={classes.group} aria-label={t('list.alone')}>
          <h2 className={classes.heading}>{t('list.alone')}</h2>
          {grouped.alone.map((piece) => (
            <PieceEntry key={piece.id} piece={piece} {...shared} />
          ))}
        </section>
      ) : null}
    </nav>
  )
}

function Group({ group, ...shared }: Shared & { group: PieceGroup }) {
  const { t } = useTranslation('inspector')
  const name = group.leaf.certificate?.title ?? group.leaf.title
  return (
    <section className={classes.group} aria-label={name}>
      <h2 className={classes.heading}>{name}</h2>
      <PieceEntry piece={group.leaf} {...shared} />
      {group.chain.map((piece) => (
        <PieceEntry key={piece.id} piece={piece} {...shared} />
      ))}
      {group.root ? <PieceEntry piece={group.root} {...shared} /> : null}
      {group.key ? (
        <PieceEntry piece={group.key} {...shared} />
      ) : (
        <p className={classes.missing}>{t('list.noKey')}</p>
      )}
    </section>
  )
}

function PieceEntry({ piece, ...shared }: Shared & { piece: Piece }) {
  const { t } = useTranslation('inspector')
  const { certificate } = piece
  return (
    <Entry {...shared} id={piece.id} icon={<PieceIcon kind={piece.kind} />}>
      <span className={classes.title}>{certificate?.title ?? piece.title}</span>
      <span className={classes.dim}>
        {certificate ? (
          <span className={classes.life}>
            <DaysLeft notBefore={certificate.notBefore} notAfter={certificate.notAfter} /> ·
          </span>
        ) : null}
        {shared.repeated.has(piece.id) ? <span className={classes.life}>{t('list.repeated')} ·</span> : null}
        <span className={classes.place}>{piece.place.file ?? placeInWords(piece.place)}</span>
      </span>
    </Entry>
  )
}

function Entry(props: Shared & { id: string | null; icon: ReactNode; children: ReactNode }) {
  const current = props.selected === props.id
  return (
    <UnstyledButton
      className={classes.entry}
      aria-current={current ? 'true' : undefined}
      data-entry
      // One stop for Tab; arrows move within.
      tabIndex={current ? 0 : -1}
      onClick={() => props.inspector.select(props.id)}
      onFocus={() => !current && props.inspector.select(props.id)}
    >
      <span className={classes.icon}>{props.icon}</span>
      <span className={classes.text}>{props.children}</span>
    </UnstyledButton>
  )
}

const steps: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key]
  if (!step) return
  event.preventDefault()
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-entry]')]
  const at = entries.indexOf(document.activeElement as HTMLElement)
  entries[step(at, entries.length - 1)]?.focus()
}
