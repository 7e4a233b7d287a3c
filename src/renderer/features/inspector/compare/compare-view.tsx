import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { IntakeReport } from '../../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../../contract/errors/place.ts'
import { ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import type { Inspector } from '../inspector.ts'
import { subjectOf } from '../inspector-state.ts'
import classes from './compare.module.css'
import { ComparedSide } from './compared-side.tsx'
import { ComparisonView } from './comparison-view.tsx'

export function CompareView({ inspector, report }: { inspector: Inspector; report: IntakeReport }) {
  const { t } = useTranslation('inspector')
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
          title={t('compare.before')}
          name={(current && result?.before.title) || ownTitle}
          choose={t('compare.beforeFile')}
          onFiles={(files) => void inspector.compareWith({ files }, 'before')}
        />
        <ComparedSide
          title={t('compare.after')}
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
      {!current || (!busy && !result && !problem) ? <p className={classes.dim}>{t('compare.text')}</p> : null}
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
