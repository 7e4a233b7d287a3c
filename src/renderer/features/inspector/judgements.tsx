import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import { CompareView } from './compare/compare-view.tsx'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { LintView } from './lint/lint-view.tsx'
import { PreflightView } from './preflight/preflight-view.tsx'
import { TimeMachine } from './time/time-machine.tsx'
import { VerificationPanel } from './verification-panel.tsx'

/** Additional tab of the summary or of a certificate. */
export interface OwnTab {
  id: string
  label: string
  content: ReactNode
}

/** Tabs with all results for a certificate. `before` and `after` surround the common tabs. */
export function Judgements(props: {
  inspector: Inspector
  report: IntakeReport
  /** Fingerprint of the certificate; null for all certificates. */
  fingerprint: string | null
  /** Restricts the tabs to those that apply to several sites at once. */
  several?: boolean
  before?: OwnTab[]
  after?: OwnTab[]
}) {
  const { t } = useTranslation(['inspector', 'ui'])
  const { inspector, report, fingerprint, several = false, before = [], after = [] } = props
  const faults = useFaults(inspector, fingerprint)
  const all: OwnTab[] = [
    ...before,
    {
      id: 'verify',
      label: t('ui:answers.title'),
      content: <VerificationPanel inspector={inspector} report={report} />,
    },
    {
      id: 'lint',
      label: faults === null ? t('lint.title') : t('lint.titleCount', { count: faults }),
      content: <LintView inspector={inspector} fingerprint={fingerprint} />,
    },
    { id: 'preflight', label: t('preflight.title'), content: <PreflightView inspector={inspector} /> },
    { id: 'time', label: t('time.title'), content: <TimeMachine inspector={inspector} /> },
    {
      id: 'compare',
      label: t('compare.title'),
      content: <CompareView inspector={inspector} report={report} />,
    },
    ...after,
  ]
  const tabs = several ? all.filter(({ id }) => id === 'lint') : all
  return (
    <Tabs
      // Reopens on the verification tab once the files turn out to concern one site.
      key={String(several)}
      defaultValue={tabs[0]?.id ?? 'verify'}
      keepMounted={false}
      classNames={{ tab: classes.tab }}
    >
      <Tabs.List>
        {tabs.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id} pt="sm">
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

/** Number of lint errors and warnings; null until known. */
function useFaults(inspector: Inspector, fingerprint: string | null): number | null {
  return useStore(inspector.store, ({ lint }) => {
    if (!lint.result) return null
    const certificates = lint.result.certificates.filter(
      (each) => fingerprint === null || each.fingerprintSha256 === fingerprint,
    )
    const findings = certificates.flatMap((each) => each.findings)
    return findings.filter(({ severity }) => severity !== 'notice').length
  })
}
