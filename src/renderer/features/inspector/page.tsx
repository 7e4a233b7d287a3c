import { Button, FileButton } from '@mantine/core'
import { IconEraser, IconFolderOpen } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useClient } from '../../engine/engine-context.tsx'
import { useDroppedFiles } from '../../ui/dropped-files.ts'
import { PageLayout } from '../../ui/page-layout.tsx'
import { ErrorPanel } from '../../ui/states.tsx'
import { useSlow } from '../../ui/use-slow.ts'
import { Findings } from './findings.tsx'
import type { Inspector } from './inspector.ts'
import { NothingGiven } from './nothing-given.tsx'
import { usePagePaste } from './use-page-paste.ts'
import { inspectorOf } from './window-inspector.ts'

/** Reads whatever is dropped or pasted and says what it is and what is wrong with it. Nothing is stored. */
export function Page() {
  const { t } = useTranslation('inspector')
  const inspector = inspectorOf(useClient())
  const read = useStore(inspector.store, (state) => state.report !== null)
  const problem = useStore(inspector.store, (state) => state.problem)
  useWindowDrops(inspector)
  usePagePaste(t('pastedName'), inspector.give)
  return (
    <PageLayout
      title={t('title')}
      description={t('description')}
      actions={read ? <Actions inspector={inspector} /> : null}
    >
      {problem ? <ErrorPanel error={problem} /> : null}
      {read ? <Findings inspector={inspector} /> : <NothingGiven inspector={inspector} />}
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

function Actions({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const slow = useSlow(useStore(inspector.store, (state) => state.busy === 'reading'))
  return (
    <>
      <FileButton multiple onChange={(files) => void inspector.give(files)}>
        {(props) => (
          <Button variant="default" leftSection={<IconFolderOpen size={15} />} loading={slow} {...props}>
            {t('add')}
          </Button>
        )}
      </FileButton>
      <Button variant="default" leftSection={<IconEraser size={15} />} onClick={inspector.clear}>
        {t('clear')}
      </Button>
    </>
  )
}
