import { useTranslation } from 'react-i18next'
import { useEngineStatus } from '../../connection/engine-context.tsx'
import { PageLayout, Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import { AccessLogSection } from './access-log-section.tsx'
import { AgentsSection } from './agents-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { ConfigurationSection } from './configuration-section.tsx'
import { DesktopSection, UninstallSection } from './desktop-section.tsx'
import { LockingSection } from './locking-section.tsx'
import { EdgeSection } from './edge-section.tsx'
import { NoticesSection } from './notices/notices-section.tsx'
import { ProtectionSection } from './protection-section.tsx'
import { UpdatesSection } from './updates-section.tsx'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { FactGrid } from '../../ui/lists/facts.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'

export function Page() {
  const { t } = useTranslation(['settings', 'app'])
  return (
    <PageLayout title={t('app:sections.settings')} width="reading">
      <AppearanceSection />
      <UpdatesSection />
      <EngineSections />
    </PageLayout>
  )
}

function EngineSections() {
  const { t } = useTranslation('settings')
  const { value: status, problem } = useEngineStatus((state) => state)
  if (problem && !status) return <ErrorPanel title={t('problem')} error={problem} />
  if (!status) return <LoadingRows rows={3} height={110} />
  return (
    <>
      <DesktopSection desktop={status.desktop} />
      <EdgeSection status={status} />
      <ProtectionSection protection={status.protection} recoveryKey={status.recoveryKey} />
      <LockingSection protection={status.protection} locking={status.locking} />
      <BackupSection status={status} />
      <NoticesSection locked={status.protection.locked} />
      <AccessLogSection status={status} />
      <AgentsSection agents={status.agents} />
      <ConfigurationSection locked={status.protection.locked} />
      <UninstallSection />
      <AboutSection status={status} />
    </>
  )
}

function AboutSection({ status }: { status: EngineStatus }) {
  const { t } = useTranslation('settings')
  const { workerPids, restarts, faults } = status.edge
  return (
    <Section title={t('about.title')}>
      <FactGrid termWidth={148}>
        <dt>{t('about.version')}</dt>
        <dd>{status.productVersion}</dd>
        <dt>{t('about.engine')}</dt>
        <dd>
          {t('about.engineText', { pid: status.pid })} <RelativeTime at={status.startedAt} />
        </dd>
        <dt>{t('about.worker')}</dt>
        <dd>
          {workerPids.length === 0
            ? t('about.none')
            : t('about.workerText', { count: workerPids.length, pids: workerPids.join(', ') })}
          {faults > 0 ? `, ${t('about.faults', { count: faults })}` : null}
          {restarts > 0 ? `, ${t('about.restarts', { count: restarts })}` : null}
        </dd>
        <dt>{t('about.vault')}</dt>
        <dd>{t('backup.certificates', { count: status.certificates })}</dd>
      </FactGrid>
    </Section>
  )
}

const schemes: MantineColorScheme[] = ['auto', 'light', 'dark']

function AppearanceSection() {
  const { t } = useTranslation('settings')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Section
      title={t('appearance.title')}
      description={t('appearance.text')}
      aside={
        <SegmentedControl
          aria-label={t('appearance.title')}
          data={schemes.map((value) => ({ value, label: t(`appearance.${value}`) }))}
          value={colorScheme}
          onChange={(value) => setColorScheme(schemes.find((scheme) => scheme === value) ?? 'auto')}
        />
      }
    />
  )
}
