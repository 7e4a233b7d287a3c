import { Select, Button, FileButton } from '@mantine/core'
import { useState, useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { IntakeReport } from '../../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../../contract/errors/place.ts'
import { ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import type { Inspector } from '../inspector.ts'
import { subjectOf } from '../inspector-state.ts'
import classes from '../sides.module.css'
import { ComparisonView } from './comparison-view.tsx'
import { IconFileSearch } from '@tabler/icons-react'
import { useFileDrop } from '../../../ui/forms/drop-zone.tsx'

export function CompareView({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { t } = useTranslation(['inspector', 'activity'])
  const subject = useStore(inspector.store, subjectOf)
  const { about, busy, result, problem } = useStore(inspector.store, (state) => state.comparison)
  const [other, setOther] = useState<string | null>(null)
  const choices = choicesBeside(report, subject)
  const current = about === subject
  const own = report.pieces.find(({ id }) => id === (subject ?? report.bundles[0]?.leaf))
  const ownTitle = own?.certificate?.title ?? ''
  return (
    <>
      <div className={classes.sides}>
        <ComparedSide
          title={t('activity:row.before')}
          name={(current && result?.before.title) || ownTitle}
          choose={t('compare.beforeFile')}
          onFiles={(files) => void inspector.compareWith({ files }, 'before')}
        />
        <ComparedSide
          title={t('activity:row.after')}
          name={(current && result?.after.title) || t('compare.nothingYet')}
          choose={t('compare.file')}
          onFiles={(files) => {
            setOther(null)
            void inspector.compareWith({ files })
          }}
        >
          <Select
            className={classes.select}
            size="xs"
            label={t('compare.with')}
            placeholder={choices.length > 0 ? t('compare.choose') : t('compare.noOther')}
            disabled={choices.length === 0}
            searchable
            data={choices}
            value={other}
            onChange={(pieceId) => {
              setOther(pieceId)
              if (pieceId) void inspector.compareWith({ pieceId })
            }}
          />
        </ComparedSide>
      </div>
      {!current || (!busy && !result && !problem) ? <p className="dim flush">{t('compare.text')}</p> : null}
      {current && problem ? <ErrorPanel error={problem} /> : null}
      {current && busy && !result ? <LoadingRows rows={4} height={40} /> : null}
      {current && result ? <ComparisonView comparison={result} /> : null}
    </>
  )
}

function choicesBeside(report: IntakeReport, subject: string | null): { value: string; label: string }[] {
  const leaf = subject ?? report.bundles[0]?.leaf
  const own = report.pieces.find(({ id }) => id === leaf)?.certificate?.fingerprintSha256
  const seen = new Set([own])
  return report.pieces.flatMap(({ id, certificate, place }) => {
    if (!certificate || seen.has(certificate.fingerprintSha256)) return []
    seen.add(certificate.fingerprintSha256)
    return [{ value: id, label: `${certificate.title} · ${place.file ?? formatPlace(place)}` }]
  })
}

/** One side of a comparison, with a drop zone and a choice to replace it. */
function ComparedSide(props: {
  title: string
  name: string
  choose: string
  onFiles: (files: File[]) => void
  children?: ReactNode
}) {
  const id = useId()
  const { over, handlers } = useFileDrop(props.onFiles)
  return (
    <section className={classes.side} data-over={over} data-takes-files aria-labelledby={id} {...handlers}>
      <h4 id={id} className="dim text-xs strong flush">
        {props.title}
      </h4>
      <p className="strong flush wrap">{props.name}</p>
      <div className={classes.choice}>
        {props.children}
        <FileButton multiple onChange={(files) => files.length > 0 && props.onFiles(files)}>
          {(button) => (
            <Button variant="default" leftSection={<IconFileSearch size={15} />} {...button}>
              {props.choose}
            </Button>
          )}
        </FileButton>
      </div>
    </section>
  )
}
