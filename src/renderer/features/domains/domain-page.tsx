import { Button } from '@mantine/core'
import { IconExternalLink, IconWorldOff } from '@tabler/icons-react'
import { useEffect, useState, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Domain } from '../../../contract/domains/domains.ts'
import { useDomains, useClient, useEngineStatus } from '../../connection/engine-context.tsx'
import { focusIsLost } from '../../ui/primitives/focus.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { useTakesFiles } from '../../ui/forms/file-handoff.ts'
import { BackLink, PageLayout, Section } from '../../ui/primitives/page-layout.tsx'
import { EmptyState, LoadingRows, useSlow } from '../../ui/feedback/feedback.tsx'
import { makeGreen } from './actions.ts'
import { GreenBadge, StateBadge } from './badges.tsx'
import { DangerSection } from './https/danger-section.tsx'
import classes from './domain-page.module.css'
import { OverviewSection, HttpsSection } from './https/https-section.tsx'
import { HttpsSettingsDialog, type SettingsIntent } from './https/settings/dialog.tsx'
import { OpenInBrowser } from './open-in-browser.tsx'
import { MakeGreenDialog, SetupOffer } from './setup/make-green.tsx'
import { OriginMark } from './origins/origin-mark.tsx'
import { OriginSection } from './origins/origin-section.tsx'
import { MoreOriginsSection } from './origins/more-origins-section.tsx'
import { PathsSection } from './origins/paths-section.tsx'
import { TimeoutsSection } from './origins/timeouts-section.tsx'
import { PartIndex, PartPanel } from './part-index.tsx'
import { listPath, type Part } from './paths.ts'
import { ProtocolSection } from './tls/tls-section.tsx'
import { AccessSection } from './access/access-section.tsx'
import { BodySection } from './access/body-section.tsx'
import { FindingsSection, useFindings } from './findings/findings-section.tsx'
import { HeadersSection } from './headers/headers-section.tsx'
import { HstsSection } from './redirects/hsts-section.tsx'
import { RedirectSection } from './redirects/redirect-section.tsx'
import { VerificationSection } from './verification/verification-section.tsx'
import { useGreenness, useReadTested } from './verification/tested-store.ts'
import { addressOf, hostFor } from './address.ts'
import { HistoryList } from '../../ui/lists/history.tsx'

export function DomainPage({ name, part }: { name: string; part: Part }) {
  const domain = useDomains(({ byKey }) => byKey.get(name))
  const waiting = useDomains((state) => state.status === 'waiting' || state.status === 'filling')
  if (domain) return <LoadedDomain domain={domain} part={part} />
  return <MissingDomain name={name} waiting={waiting} />
}

function LoadedDomain({ domain, part }: { domain: Domain; part: Part }) {
  const [intent, setIntent] = useState<SettingsIntent | null>(null)
  const [files, setFiles] = useState<readonly File[]>([])
  const [isSettingUp, setIsSettingUp] = useState(false)
  useTakesFiles((dropped) => {
    setFiles(dropped)
    setIntent('serve')
  })
  const findings = useFindings(domain.name)
  useFocusOnPage()
  useReadTested(`${domain.updatedAt} ${isSettingUp}`)
  return (
    <PageLayout
      back={<Back />}
      title={
        <span className={classes.title}>
          {domain.displayName}
          <StateBadge https={domain.https} />
          <GreenBadge domain={domain} />
          <OriginMark domain={domain} isBadge />
        </span>
      }
      description={domain.displayName === domain.name ? null : domain.name}
      actions={<PageActions domain={domain} onSetUp={() => setIsSettingUp(true)} />}
      index={<PartIndex domain={domain} current={part} findings={findings.items.length} />}
      place={part}
      width="columns"
    >
      <div className={classes.columns}>
        <PartPanel part="https" current={part}>
          <SetupOffer domain={domain} onAccept={() => setIsSettingUp(true)} />
          <HttpsSection domain={domain} onSettings={setIntent} />
          <OverviewSection domain={domain} />
        </PartPanel>
        <div className={part === 'https' ? classes.last : undefined}>
          <PartPanel part="https" current={part}>
            <DangerSection domain={domain} onTurnOff={() => setIntent('turn-off')} />
          </PartPanel>
          <PartPanel part="origins" current={part}>
            <OriginSection domain={domain} />
            <MoreOriginsSection domain={domain} />
            <PathsSection domain={domain} />
            <TimeoutsSection domain={domain} />
          </PartPanel>
          <PartPanel part="tls" current={part}>
            <ProtocolSection domain={domain} />
          </PartPanel>
          <PartPanel part="redirects" current={part}>
            <RedirectSection domain={domain} />
            <HstsSection domain={domain} />
          </PartPanel>
          <PartPanel part="headers" current={part}>
            <HeadersSection domain={domain} />
          </PartPanel>
          <PartPanel part="access" current={part}>
            <AccessSection domain={domain} />
            <BodySection domain={domain} />
          </PartPanel>
          <PartPanel part="findings" current={part}>
            <FindingsSection domain={domain} findings={findings} />
          </PartPanel>
          <PartPanel part="history" current={part}>
            <HistorySection domain={domain} />
          </PartPanel>
        </div>
        <div className={classes.verification}>
          <VerificationSection domain={domain} />
        </div>
      </div>
      {isSettingUp ? <MakeGreenDialog domain={domain} onClose={() => setIsSettingUp(false)} /> : null}
      <HttpsSettingsDialog
        domain={domain}
        intent={intent}
        files={files}
        onClose={() => {
          setIntent(null)
          setFiles([])
        }}
      />
    </PageLayout>
  )
}

/** Primary is the next act: to set up trusted HTTPS, or to open the domain once browsers accept it. */
function PageActions({ domain, onSetUp }: { domain: Domain; onSetUp: () => void }) {
  const { t } = useTranslation('domains')
  const edge = useEngineStatus((state) => state.value?.edge)
  const address = addressOf(domain, edge)
  const isGreen = useGreenness(domain).state === 'green'
  if (!isGreen || address === null)
    return (
      <>
        <OpenInBrowser domain={domain} />
        <ActionButton action={makeGreen} act={onSetUp} />
      </>
    )
  return (
    <>
      <OpenInBrowser domain={domain} label={t('open.ways')} />
      <ActionButton action={makeGreen} label={t('green.again')} variant="default" act={onSetUp} />
      <Button
        component="a"
        href={address}
        target="_blank"
        rel="noreferrer"
        leftSection={<IconExternalLink size={15} stroke={1.8} />}
      >
        {t('open.site', { domain: hostFor(domain.displayName) })}
      </Button>
    </>
  )
}

/** Moves the focus to the page after the dialog that added the domain has closed and lost it. */
function useFocusOnPage(): void {
  useEffect(() => {
    if (focusIsLost()) document.getElementById('page')?.focus()
  }, [])
}

function MissingDomain({ name, waiting }: { name: string; waiting: boolean }) {
  const { t } = useTranslation('domains')
  // A domain added a moment ago arrives with the next event of the live list.
  const isMissing = useSlow(!waiting)
  return (
    <PageLayout back={<Back />} title={name}>
      {!isMissing ? (
        <LoadingRows rows={3} height={120} />
      ) : (
        <EmptyState
          icon={<IconWorldOff size={28} stroke={1.5} />}
          title={t('page.missing.title', { domain: name })}
          text={t('page.missing.text')}
          action={
            <Button component={Link} href={listPath}>
              {t('page.missing.back')}
            </Button>
          }
        />
      )}
    </PageLayout>
  )
}

function Back() {
  const { t } = useTranslation('app')
  return <BackLink href={listPath}>{t('sections.domains')}</BackLink>
}

function HistorySection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('history')
  const client = useClient()
  const { name, updatedAt } = domain
  const load = useCallback(() => client.domains.history({ domain: name }), [client, name])
  return (
    <Section title={t('title')} description={t('text')}>
      <HistoryList load={load} asOf={updatedAt} />
    </Section>
  )
}
