import { FileButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { useDroppedFiles } from '../../ui/forms/file-handoff.ts'
import { useFocusBack } from '../../ui/primitives/focus.ts'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useSlow } from '../../ui/feedback/feedback.tsx'
import { addFiles, askServer, clearInspector } from './actions.ts'
import { Findings } from './findings.tsx'
import { type Inspector, createInspector } from './inspector.ts'
import { NothingGiven } from './nothing-given.tsx'
import { RemoteDialog } from './remote/remote-dialog.tsx'
import { ReportMenu } from './report-menu.tsx'
import { usePagePaste } from './use-page-paste.ts'
import type { Client } from '../../../client/client.ts'
import { packingCalls } from './calls.ts'

/** Parses and explains dropped or pasted files. Stores nothing. */
export function Page() {
  const { t } = useTranslation('inspector')
  const inspector = inspectorOf(useClient())
  const read = useStore(inspector.store, (state) => state.report !== null)
  const problem = useStore(inspector.store, (state) => state.problem)
  const [asking, setAsking] = useState(false)
  useWindowDrops(inspector)
  usePagePaste(t('pastedName'), inspector.give)
  return (
    <PageLayout
      title={t('title')}
      description={t('description')}
      actions={<Actions inspector={inspector} read={read} onServer={() => setAsking(true)} />}
    >
      {problem ? <ErrorPanel error={problem} /> : null}
      {read ? <Findings inspector={inspector} /> : <NothingGiven inspector={inspector} />}
      <RemoteDialog opened={asking} inspector={inspector} onClose={() => setAsking(false)} />
    </PageLayout>
  )
}

function useWindowDrops(inspector: Inspector): void {
  const waiting = useDroppedFiles((state) => state.files)
  const take = useDroppedFiles((state) => state.take)
  useEffect(() => {
    if (waiting.length > 0) void inspector.give(take())
  }, [waiting, take, inspector])
}

function Actions(props: { inspector: Inspector; read: boolean; onServer: () => void }) {
  const { inspector, read } = props
  const clear = () => {
    flushSync(inspector.clear)
    // This button is unmounted, so focus moves to the drop zone's button.
    document.querySelector<HTMLElement>('#page [data-drop-zone] button')?.focus()
  }
  return (
    <>
      <ActionButton action={askServer} variant="default" act={props.onServer} />
      {read ? (
        <>
          <ReportMenu inspector={inspector} />
          <AddFiles inspector={inspector} />
          <ActionButton action={clearInspector} variant="default" act={clear} />
        </>
      ) : null}
    </>
  )
}

function AddFiles({ inspector }: { inspector: Inspector }) {
  const slow = useSlow(useStore(inspector.store, (state) => state.busy === 'reading'))
  const button = useFocusBack(slow)
  return (
    <FileButton multiple onChange={(files) => void inspector.give(files)}>
      {({ onClick }) => (
        <ActionButton ref={button} action={addFiles} variant="default" busy={slow} act={onClick} />
      )}
    </FileButton>
  )
}

const inspectors = new WeakMap<Client, Inspector>()

/** The window's only inspector, kept while other pages are open. */
function inspectorOf(client: Client): Inspector {
  const known = inspectors.get(client)
  if (known) return known
  const inspector = createInspector(packingCalls(client.inspect))
  inspectors.set(client, inspector)
  return inspector
}
