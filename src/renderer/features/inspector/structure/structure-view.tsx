import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asn1Element, Asn1Part } from '../../../../contract/inspect/asn1.ts'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { PassphrasePrompt } from '../../../ui/staging/passphrase-prompt.tsx'
import { ErrorPanel, LoadingRows, useCall } from '../../../ui/feedback/feedback.tsx'
import type { Inspector } from '../inspector.ts'
import { HexView } from './hex-view.tsx'
import classes from '../graphs.module.css'

/** ASN.1 tree and hex dump of a piece, with a common selection. */
export function StructureView({ inspector, pieceId }: { inspector: Inspector; pieceId: string }) {
  const { t } = useTranslation('inspector')
  const { run, error, busy } = useCall()
  const [part, setPart] = useState<Asn1Part | null>(null)
  useEffect(() => {
    let current = true
    void run(() => inspector.structure(pieceId)).then((answer) => {
      if (current && answer) setPart(answer)
    })
    return () => {
      current = false
    }
  }, [inspector, pieceId, run])
  if (part) return <Structure part={part} />
  if (!error) return busy ? <LoadingRows rows={8} height={22} /> : null
  // A listed piece that is missing now lies in a locked archive.
  if (error.code !== 'certificate.missing') return <ErrorPanel error={error} />
  return (
    <>
      <p className="dim flush below-6">{t('verify.locked')}</p>
      <PassphrasePrompt
        what={t('verify.archive')}
        busy={busy}
        onUnlock={(passphrase) =>
          void run(() => inspector.structure(pieceId, passphrase)).then((answer) => answer && setPart(answer))
        }
      />
    </>
  )
}

function Structure({ part }: { part: Asn1Part }) {
  const { t } = useTranslation('inspector')
  const { element: root, hex, sizeBytes, shownBytes } = part
  const [chosen, setChosen] = useState<Asn1Element>(root)
  const from = chosen.offset
  const until = from + chosen.headerLength + chosen.length
  return (
    <>
      <div className={classes.bar}>
        <span role="status">
          {t('structure.chosen', { tag: chosen.tag, from, until: until - 1, count: until - from })}
        </span>
        <CopyIcon value={hex.slice(from * 2, until * 2)} label={t('structure.copy')} />
      </div>
      <div className={classes.panes}>
        <Tree root={root} chosen={chosen} onChoose={setChosen} />
        <HexView
          hex={hex}
          from={from}
          header={from + chosen.headerLength}
          until={until}
          onChoose={(offset) => setChosen(elementAt(root, offset) ?? root)}
        />
      </div>
      {shownBytes < sizeBytes ? (
        <p className="dim flush below-6">{t('structure.cut', { shown: shownBytes, size: sizeBytes })}</p>
      ) : null}
    </>
  )
}

function Tree(props: { root: Asn1Element; chosen: Asn1Element; onChoose: (element: Asn1Element) => void }) {
  const { t } = useTranslation('inspector')
  const { root, chosen, onChoose } = props
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set())
  const lines = useMemo(() => treeLines(root, closed), [root, closed])
  const box = useRef<HTMLDivElement>(null)
  const at = lines.findIndex(({ element }) => element.offset === chosen.offset && element.tag === chosen.tag)
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const setOpen = ({ element }: TreeLine, open: boolean) => {
    const next = new Set(closed)
    if (open) next.delete(element.offset)
    else next.add(element.offset)
    setClosed(next)
  }
  const go = (index: number) => {
    const line = lines[Math.min(lines.length - 1, Math.max(0, index))]
    if (line) onChoose(line.element)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at]
    const acts = new Map<string, () => void>(
      Object.entries({
        ArrowDown: () => go(at + 1),
        ArrowUp: () => go(at - 1),
        Home: () => go(0),
        End: () => go(lines.length - 1),
        ArrowRight: () => (line && !line.open && line.element.constructed ? setOpen(line, true) : go(at + 1)),
        ArrowLeft: () => (line?.open ? setOpen(line, false) : go(parentOf(lines, at))),
      }),
    )
    const act = acts.get(event.key)
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <div
      ref={box}
      className={classes.tree}
      role="tree"
      tabIndex={0}
      aria-label={t('structure.tree')}
      aria-activedescendant={at < 0 ? undefined : `asn1-${chosen.offset}-${at}`}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const line = (event.target as HTMLElement).closest<HTMLElement>('[data-line]')?.dataset.line
        if (line !== undefined) go(Number(line))
      }}
    >
      {lines.map((line, index) => (
        <Line
          key={index}
          id={`asn1-${line.element.offset}-${index}`}
          index={index}
          line={line}
          selected={index === at}
          onOpen={(open) => setOpen(line, open)}
        />
      ))}
    </div>
  )
}

function Line(props: {
  id: string
  index: number
  line: TreeLine
  selected: boolean
  onOpen: (open: boolean) => void
}) {
  const { line, selected } = props
  const { element, depth, open } = line
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <div
      id={props.id}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={selected}
      aria-expanded={element.constructed ? open : undefined}
      className={classes.structureLine}
      style={{ paddingInlineStart: depth * 14 + 4 }}
      data-line={props.index}
    >
      {element.constructed ? (
        <UnstyledButton
          tabIndex={-1}
          aria-hidden
          className={classes.chevron}
          onClick={(event) => {
            event.stopPropagation()
            props.onOpen(!open)
          }}
        >
          <Chevron size={13} />
        </UnstyledButton>
      ) : (
        <span className={classes.chevron} />
      )}
      <span className="strong rigid">{element.tag}</span>
      <span className="grow clip" title={element.value}>
        {element.value ?? ''}
      </span>
      <span className="dim rigid">
        {element.offset}+{element.headerLength + element.length}
      </span>
    </div>
  )
}

function parentOf(lines: readonly TreeLine[], at: number): number {
  const depth = lines[at]?.depth ?? 0
  return lines.findLastIndex((line, index) => index < at && line.depth < depth)
}

interface TreeLine {
  element: Asn1Element
  depth: number
  open: boolean
}

/** Visible lines of `root`; `closed` holds the offsets of collapsed elements. */
function treeLines(root: Asn1Element, closed: ReadonlySet<number>, depth = 0): TreeLine[] {
  const open = root.constructed && !closed.has(root.offset)
  const inside = open ? (root.children ?? []).flatMap((child) => treeLines(child, closed, depth + 1)) : []
  return [{ element: root, depth, open }, ...inside]
}

/** Smallest element that contains the octet at `offset`; null if outside. */
function elementAt(root: Asn1Element, offset: number): Asn1Element | null {
  const { offset: from, headerLength, length, children = [] } = root
  if (offset < from || offset >= from + headerLength + length) return null
  for (const child of children) {
    const inner = elementAt(child, offset)
    if (inner) return inner
  }
  return root
}
