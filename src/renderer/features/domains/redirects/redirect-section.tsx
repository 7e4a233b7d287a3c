import { Group, Radio, Select, Stack, Button, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain, Redirect } from '../../../../contract/domains/domains.ts'
import { notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import classes from '../domain-page.module.css'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { useDraft } from '../drafts/use-policy.ts'
import { acmeChallengePath, redirectPolicySchema } from '../../../../contract/domains/policies.ts'

const modes = ['none', 'https', 'http'] as const
const codes = [301, 302, 307, 308] as const

/** Redirect and its excluded paths, edited as one draft. */
type RedirectDraft = Redirect & { except: string[] }

function redirectOf({ redirect, policies }: Domain): RedirectDraft {
  return { ...redirect, except: policies.redirect.except }
}

export function RedirectSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const call = useCall()
  const inEffect = redirectOf(domain)
  const draft = useDraft(domain.name, 'redirect', inEffect)
  const { except, ...wanted } = draft.value
  const setRedirect = (redirect: Redirect) => draft.change({ ...redirect, except })
  const off = domain.https.state === 'off'
  const save = async () => {
    const { except: exceptBefore, ...read } = draft.base
    const policies =
      except.join() === inEffect.except.join()
        ? {}
        : { policy: { except }, readPolicy: { except: exceptBefore } }
    const done = await call.run((client) =>
      client.domains.setRedirect({ domain: domain.name, redirect: wanted, read, ...policies }),
    )
    if (!done) return
    draft.saved(draft.value, redirectOf(done.domain))
    notifyDone(t('redirect.done'))
  }
  return (
    <Section title={t('redirect.title')} description={t('redirect.text')}>
      <Radio.Group
        aria-label={t('redirect.title')}
        value={wanted.mode}
        onChange={(mode) => setRedirect({ ...wanted, mode: modes.find((one) => one === mode) ?? 'none' })}
      >
        <Stack gap={10}>
          {modes.map((mode) => (
            <Radio
              key={mode}
              value={mode}
              label={t(`redirect.${mode}`)}
              description={t(`redirect.${mode}Text`)}
              disabled={off && mode !== 'none'}
            />
          ))}
        </Stack>
      </Radio.Group>
      {off ? (
        <p className={classes.after}>{t('redirect.off')}</p>
      ) : (
        <CodeChoice wanted={wanted} onChange={setRedirect} />
      )}
      {wanted.mode === 'none' ? null : (
        <ExceptionsField value={except} onChange={(next) => draft.change({ ...wanted, except: next })} />
      )}
      {off ? null : (
        <DraftFooter
          draft={draft}
          call={call}
          save={t('redirect.save')}
          disabled={exceptionsFault(except) !== null}
          onSave={() => void save()}
        />
      )}
    </Section>
  )
}

/** Status code, with its caching by browsers (RFC 9110, section 15.4). */
function CodeChoice({ wanted, onChange }: { wanted: Redirect; onChange: (redirect: Redirect) => void }) {
  const { t } = useTranslation('domains')
  const { code, mode } = wanted
  const remembered = code === 301 || code === 308
  const note = [
    t(remembered ? 'redirect.permanent' : 'redirect.temporary', { code }),
    t(code === 307 || code === 308 ? 'redirect.keepsMethod' : 'redirect.losesMethod'),
  ].join(' ')
  return (
    <Group align="flex-start" gap="md" mt={14} wrap="nowrap">
      <Select
        label={t('redirect.code')}
        w={230}
        flex="none"
        allowDeselect={false}
        disabled={mode === 'none'}
        data={codes.map((one) => ({ value: String(one), label: t(`redirect.code${one}`) }))}
        value={String(code)}
        onChange={(value) => onChange({ mode, code: codes.find((one) => String(one) === value) ?? code })}
      />
      <p className={classes.codeNote}>{mode === 'none' ? null : note}</p>
    </Group>
  )
}

/** Validation error of the paths; null if valid. */
function exceptionsFault(except: string[]): string | null {
  const parsed = redirectPolicySchema.safeParse({ except })
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? '')
}

function ExceptionsField(props: { value: string[]; onChange: (value: string[]) => void }) {
  const { t } = useTranslation('policies')
  const { value, onChange } = props
  return (
    <div>
      <TagsInput
        mt={14}
        label={t('exceptions.label')}
        description={t('exceptions.text')}
        placeholder={value.length === 0 ? t('exceptions.placeholder') : undefined}
        maxTags={50}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        value={value}
        onChange={onChange}
        error={exceptionsFault(value)}
      />
      {value.includes(acmeChallengePath) ? null : (
        <Button
          variant="subtle"
          size="compact-xs"
          mt={6}
          onClick={() => onChange([...value, acmeChallengePath])}
        >
          {t('exceptions.acme', { path: acmeChallengePath })}
        </Button>
      )}
    </div>
  )
}
