import { Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoute } from 'wouter'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { PageLayout, Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import {
  installTrust,
  provePage,
  proveTrust,
  readTrust,
  stopProof,
  undoTrust,
  replaceRoots,
  takeRootsOut,
} from './actions.ts'
import { AuthoritySection } from './authority-section.tsx'
import { ClientRow } from './client-row.tsx'
import { DevicesSection } from './devices-section.tsx'
import { NamesSection } from './names-section.tsx'
import { PageDialog } from './page-dialog.tsx'
import { TrustPlanDialog, type PlannedAct } from './plan-dialog.tsx'
import { useTrust, type Trust } from './use-trust.ts'
import type { NameLeads } from '../../../contract/names/names.ts'
import type { TrustAtlas, TrustStoreView } from '../../../contract/trust/trust.ts'
import { PageTabs } from '../../ui/primitives/page-tabs.tsx'
import { partPath, parts, type Part } from './paths.ts'

export function Page() {
  const { t } = useTranslation(['trust', 'app'])
  const trust = useTrust()
  const part = usePart()
  const [asked, setAsked] = useState<PlannedAct | null>(null)
  const { atlas, call } = trust
  return (
    <PageLayout
      title={t('app:sections.trust')}
      description={t('description')}
      actions={<Actions trust={trust} ask={setAsked} />}
      index={<Tabs trust={trust} current={part} />}
      place={part}
    >
      {call.error ? (
        <ErrorPanel
          error={call.error}
          title={t('failed')}
          action={{ label: t('again'), run: () => void trust.read() }}
        />
      ) : null}
      {trust.progress ? (
        <p className="dim flush above-12" role="status">
          {t('running', { ...trust.progress })}
        </p>
      ) : null}
      {atlas ? (
        <>
          <EarlierRoots stores={atlas.stores} ask={setAsked} />
          <PartSection part={part} trust={trust} atlas={atlas} ask={setAsked} />
        </>
      ) : call.error ? null : (
        <LoadingRows rows={6} height={56} />
      )}
      {asked ? (
        <TrustPlanDialog
          {...asked}
          onClose={() => {
            setAsked(null)
            void trust.read()
          }}
        />
      ) : null}
    </PageLayout>
  )
}

/** Part in the address; the first for one that there is not. */
function usePart(): Part {
  const [, given] = useRoute<{ part?: string }>('/trust/:part?')
  return parts.find((part) => part === given?.part) ?? parts[0]
}

/** `unanswered` is not known. */
const astrayLeads: readonly NameLeads[] = ['other', 'elsewhere', 'nowhere']

function Tabs({ trust, current }: { trust: Trust; current: Part }) {
  const { t } = useTranslation(['trust', 'app'])
  const astray = trust.names?.names.filter(({ leads }) => astrayLeads.includes(leads)).length
  return (
    <PageTabs
      label={t('app:sections.trust')}
      tabs={parts.map((part) => ({
        href: partPath(part),
        label: t(`parts.${part}`),
        isCurrent: part === current,
        ...(part === 'names' && astray ? { count: astray, alarm: t('names.astray', { count: astray }) } : {}),
      }))}
    />
  )
}

interface Shown {
  trust: Trust
  atlas: TrustAtlas
  ask: (asked: PlannedAct) => void
}

function PartSection({ part, ...shown }: Shown & { part: Part }) {
  const { trust, atlas, ask } = shown
  switch (part) {
    case 'clients':
      return <ClientsSection {...shown} />
    case 'names':
      return <NamesSection names={trust.names} call={trust.namesCall} ask={ask} />
    case 'devices':
      return <DevicesSection hasAuthority={atlas.authority !== null} />
    case 'authority':
      return (
        <AuthoritySection
          authority={trust.authority}
          heldBy={atlas.stores.filter(({ undoable }) => undoable).map(({ title }) => title)}
          changed={() => void trust.read()}
        />
      )
  }
}

function ClientsSection({ trust, atlas, ask }: Shown) {
  const { t } = useTranslation('trust')
  const [isPageOpen, setPageOpen] = useState(false)
  return (
    <Section
      title={t('clients')}
      aside={
        atlas.authority ? (
          <ActionButton action={provePage} size="xs" variant="default" act={() => setPageOpen(true)} />
        ) : null
      }
    >
      {atlas.clients.length === 0 ? <p>{t('none')}</p> : null}
      <ul className="plain-list">
        {atlas.clients.map((client) => (
          <ClientRow
            key={client.id}
            client={client}
            stores={atlas.stores.filter(({ id }) => client.stores.includes(id))}
            busy={trust.progress !== null}
            onProve={() => void trust.prove([client.id])}
            onAsk={(action) => ask({ action, clients: [client.id] })}
          />
        ))}
      </ul>
      {isPageOpen ? (
        <PageDialog
          onClose={() => {
            setPageOpen(false)
            void trust.read()
          }}
        />
      ) : null}
    </Section>
  )
}

function Actions({ trust, ask }: { trust: Trust; ask: (asked: PlannedAct) => void }) {
  const { atlas, progress, prove, stop, read, call } = trust
  if (!atlas) return null
  const anyUndoable = atlas.stores.some(({ undoable }) => undoable)
  return (
    <Group gap="xs">
      {progress ? (
        <ActionButton action={stopProof} variant="default" act={stop} />
      ) : (
        <>
          <ActionButton action={readTrust} variant="default" busy={call.busy} act={() => void read()} />
          {anyUndoable ? (
            <ActionButton action={undoTrust} variant="default" act={() => ask({ action: 'undo' })} />
          ) : null}
          {atlas.authority ? (
            <ActionButton action={proveTrust} variant="default" act={() => void prove()} />
          ) : null}
          <ActionButton action={installTrust} act={() => ask({ action: 'install' })} />
        </>
      )}
    </Group>
  )
}

/** Trust stores that still contain a replaced root, with the two remedies. */
function EarlierRoots({ stores, ask }: { stores: TrustStoreView[]; ask: (asked: PlannedAct) => void }) {
  const { t } = useTranslation('trust')
  const stale = stores.filter(({ state }) => state === 'stale')
  if (stale.length === 0) return null
  const names = stale.map(({ title }) => title).join(', ')
  return (
    <Section title={t('earlier.title')}>
      <p className="flush">{t('earlier.text', { stores: names })}</p>
      <Group gap="xs" mt="sm">
        <ActionButton action={replaceRoots} variant="default" act={() => ask({ action: 'install' })} />
        <ActionButton
          action={takeRootsOut}
          variant="default"
          act={() => ask({ action: 'undo', keepsNames: true })}
        />
      </Group>
    </Section>
  )
}
