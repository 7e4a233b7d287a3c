import { Button, FileButton } from '@mantine/core'
import { IconEraser, IconFolderOpen, IconWorldSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useClient } from '../../engine/engine-context.tsx'
import { useDroppedFiles } from '../../ui/dropped-files.ts'
import { useFocusBack } from '../../ui/focus.ts'
import { PageLayout } from '../../ui/page-layout.tsx'
import { ErrorPanel } from '../../ui/states.tsx'
import { useSlow } from '../../ui/use-slow.ts'
import { Findings } from './findings.tsx'
import type { Inspector } from './inspector.ts'
import { NothingGiven } from './nothing-given.tsx'
import { RemoteDialog } from './remote/remote-dialog.tsx'
import { ReportMenu } from './report-menu.tsx'
import { usePagePaste } from './use-page-paste.ts'
import { inspectorOf } from './window-inspector.ts'

/** Reads whatever is dropped or pasted and says what it is and what is wrong with it. Nothing is stored. */
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

/** Takes what was dropped anywhere in the window. */
function useWindowDrops(inspector: Inspector): void {
  const waiting = useDroppedFiles((state) => state.files)
  const take = useDroppedFiles((state) => state.take)
  useEffect(() => {
    if (waiting.length > 0) void inspector.give(take())
  }, [waiting, take, inspector])
}

function Actions(props: { inspector: Inspector; read: boolean; onServer: () => void }) {
  const { t } = useTranslation('inspector')
  const { inspector, read } = props
  const clear = () => {
    flushSync(inspector.clear)
    // This button is gone: on to the one that gives files.
    document.querySelector<HTMLElement>('#page [data-drop-zone] button')?.focus()
  }
  return (
    <>
      <Button variant="default" leftSection={<IconWorldSearch size={15} />} onClick={props.onServer}>
        {t('remote.open')}
      </Button>
      {read ? (
        <>
          <ReportMenu inspector={inspector} />
          <AddFiles inspector={inspector} />
          <Button variant="default" leftSection={<IconEraser size={15} />} onClick={clear}>
            {t('clear')}
          </Button>
        </>
      ) : null}
    </>
  )
}

function AddFiles({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const slow = useSlow(useStore(inspector.store, (state) => state.busy === 'reading'))
  const button = useFocusBack(slow)
  return (
    <FileButton multiple onChange={(files) => void inspector.give(files)}>
      {(props) => (
        <Button
          ref={button}
          variant="default"
          leftSection={<IconFolderOpen size={15} />}
          loading={slow}
          {...props}
        >
          {t('add')}
        </Button>
      )}
    </FileButton>
  )
}
