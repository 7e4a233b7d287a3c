import { useTranslation } from 'react-i18next'
import { useLocation, useRoute } from 'wouter'
import { useCertificates } from '../../connection/engine-context.tsx'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, LoadingRows, EmptyState } from '../../ui/feedback/feedback.tsx'
import { CalendarPage } from './calendar/page.tsx'
import { AuthorityCard } from './authority-card.tsx'
import { CertificateDrawer } from './certificate-drawer.tsx'
import { CertificateList } from './certificate-list.tsx'
import type { BulkMenu, ChosenAct } from './bulk/certificate-acts.tsx'
import { CertificateBulkDialog } from './bulk/certificate-bulk.tsx'
import { NextActDialog } from './import-many/import-advice.tsx'
import { useBulkButton } from '../../ui/bulk/selection.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { ImportManyDialog } from './import-many/dialog.tsx'
import { calendarPath, importManyPath, importPath, listPath, watchPath } from './paths.ts'
import { WatchPage } from './watch/watch-page.tsx'
import { IconCertificate } from '@tabler/icons-react'
import { Group } from '@mantine/core'
import { useState } from 'react'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { importCertificate, importFolder, openCalendar, openWatch } from './actions.ts'

/** Certificates of the vault: list, drawer (`/certificates/ID`) and import dialogs. */
export function Page() {
  const { t } = useTranslation(['certificates', 'app'])
  const [, navigate] = useLocation()
  const [importing] = useRoute(importPath)
  const [importingMany] = useRoute(importManyPath)
  const [isCalendar] = useRoute(calendarPath)
  const [isWatch] = useRoute(watchPath)
  const [opened, parameters] = useRoute<{ id: string }>(`${listPath}/:id`)
  const empty = useCertificates((state) => state.status === 'live' && state.items.length === 0)
  const shown = opened && !importing && !importingMany ? decodeURIComponent(parameters.id) : null
  // Outlives the rows that it removes.
  const [chosen, setChosen] = useState<ChosenAct | null>(null)
  const { button, focus } = useBulkButton()
  const close = () => {
    setChosen(null)
    focus()
  }
  const back = () => navigate(listPath)
  if (isCalendar) return <CalendarPage />
  if (isWatch) return <WatchPage />
  return (
    <>
      <PageLayout
        title={t('app:sections.certificates')}
        description={t('description')}
        actions={empty ? null : <ImportActions />}
      >
        <Content button={button} onAct={setChosen} />
        <AuthorityCard />
      </PageLayout>
      <ImportDialog opened={importing} onClose={back} />
      <ImportManyDialog opened={importingMany} onClose={back} />
      <CertificateDrawer id={shown} onClose={back} />
      {chosen ? <ChosenDialog chosen={chosen} onClose={close} /> : null}
    </>
  )
}

function ChosenDialog({ chosen, onClose }: { chosen: ChosenAct; onClose: () => void }) {
  return 'certificates' in chosen ? (
    <CertificateBulkDialog {...chosen} onClose={onClose} />
  ) : (
    <NextActDialog next={chosen} onClose={onClose} />
  )
}

function Content(menu: BulkMenu) {
  const status = useCertificates((state) => state.status)
  const problem = useCertificates((state) => state.problem)
  const empty = useCertificates((state) => state.items.length === 0)
  if (problem && empty) return <ErrorPanel error={problem} />
  if (status === 'waiting') return <LoadingRows />
  return empty ? <NoCertificates /> : <CertificateList {...menu} />
}

function NoCertificates() {
  const { t } = useTranslation('certificates')
  return (
    <EmptyState
      icon={<IconCertificate size={28} stroke={1.5} />}
      title={t('empty.title')}
      text={t('empty.text')}
      action={<ImportActions />}
    />
  )
}

function ImportActions() {
  const [, navigate] = useLocation()
  return (
    <Group gap={8} justify="center">
      <ActionButton action={openWatch} variant="default" act={() => navigate(watchPath)} />
      <ActionButton action={openCalendar} variant="default" act={() => navigate(calendarPath)} />
      <ActionButton action={importFolder} variant="default" act={() => navigate(importManyPath)} />
      <ActionButton action={importCertificate} act={() => navigate(importPath)} />
    </Group>
  )
}
