import { Anchor, Tabs } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import type { CertificateDetail } from '../../../contract/certificates/procedures.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { CertificateFactsList } from '../../ui/certificate/certificate-facts.tsx'
import { ExtensionList } from '../../ui/certificate/extension-list.tsx'
import { FourAnswersList } from '../../ui/feedback/verdict.tsx'
import { ValidityBar } from '../../ui/certificate/validity-bar.tsx'
import { ChainView } from './chain-view.tsx'
import classes from './certificate-drawer.module.css'
import { RenewalBlock } from './renewal-form.tsx'
import { Notes } from './notes.tsx'
import { domainPath } from './paths.ts'
import { useCertificates, useClient } from '../../connection/engine-context.tsx'
import { type Successor, successorsIn } from '../../../domain/successors.ts'
import { useNow } from '../../ui/primitives/window-clock.ts'
import { ReplaceDialog } from './replace/dialog.tsx'
import { SuccessorNote } from './successor-note.tsx'
import { ListRows, type RowAttributes } from '../../ui/lists/visible-rows.tsx'
import { HistoryList } from '../../ui/lists/history.tsx'
import { ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { Note } from '../../ui/primitives/note.tsx'

/** Content of the drawer. `summary` is live, `detail` holds the chain and the verdicts. */
export function CertificateDetailView(props: { detail: CertificateDetail; summary: CertificateSummary }) {
  const { t } = useTranslation(['certificates', 'ui', 'history'])
  const { detail, summary } = props
  const leaf = detail.chain[0]
  if (!leaf) return null
  return (
    <>
      <ValidityBar {...summary} />
      <Successions id={summary.id} />
      <KeyStatement />
      <Block title={t('detail.usedBy')}>
        <Uses domains={summary.usedBy} />
      </Block>
      <RenewalBlock key={`renewal ${summary.id}`} summary={summary} />
      <Notes key={summary.id} summary={summary} />
      <RetentionSwitch summary={summary} />
      <Block title={t('ui:answers.title')}>
        <FourAnswersList answers={detail.verification.answers} />
      </Block>
      <Tabs defaultValue="facts" className="below-18" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="facts">{t('detail.facts')}</Tabs.Tab>
          <Tabs.Tab value="extensions">{t('detail.extensions', { count: leaf.extensions.length })}</Tabs.Tab>
          <Tabs.Tab value="chain">{t('detail.chain', { count: detail.chain.length })}</Tabs.Tab>
          <Tabs.Tab value="history">{t('history:title')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="facts" pt="sm">
          <CertificateFactsList facts={leaf} withBar={false} />
        </Tabs.Panel>
        <Tabs.Panel value="extensions" pt="sm">
          <ExtensionList extensions={leaf.extensions} />
        </Tabs.Panel>
        <Tabs.Panel value="chain" pt="sm">
          <ChainView chain={detail.chain} verification={detail.verification} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="sm">
          <CertificateHistory summary={summary} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.block} aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      {children}
    </section>
  )
}

/** Its successor, and certificates that it can take over from. */
function Successions({ id }: { id: string }) {
  const certificates = useCertificates(({ items }) => items)
  const now = useNow()
  const [replacing, setReplacing] = useState<Successor | null>(null)
  const successors = useMemo(
    () => successorsIn({ certificates, now }).filter(({ old, next }) => old.id === id || next.id === id),
    [certificates, now, id],
  )
  return (
    <>
      {successors.map((successor) => (
        <SuccessorNote
          key={successor.old.id}
          successor={successor}
          onReplace={() => setReplacing(successor)}
        />
      ))}
      {replacing ? (
        <ReplaceDialog
          opened
          summary={replacing.old}
          chosen={replacing.next.id}
          onClose={() => setReplacing(null)}
        />
      ) : null}
    </>
  )
}

/** Shown for every certificate: its key never leaves the vault. */
function KeyStatement() {
  const { t } = useTranslation('certificates')
  return (
    <Note tone="accent" className="below-14">
      <IconLock size={18} stroke={1.7} aria-hidden />
      <div>
        <div className="semibold">{t('detail.key.title')}</div>
        <div>{t('detail.key.text')}</div>
        <div>{t('export.noKey')}</div>
      </div>
    </Note>
  )
}

function Uses({ domains }: { domains: readonly string[] }) {
  const { t } = useTranslation('certificates')
  if (domains.length === 0) return <p className="dim flush">{t('detail.unused')}</p>
  if (domains.length <= mostUnfolded) {
    return (
      <ul className={classes.uses}>
        {domains.map((domain) => (
          <Use key={domain} domain={domain} />
        ))}
      </ul>
    )
  }
  return (
    <details>
      <summary>{t('detail.usedByMany', { count: domains.length })}</summary>
      <div className={`scroll ${classes.manyUses}`} data-scrolls>
        <ul className="plain-list">
          <ListRows items={domains} keyOf={(domain) => domain} height={24}>
            {(domain, row) => <Use domain={domain} row={row} />}
          </ListRows>
        </ul>
      </div>
    </details>
  )
}

const mostUnfolded = 5

function Use({ domain, row }: { domain: string; row?: RowAttributes }) {
  return (
    <li {...row}>
      <Anchor component={Link} size="sm" href={domainPath(domain)}>
        {readableName(domain)}
      </Anchor>
    </li>
  )
}

/** History of the certificate from the audit trail. */
function CertificateHistory({ summary }: { summary: CertificateSummary }) {
  const client = useClient()
  const { id } = summary
  const load = useCallback(() => client.certificates.history({ id }), [client, id])
  return <HistoryList load={load} asOf={JSON.stringify(summary)} />
}

/** Switch that keeps the certificate after its last domain turns HTTPS off. */
function RetentionSwitch({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation(['certificates', 'ui'])
  const call = useCall()
  return (
    <div className={classes.block}>
      <ChangeSwitch
        label={t('ui:swap.keep')}
        description={summary.kept ? t('kept.yes') : t('kept.no')}
        checked={summary.kept}
        disabled={call.busy}
        onChange={(kept) => void call.run((client) => client.certificates.setKept({ id: summary.id, kept }))}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </div>
  )
}
