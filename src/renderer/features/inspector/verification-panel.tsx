import { Button, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { EdgekeepError } from '../../../contract/errors.ts'
import { PassphrasePrompt } from '../../ui/staging/passphrase-prompt.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/states.tsx'
import { useSlow } from '../../ui/use-slow.ts'
import type { Inspector } from './inspector.ts'
import type { Question } from './inspector-state.ts'
import { localInputOf, timeOfLocalInput } from './local-time.ts'
import classes from './verification.module.css'
import { VerificationResult } from './verification-result.tsx'

/** Holds the certificate against a name and a date, and explains the answer. */
export function VerificationPanel({ inspector }: { inspector: Inspector }) {
  const verification = useStore(inspector.store, (state) => state.verification)
  const selected = useStore(inspector.store, (state) => state.selected)
  const { about, question, busy, result, problem } = verification
  useEffect(() => {
    // Another piece is looked at than the answer is about.
    if (about !== selected) void inspector.verify(question)
  }, [about, selected, question, inspector])
  return (
    <>
      <QuestionForm inspector={inspector} />
      {problem ? <Problem inspector={inspector} problem={problem} question={question} /> : null}
      {result ? <VerificationResult verification={result} host={question.host} /> : null}
      {busy && !result ? <LoadingRows rows={4} height={40} /> : null}
    </>
  )
}

/** The findings show a certificate, so that none is met now means that it lies in a locked archive. */
function Problem(props: { inspector: Inspector; problem: EdgekeepError; question: Question }) {
  const { t } = useTranslation('inspector')
  const { inspector, problem, question } = props
  if (problem.code !== 'certificate.missing') return <ErrorPanel error={problem} />
  return (
    <>
      <p className={classes.locked}>{t('verify.locked')}</p>
      <PassphrasePrompt
        what={t('verify.archive')}
        busy={false}
        onUnlock={(passphrase) => void inspector.verify(question, passphrase)}
      />
    </>
  )
}

function QuestionForm({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const { question } = inspector.store.getState().verification
  const slow = useSlow(useStore(inspector.store, (state) => state.verification.busy))
  const [host, setHost] = useState(question.host ?? '')
  const [at, setAt] = useState(localInputOf(question.at))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void inspector.verify({ host: host.trim() || null, at: timeOfLocalInput(at) })
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        label={t('verify.host')}
        placeholder={t('verify.hostPlaceholder')}
        value={host}
        maxLength={255}
        spellCheck={false}
        onChange={(event) => setHost(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t('verify.at')}
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={slow}>
        {t('verify.run')}
      </Button>
    </form>
  )
}
