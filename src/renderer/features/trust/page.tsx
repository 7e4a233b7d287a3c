import { Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
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
import { NamesSection } from './names-section.tsx'
import { PageDialog } from './page-dialog.tsx'
import { TrustPlanDialog, type PlannedAct } from './plan-dialog.tsx'
import { useTrust, type Trust } from './use-trust.ts'
import type { TrustStoreView } from '../../../contract/trust/trust.ts'

export function Page() {
  const { t } = useTranslation(['trust', 'app'])
  const trust = useTrust()
  const [asked, setAsked] = useState<PlannedAct | null>(null)
  const [isPageOpen, setPageOpen] = useState(false)
  const { atlas, call } = trust
  return (
    <PageLayout
      title={t('app:sections.trust')}
      description={t('description')}
      actions={<Actions trust={trust} ask={setAsked} />}
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
                onAsk={(action) => setAsked({ action, clients: [client.id] })}
              />
            ))}
          </ul>
        </Section>
      ) : call.error ? null : (
        <LoadingRows rows={6} height={56} />
      )}
      {atlas ? <NamesSection names={trust.names} call={trust.namesCall} ask={setAsked} /> : null}
      {atlas ? <EarlierRoots stores={atlas.stores} ask={setAsked} /> : null}
      {atlas ? (
        <AuthoritySection
          authority={trust.authority}
          heldBy={atlas.stores.filter(({ undoable }) => undoable).map(({ title }) => title)}
          changed={() => void trust.read()}
        />
      ) : null}
      {isPageOpen ? (
        <PageDialog
          onClose={() => {
            setPageOpen(false)
            void trust.read()
          }}
        />
      ) : null}
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
