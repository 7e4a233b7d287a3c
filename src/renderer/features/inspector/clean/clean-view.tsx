import { Button, Menu } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CleanDiff, IntakeReport } from '../../../../contract/inspect/certificate-facts.ts'
import type { CleanFiles } from '../../../../contract/inspect/clean-files.ts'
import { downloadText } from '../../../ui/primitives/download.ts'
import { useFocusBack } from '../../../ui/primitives/focus.ts'
import { FixList } from '../../../ui/staging/report-notes.tsx'
import { ErrorPanel, useCall, useSlow } from '../../../ui/feedback/feedback.tsx'
import type { Inspector } from '../inspector.ts'
import classes from '../sides.module.css'
import { isUnchanged, sideBySide, type DiffRow } from './side-by-side.ts'

/** Diff of the files and their servable form, with downloads of the clean files. */
export function CleanView({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { t } = useTranslation('inspector')
  const hasCertificate = report.bundles.length > 0
  if (!hasCertificate) return <p className="dim flush">{t('clean.nothing')}</p>
  return (
    <>
      <FixList fixes={report.fixes} />
      {report.clean && report.fixes.length === 0 ? (
        <p className="dim flush">{t(isUnchanged(report.clean) ? 'clean.already' : 'clean.leftOut')}</p>
      ) : null}
      <Save inspector={inspector} />
      {report.clean ? <Diff diff={report.clean} /> : <p className="dim flush">{t('clean.noDiff')}</p>}
    </>
  )
}

/** Certificates in the form that servers expect, without the key, which the window never has. */
function Save({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const call = useCall()
  const slow = useSlow(call.busy)
  const button = useFocusBack(slow)
  const save = async (kind: CleanFiles['files'][number]['kind']) => {
    const clean = await call.run(() => inspector.cleanFiles())
    const file = clean?.files.find((each) => each.kind === kind)
    if (file) downloadText(file.fileName, 'application/pem-certificate-chain', file.pem)
  }
  return (
    <>
      <div className={classes.save}>
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button
              ref={button}
              variant="default"
              leftSection={<IconDeviceFloppy size={15} />}
              loading={slow}
            >
              {t('clean.save')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['bundle', 'leaf', 'chain'] as const).map((kind) => (
              <Menu.Item key={kind} onClick={() => void save(kind)}>
                {t(`clean.${kind}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <p className="dim flush">{t('clean.keyNote')}</p>
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}

function Diff({ diff }: { diff: CleanDiff }) {
  const { t } = useTranslation('inspector')
  const rows = useMemo(() => sideBySide(diff), [diff])
  return (
    <div className={classes.box} tabIndex={0} role="region" aria-label={t('clean.diff')}>
      <table className={classes.diff}>
        <thead>
          <tr>
            <th scope="col">{t('clean.given')}</th>
            <th scope="col">{t('clean.served')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Row key={index} row={row} />
          ))}
        </tbody>
      </table>
      {diff.omitted > 0 ? <p className="dim flush">{t('clean.omitted', { count: diff.omitted })}</p> : null}
    </div>
  )
}

function Row({ row }: { row: DiffRow }) {
  const { t } = useTranslation('inspector')
  const [open, setOpen] = useState(false)
  if (row.kind === 'file')
    return (
      <tr className={classes.file}>
        <th colSpan={2} scope="colgroup">
          {row.text}
        </th>
      </tr>
    )
  if (row.kind === 'kept') return <Pair left={row.text} right={row.text} changed={false} />
  if (row.kind === 'changed') return <Pair left={row.left} right={row.right} changed />
  if (open)
    return row.lines.map((line, index) => <Pair key={index} left={line} right={line} changed={false} />)
  return (
    <tr className={classes.folded}>
      <td colSpan={2}>
        <button type="button" onClick={() => setOpen(true)}>
          {t('clean.folded', { count: row.lines.length })}
        </button>
      </td>
    </tr>
  )
}

/** Changed lines have a sign as well as a colour. */
function Pair({ left, right, changed }: { left: string | null; right: string | null; changed: boolean }) {
  return (
    <tr>
      <td data-side={changed && left !== null ? 'removed' : undefined}>{left}</td>
      <td data-side={changed && right !== null ? 'added' : undefined}>{right}</td>
    </tr>
  )
}
