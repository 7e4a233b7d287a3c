import { UnstyledButton } from '@mantine/core'
import { IconCertificate, IconQuestionMark, IconShieldCheck } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type {
  CertificateFacts,
  IntakeReport,
  Verification,
} from '../../../../contract/inspect/certificate-facts.ts'
import { VerdictIcon, type Verdict } from '../../../ui/feedback/verdict.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'
import { DaysLeft } from '../../../ui/certificate/validity-bar.tsx'
import classes from '../graphs.module.css'
import { layOut, type ChainEdge, type ChainGraph, type ChainNode, type NodeState } from './chain-layout.ts'

const nodeSize = { width: 232, height: 62 }
const gap = { x: 26, y: 34 }

const verdicts: Record<NodeState, Verdict> = {
  holds: 'yes',
  unused: 'unknown',
  broken: 'no',
  missing: 'caution',
}

/** Certification paths above the leaf, with a verdict per link. Certificates of the files open on click. */
export function ChainGraphView(props: {
  report: IntakeReport
  verification: Verification
  onSelect: (pieceId: string) => void
}) {
  const { t } = useTranslation('inspector')
  const { report, verification } = props
  const now = useNow()
  const graph = useMemo(() => {
    const certificates = report.pieces.flatMap(({ certificate }) => certificate ?? [])
    const isOver = ({ notAfter }: CertificateFacts) => new Date(notAfter) < now
    return layOut(verification, certificates, (facts) => (isOver(facts) ? t('chain.over') : ''))
  }, [report, verification, now, t])
  if (graph.nodes.length === 0) return null
  const width = graph.columns * (nodeSize.width + gap.x) - gap.x
  const height = graph.levels * (nodeSize.height + gap.y) - gap.y
  return (
    <div className={classes.scroll} role="group" aria-label={t('chain.label')}>
      <div className="relative" style={{ width, height }}>
        <svg className={classes.lines} width={width} height={height} aria-hidden>
          {graph.edges.map((edge) => (
            <Line key={`${edge.from} ${edge.to}`} edge={edge} graph={graph} />
          ))}
        </svg>
        <ol className="plain-list">
          {graph.nodes.map((node) => (
            <Node key={node.id} node={node} graph={graph} {...props} />
          ))}
        </ol>
      </div>
    </div>
  )
}

function placeOf(node: ChainNode, { levels }: ChainGraph): { left: number; top: number } {
  return {
    left: node.column * (nodeSize.width + gap.x),
    top: (levels - 1 - node.level) * (nodeSize.height + gap.y),
  }
}

function Line({ edge, graph }: { edge: ChainEdge; graph: ChainGraph }) {
  const [from, to] = [edge.from, edge.to].map((id) => graph.nodes.find((node) => node.id === id))
  if (!from || !to) return null
  const [below, above] = [placeOf(from, graph), placeOf(to, graph)]
  const [x1, x2] = [below.left + nodeSize.width / 2, above.left + nodeSize.width / 2]
  const [y1, y2] = [below.top, above.top + nodeSize.height]
  const bend = (y1 + y2) / 2
  return (
    <path
      className={classes.line}
      data-state={edge.state}
      d={`M ${x1} ${y1} C ${x1} ${bend}, ${x2} ${bend}, ${x2} ${y2}`}
    />
  )
}

function Node(props: {
  node: ChainNode
  graph: ChainGraph
  report: IntakeReport
  verification: Verification
  onSelect: (pieceId: string) => void
}) {
  const { t } = useTranslation('inspector')
  const { node, graph, report, verification } = props
  const piece = report.pieces.find(({ certificate }) => certificate?.fingerprintSha256 === node.id)
  const { left, top } = placeOf(node, graph)
  const style = { left, top, width: nodeSize.width, height: nodeSize.height }
  const Icon = node.state === 'missing' ? IconQuestionMark : node.isAnchor ? IconShieldCheck : IconCertificate
  const inside = (
    <>
      <Icon size={18} stroke={1.6} aria-hidden className={classes.icon} />
      <span className="grow stack">
        <span className="cut semibold">{node.title}</span>
        <span className="dim text-xs cut">
          {node.isAnchor ? (
            t('chain.anchor', { store: verification.trustedBy ?? '' })
          ) : node.state === 'missing' ? (
            t('chain.missing')
          ) : piece?.certificate ? (
            <DaysLeft notBefore={piece.certificate.notBefore} notAfter={piece.certificate.notAfter} />
          ) : (
            t('chain.elsewhere')
          )}
        </span>
      </span>
      <VerdictIcon verdict={verdicts[node.state]} />
    </>
  )
  const looks = { className: classes.node, style, 'data-state': node.state, title: node.fault || undefined }
  return (
    <li>
      {piece ? (
        <UnstyledButton {...looks} onClick={() => props.onSelect(piece.id)}>
          {inside}
        </UnstyledButton>
      ) : (
        <div {...looks}>{inside}</div>
      )}
    </li>
  )
}
