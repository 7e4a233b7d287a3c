import { useTranslation } from 'react-i18next'
import { useEngineStatus } from '../../connection/engine-context.tsx'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import { AboutSection } from './about-section.tsx'
import { AccessLogSection } from './access-log-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { BackupSection } from './backup-section.tsx'
import { ConfigurationSection } from './configuration-section.tsx'
import { DesktopSection } from './desktop-section.tsx'
import { LockingSection } from './locking-section.tsx'
import { EdgeSection } from './edge-section.tsx'
import { ProtectionSection } from './protection-section.tsx'
import { UninstallSection } from './uninstall-section.tsx'
import { UpdatesSection } from './updates-section.tsx'

export function Page() {
  const { t } = useTranslation('settings')
  return (
    <PageLayout title={t('title')} width="reading">
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
      <AccessLogSection status={status} />
      <ConfigurationSection locked={status.protection.locked} />
      <UninstallSection />
      <AboutSection status={status} />
    </>
  )
}
