import { IconBraces } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useDomains } from '../../../connection/engine-context.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { Command } from '../../../ui/primitives/note.tsx'
import { BackLink, PageLayout } from '../../../ui/primitives/page-layout.tsx'
import { listPath } from '../paths.ts'
import { ContainersSection } from './containers-section.tsx'
import { ProjectSection, startCommand } from './project-section.tsx'
import { useProjects } from './use-projects.ts'

/** Development projects with their services, as far as Edgekeep serves or served them. */
export function ProjectsPage() {
  const { t } = useTranslation(['projects', 'app'])
  const { projects, call } = useProjects()
  const items = useDomains((state) => state.items)
  const byName = useMemo(() => new Map(items.map((domain) => [domain.name, domain])), [items])
  return (
    <PageLayout
      title={t('title')}
      description={t('description')}
      width="reading"
      back={<BackLink href={listPath}>{t('app:sections.domains')}</BackLink>}
    >
      {call.error ? <ErrorPanel error={call.error} title={t('failed')} /> : null}
      {projects === null && !call.error ? <LoadingRows rows={3} height={56} /> : null}
      {projects?.length === 0 ? (
        <EmptyState
          icon={<IconBraces size={28} stroke={1.5} />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={<Command value={startCommand} label={t('command')} />}
        />
      ) : null}
      {projects?.map((project) => (
        <ProjectSection key={project.folder} project={project} domains={byName} />
      ))}
      <ContainersSection />
    </PageLayout>
  )
}
