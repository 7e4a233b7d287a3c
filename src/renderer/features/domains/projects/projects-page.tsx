import { IconBraces } from '@tabler/icons-react'
import { useMemo, useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListedProject } from '../../../../contract/develop/projects.ts'
import { useDomains, useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { EmptyState, ErrorPanel, LoadingRows, type Call, useCall } from '../../../ui/feedback/feedback.tsx'
import { SearchField } from '../../../ui/lists/search-field.tsx'
import { Command } from '../../../ui/primitives/note.tsx'
import { BackLink, PageLayout } from '../../../ui/primitives/page-layout.tsx'
import { listPath } from '../paths.ts'
import { ContainersSection } from './containers-section.tsx'
import { ProjectSection, startCommand } from './project-section.tsx'
import classes from './projects.module.css'

const filterFrom = 8

/** Development projects with their services, as far as Edgekeep serves or served them. */
export function ProjectsPage() {
  const { t } = useTranslation(['projects', 'app'])
  const { projects, call } = useProjects()
  const items = useDomains((state) => state.items)
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const shown = projects?.filter((project) => textOf(project).includes(wanted))
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
      {projects && projects.length >= filterFrom ? (
        <SearchField
          className={classes.search}
          label={t('filter')}
          placeholder={t('filter')}
          clearLabel={t('clear')}
          value={search}
          onChange={setSearch}
        />
      ) : null}
      {shown?.map((project) => (
        <ProjectSection key={project.folder} project={project} domains={byName} />
      ))}
      {projects !== null && projects.length > 0 && shown?.length === 0 ? (
        <p className="dim">{t('nothing')}</p>
      ) : null}
      <ContainersSection />
    </PageLayout>
  )
}

function textOf({ name, folder, services, domains }: ListedProject): string {
  return [name, folder, ...services.map((service) => service.name), ...domains].join('\n').toLowerCase()
}

/** Projects, null until known; read again after every change. */
function useProjects(): { projects: ListedProject[] | null; call: Call } {
  const connected = useConnection() === 'connected'
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const call = useCall()
  const { run } = call
  const [projects, setProjects] = useState<ListedProject[] | null>(null)
  useEffect(() => {
    if (!connected) return
    void run((client) => client.projects.list()).then((listed) => listed && setProjects(listed))
  }, [connected, run, status])
  return { projects, call }
}
