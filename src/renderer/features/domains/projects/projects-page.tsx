import { IconBraces, IconGitBranch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListedProject } from '../../../../contract/develop/projects.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { visibleText } from '../../../../contract/text/visible-text.ts'
import { originHealth } from '../../../../domain/origin-health.ts'
import { useDomains } from '../../../connection/engine-context.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { Command } from '../../../ui/primitives/note.tsx'
import { BackLink, PageLayout, Section } from '../../../ui/primitives/page-layout.tsx'
import { listPath } from '../paths.ts'
import { ServiceRow } from './service-row.tsx'
import { useProjects } from './use-projects.ts'

const startCommand = 'edgekeep run'

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
    </PageLayout>
  )
}

function ProjectSection(props: { project: ListedProject; domains: ReadonlyMap<string, Domain> }) {
  const { t } = useTranslation('projects')
  const { project, domains } = props
  const served = project.domains.map((name) => domains.get(name))
  return (
    <Section title={visibleText(project.name)} description={<Place project={project} />}>
      <ul className="plain-list">
        {project.services.map(({ name, run }) => (
          <ServiceRow
            key={run?.domain ?? name}
            name={visibleText(name)}
            run={run}
            domain={run ? domains.get(run.domain) : undefined}
          />
        ))}
        {served.map((domain) =>
          domain ? <ServiceRow key={domain.name} name={null} run={null} domain={domain} /> : null,
        )}
      </ul>
      {isIdle(project, served) ? (
        <>
          <p className="dim flush above-12">{t('start')}</p>
          <Command value={startCommand} label={t('command')} />
        </>
      ) : null}
    </Section>
  )
}

/** Folder, with a button that copies it, and branch. Containers have no folder. */
function Place({ project: { folder, name, branch } }: { project: ListedProject }) {
  const { t } = useTranslation('projects')
  return (
    <span className="row wrapping gap-8">
      {folder === name ? null : (
        <span className="row gap-6">
          <code className="mono wrap">{visibleText(folder)}</code>
          <CopyIcon value={folder} label={t('folder')} />
        </span>
      )}
      {branch === null ? null : (
        <span className="row gap-6">
          <IconGitBranch size={14} aria-hidden />
          {t('branch', { branch: visibleText(branch) })}
        </span>
      )}
    </span>
  )
}

/** No service runs; without services, none of the domains has an origin that answers. */
function isIdle({ services }: ListedProject, domains: readonly (Domain | undefined)[]): boolean {
  if (services.length > 0) return services.every(({ run }) => run === null)
  return domains.every((domain) => domain && originHealth(domain.originStates) === 'down')
}
