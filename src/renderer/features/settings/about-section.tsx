import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { FactGrid } from '../../ui/lists/facts.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'

export function AboutSection({ status }: { status: EngineStatus }) {
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
        <dd>{t('about.certificates', { count: status.certificates })}</dd>
      </FactGrid>
    </Section>
  )
}
