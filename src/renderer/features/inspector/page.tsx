import { FileButton, Menu } from '@mantine/core'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { useDroppedFiles } from '../../ui/forms/file-handoff.ts'
import { useFocusBack } from '../../ui/primitives/focus.ts'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useSlow, notifyFailed } from '../../ui/feedback/feedback.tsx'
import { addFiles, askServer, clearInspector, saveReport } from './actions.ts'
import { Findings } from './findings.tsx'
import { type Inspector, createInspector, type ReportFormat } from './inspector.ts'
import { RemoteDialog } from './remote/remote-dialog.tsx'
import type { Client } from '../../../client/client.ts'
import { DropZone } from '../../ui/forms/drop-zone.tsx'
import { PasteBox } from '../../ui/staging/staging-panel.tsx'
import classes from './inspector.module.css'
import { filesOrText } from '../../ui/forms/transferred-files.ts'
import { downloadText } from '../../ui/primitives/download.ts'

/** Parses and explains dropped or pasted files. Stores nothing. */
export function Page() {
  const { t } = useTranslation(['inspector', 'app'])
  const inspector = inspectorOf(useClient())
  const read = useStore(inspector.store, (state) => state.report !== null)
  const problem = useStore(inspector.store, (state) => state.problem)
  const [asking, setAsking] = useState(false)
  useWindowDrops(inspector)
  usePagePaste(t('pastedName'), inspector.give)
  return (
    <PageLayout
      title={t('app:sections.inspector')}
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
  const inspector = createInspector(client.inspect)
  inspectors.set(client, inspector)
  return inspector
}

const answers = ['what', 'pairs', 'valid', 'fix'] as const

/** Placeholder before any file is added: drop zone and overview of the checks. */
function NothingGiven({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const slow = useSlow(useStore(inspector.store, (state) => state.busy === 'reading'))
  return (
    <div className={classes.start}>
      <div className={classes.startDrop}>
        <DropZone
          label={t('start.label')}
          text={t('start.text')}
          hint={t('start.hint')}
          busy={slow}
          onFiles={(files) => void inspector.give(files)}
        />
      </div>
      <PasteBox
        label={t('start.paste')}
        placeholder="-----BEGIN …"
        pastedName={t('pastedName')}
        rows={3}
        onFiles={inspector.give}
      />
      <p className="dim flush">{t('start.private')}</p>
      <dl className={classes.answers}>
        {answers.map((answer) => (
          <div key={answer}>
            <dt>{t(`start.${answer}.title`)}</dt>
            <dd>{t(`start.${answer}.text`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** Passes pastes outside of input fields to `onFiles` while mounted. */
function usePagePaste(pastedName: string, onFiles: (files: File[]) => unknown): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (!event.clipboardData || isField(event.target)) return
      event.preventDefault()
      void filesOrText(event.clipboardData, pastedName).then(onFiles)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [pastedName, onFiles])
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null
}

const formats: readonly ReportFormat[] = ['html', 'json', 'sarif']

function ReportMenu({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const [busy, setBusy] = useState(false)
  const [opened, setOpened] = useState(false)
  const slow = useSlow(busy)
  const button = useFocusBack(slow)
  const save = async (format: ReportFormat) => {
    setBusy(true)
    try {
      const { fileName, mediaType, text } = await inspector.report(format)
      downloadText(fileName, mediaType, text)
    } catch (error) {
      notifyFailed(t('report.failed'), error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionButton
          ref={button}
          action={saveReport}
          variant="default"
          busy={slow}
          act={() => setOpened(true)}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => void save(format)}>
            {t(`report.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
