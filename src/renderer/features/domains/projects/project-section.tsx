import { IconGitBranch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListedProject } from '../../../../contract/develop/projects.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { readableName } from '../../../../contract/text/readable-name.ts'
import { visibleText } from '../../../../contract/text/visible-text.ts'
import { originHealth } from '../../../../domain/origin-health.ts'
import { ConfirmCall } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { CopyIcon } from '../../../ui/primitives/copy-icon.tsx'
import { Command } from '../../../ui/primitives/note.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ServiceRow } from './service-row.tsx'

export const startCommand = 'edgekeep run'

export function ProjectSection(props: { project: ListedProject; domains: ReadonlyMap<string, Domain> }) {
  const { t } = useTranslation('projects')
  const { project, domains } = props
  const served = project.domains.map((name) => domains.get(name))
  return (
    <Section
      title={visibleText(project.name)}
      description={<Place project={project} />}
      aside={project.services.some(({ run }) => run) ? null : <Forget project={project} />}
    >
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

function Forget({ project: { folder, name, domains } }: { project: ListedProject }) {
  const { t } = useTranslation('projects')
  const [isAsking, setAsking] = useState(false)
  const project = visibleText(name)
  return (
    <>
      <ChangeButton
        size="compact-xs"
        variant="default"
        aria-label={t('forget.label', { project })}
        onClick={() => setAsking(true)}
      >
        {t('forget.open')}
      </ChangeButton>
      {isAsking ? (
        <ConfirmCall
          title={t('forget.title', { project })}
          confirmLabel={t('forget.do')}
          act={(client) => client.projects.forget({ folder })}
          done={t('forget.done', { project })}
          onClose={() => setAsking(false)}
        >
          <p className="flush">{t('forget.trust')}</p>
          {domains.length > 0 ? (
            <p>{t('forget.domains', { domains: domains.map(readableName).join(', ') })}</p>
          ) : null}
        </ConfirmCall>
      ) : null}
    </>
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
