import { PasswordInput, Select } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ImportProgram, importPrograms, programTitles } from '../../../../contract/imports/imports.ts'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import { SubmitForm } from '../../../ui/forms/dialog.tsx'
import { DropZone } from '../../../ui/forms/drop-zone.tsx'
import { FolderButton, withFolders } from '../../../ui/forms/folder-button.tsx'
import { refuseTooLarge } from '../../../ui/forms/transferred-files.ts'
import { takePassphrase } from '../../../ui/forms/take-passphrase.ts'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import classes from './move-in.module.css'
import type { Chosen } from './use-move-in.ts'

/** Files of a program at another place. The passphrase is read from its field on submit, then cleared. */
export function ChooseSetup({ busy, onChosen }: { busy: boolean; onChosen: (chosen: Chosen) => void }) {
  const { t } = useTranslation('moveIn')
  const [program, setProgram] = useState<ImportProgram>('nginx')
  const [files, setFiles] = useState<File[]>([])
  const [problem, setProblem] = useState<unknown>(null)
  const passphrase = useRef<HTMLInputElement>(null)
  const give = (chosen: File[]) => {
    try {
      refuseTooLarge(chosen)
      setFiles(withFolders(chosen))
      setProblem(null)
    } catch (error) {
      setProblem(error)
    }
  }
  const submit = () => {
    onChosen({ program, files, ...takePassphrase(passphrase.current) })
  }
  return (
    <Section title={t('choose.title')} description={t('choose.text')}>
      <SubmitForm className="stack gap-12" onSubmit={submit}>
        <Select
          className={classes.field}
          label={t('choose.program')}
          allowDeselect={false}
          value={program}
          onChange={(value) => setProgram(importPrograms.find((each) => each === value) ?? 'nginx')}
          data={importPrograms.map((value) => ({ value, label: programTitles[value] }))}
        />
        <DropZone
          label={t('choose.drop')}
          text={files.length > 0 ? t('choose.chosen', { count: files.length }) : t('choose.dropText')}
          hint={t(`choose.hints.${program}`)}
          compact={files.length > 0}
          onFiles={give}
        />
        {problem ? <ErrorPanel error={problem} /> : null}
        <div className="row wrapping gap-8">
          <FolderButton label={t('choose.folder')} onFiles={give} />
        </div>
        <PasswordInput
          ref={passphrase}
          className={classes.field}
          label={t('choose.passphrase')}
          description={t('choose.passphraseText')}
          autoComplete="off"
        />
        <div className="row at-end gap-8">
          <span className="dim text-xs pretty fill" id="move-in-reason">
            {files.length === 0 ? t('choose.reason') : null}
          </span>
          <ChangeButton
            type="submit"
            variant="default"
            loading={busy}
            disabled={files.length === 0}
            aria-describedby="move-in-reason"
          >
            {t('review')}
          </ChangeButton>
        </div>
      </SubmitForm>
    </Section>
  )
}
