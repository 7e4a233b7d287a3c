import { IconServerBolt } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState, ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { Command } from '../../../ui/primitives/note.tsx'
import { BackLink, PageLayout, Section } from '../../../ui/primitives/page-layout.tsx'
import { listPath } from '../paths.ts'
import { TargetCard } from './target-card.tsx'
import { useTargets } from './use-targets.ts'

const addCommand = 'edgekeep target add web --kind nginx'

/** Servers that domains are published to. They are added and removed on the command line only. */
export function TargetsPage() {
  const { t } = useTranslation(['targets', 'app'])
  const { targets, call, read } = useTargets()
  const add = <Command value={addCommand} label={t('command')} />
  return (
    <PageLayout
      title={t('title')}
      description={t('description')}
      width="reading"
      back={<BackLink href={listPath}>{t('app:sections.domains')}</BackLink>}
    >
      {call.error ? <ErrorPanel error={call.error} title={t('failed')} /> : null}
      {targets === null && !call.error ? <LoadingRows rows={3} height={80} /> : null}
      {targets?.length === 0 ? (
        <EmptyState
          icon={<IconServerBolt size={28} stroke={1.5} />}
          title={t('empty.title')}
          text={t('empty.text')}
          action={add}
        />
      ) : null}
      {targets?.map((target) => (
        <TargetCard key={target.name} target={target} onPublished={() => void read()} />
      ))}
      {targets && targets.length > 0 ? (
        <Section title={t('add.title')} description={t('add.text')}>
          {add}
        </Section>
      ) : null}
    </PageLayout>
  )
}
