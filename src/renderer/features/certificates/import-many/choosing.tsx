import { Button, Checkbox, PasswordInput, Stack } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { DropZone } from '../../../ui/forms/drop-zone.tsx'
import { FolderButton, withFolders } from '../../../ui/forms/folder-button.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import type { ImportRun } from './import-run.ts'
import classes from '../certificate-drawer.module.css'
import { takePassphrase } from '../../../ui/forms/take-passphrase.ts'
import { refuseTooLarge } from '../../../ui/forms/transferred-files.ts'
import { EdgekeepError } from '../../../../contract/errors/registry.ts'
import { SubmitForm, CancelButton } from '../../../ui/forms/dialog.tsx'

/** Files and strictness of an import. The passphrase is read from its field on submit, then cleared. */
export function Choosing({ run, onClose }: { run: ImportRun; onClose: () => void }) {
  const { t } = useTranslation(['certificates', 'intake'])
  const [files, setFiles] = useState<File[]>([])
  const [problem, setProblem] = useState<unknown>(null)
  const [allOrNothing, setAllOrNothing] = useState(false)
  const passphrase = useRef<HTMLInputElement>(null)
  const give = (more: File[]) => {
    const all = [...files, ...withFolders(more)]
    try {
      refuseTooMany(all)
      setFiles(all)
      setProblem(null)
    } catch (error) {
      setProblem(error)
    }
  }
  const submit = () => {
    void run.start({ files, allOrNothing, ...takePassphrase(passphrase.current) })
  }
  return (
    <SubmitForm onSubmit={submit}>
      <Stack gap="md">
        <DropZone
          label={t('many.drop')}
          text={files.length > 0 ? t('many.chosen', { count: files.length }) : t('many.dropText')}
          hint={t('many.dropHint')}
          compact={files.length > 0}
          onFiles={give}
        />
        <div className="row gap-8">
          <FolderButton label={t('many.folder')} onFiles={give} />
          {files.length > 0 ? (
            <Button variant="subtle" color="gray" onClick={() => setFiles([])}>
              {t('intake:startOver')}
            </Button>
          ) : null}
        </div>
        {problem ? <ErrorPanel error={problem} /> : null}
        <Checkbox
          label={t('many.allOrNothing')}
          description={t('many.allOrNothingText')}
          checked={allOrNothing}
          onChange={(event) => setAllOrNothing(event.currentTarget.checked)}
        />
        <PasswordInput
          ref={passphrase}
          className={classes.passphrase}
          label={t('many.passphrase')}
          description={t('many.passphraseText')}
          autoComplete="off"
        />
        <div className="row at-end gap-8">
          <span className="dim text-xs pretty fill" id="many-reason">
            {files.length === 0 ? t('many.choose') : t('import.ready')}
          </span>
          <CancelButton onClick={onClose} />
          <ChangeButton type="submit" disabled={files.length === 0} aria-describedby="many-reason">
            {t('many.do', { count: files.length })}
          </ChangeButton>
        </div>
      </Stack>
    </SubmitForm>
  )
}

/** Limit of the engine for one import. */
const mostFiles = 5000

/** @throws `input.too_large` or `input.invalid` beyond the engine's limits */
function refuseTooMany(files: readonly File[]): void {
  refuseTooLarge(files)
  if (files.length <= mostFiles) return
  const reason = `These are ${files.length} files; ${mostFiles} are taken at once. Give a part of them.`
  throw new EdgekeepError('input.invalid', { reason })
}
