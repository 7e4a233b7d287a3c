import { useTranslation } from 'react-i18next'
import { networkContains } from '../../../../domain/address-network.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'
import type { GivenAccessPolicy } from '../../../../contract/domains/access-policy.ts'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../policies.module.css'
import {
  ActionIcon,
  Button,
  Checkbox,
  PasswordInput,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'

export function AccessSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'access')
  const { value } = draft
  return (
    <Section title={t('access.title')} description={t('access.text')}>
      <AccessFields value={value} onChange={draft.change} />
      <AccessNotes domains={[domain]} value={value} />
      <DraftFooter draft={draft} call={draft.call} onSave={() => void draft.save()} save={t('access.save')} />
    </Section>
  )
}

/** Warnings about surprising effects of an unsaved access policy. */
export function AccessNotes(props: { domains: readonly Domain[]; value: GivenAccessPolicy }) {
  const { t } = useTranslation('policies')
  const cautions = accessCautions(props.domains, props.value)
  if (cautions.length === 0) return null
  return (
    <div className="below-16">
      {cautions.map((caution) => (
        <VerdictRow key={caution} verdict="caution" label={t(`access.caution.${caution}`)} />
      ))}
    </div>
  )
}

function accessCautions(
  domains: readonly Domain[],
  { allow, users }: GivenAccessPolicy,
): ('overHttp' | 'lockedOut' | 'nobody')[] {
  const isSafe = domains.every(({ https, redirect }) => https.state === 'on' && redirect.mode === 'https')
  const hasThisComputer =
    allow === null ||
    allow.some((entry) => networkContains(entry, '127.0.0.1') || networkContains(entry, '::1'))
  return [
    ...(users !== null && !isSafe ? (['overHttp'] as const) : []),
    ...(hasThisComputer ? [] : (['lockedOut'] as const)),
    ...(users?.length === 0 ? (['nobody'] as const) : []),
  ]
}

/** Loopback addresses, added to a new allowlist so that this computer is not locked out. */
const thisComputer = ['127.0.0.0/8', '::1']

interface AccessProps {
  value: GivenAccessPolicy
  onChange: (value: GivenAccessPolicy) => void
}

export function AccessFields({ value, onChange }: AccessProps) {
  return (
    <Stack gap={16}>
      <AddressFields value={value} onChange={onChange} />
      <UserFields value={value} onChange={onChange} />
    </Stack>
  )
}

function AddressFields({ value, onChange }: AccessProps) {
  const { t } = useTranslation('policies')
  const { allow } = value
  return (
    <div>
      <Switch
        label={t('access.addresses')}
        description={t('access.addressesText')}
        checked={allow !== null}
        onChange={(event) => onChange({ ...value, allow: event.currentTarget.checked ? thisComputer : null })}
      />
      {allow === null ? null : (
        <TagsInput
          mt={10}
          label={t('access.allow')}
          description={t('access.allowText')}
          placeholder={t('access.allowPlaceholder')}
          splitChars={[',', ' ']}
          acceptValueOnBlur
          maxTags={200}
          value={allow}
          onChange={(changed) => onChange({ ...value, allow: changed })}
        />
      )}
    </div>
  )
}

function UserFields({ value, onChange }: AccessProps) {
  const { t } = useTranslation('policies')
  const { users } = value
  return (
    <div>
      <Switch
        label={t('access.password')}
        description={t('access.passwordText')}
        checked={users !== null}
        onChange={(event) => onChange({ ...value, users: event.currentTarget.checked ? [] : null })}
      />
      {users === null ? null : (
        <Stack gap={12} mt={12}>
          {users.length === 0 ? null : (
            <ul className={classes.users} aria-label={t('access.users')}>
              {users.map((user) => (
                <li key={user.name}>
                  <span className="wrap semibold">{user.name}</span>
                  <span className={classes.quiet}>
                    {t(user.password ? 'access.newPassword' : 'access.kept')}
                  </span>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('access.removeUser', { name: user.name })}
                    onClick={() => onChange({ ...value, users: users.filter((other) => other !== user) })}
                  >
                    <IconTrash size={15} stroke={1.7} />
                  </ActionIcon>
                </li>
              ))}
            </ul>
          )}
          <NewUser
            onAdd={(user) =>
              onChange({ ...value, users: [...users.filter(({ name }) => name !== user.name), user] })
            }
          />
          <TextInput
            label={t('access.realm')}
            description={t('access.realmText')}
            maxLength={80}
            value={value.realm}
            onChange={(event) => onChange({ ...value, realm: event.currentTarget.value })}
          />
          <Checkbox
            label={t('access.forward')}
            description={t('access.forwardText')}
            checked={value.forwardAuthorization}
            onChange={(event) => onChange({ ...value, forwardAuthorization: event.currentTarget.checked })}
          />
        </Stack>
      )}
    </div>
  )
}

const shortestPassword = 8

function NewUser({ onAdd }: { onAdd: (user: { name: string; password: string }) => void }) {
  const { t } = useTranslation('policies')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const isComplete = name !== '' && !name.includes(':') && password.length >= shortestPassword
  const add = () => {
    onAdd({ name, password })
    setName('')
    setPassword('')
  }
  return (
    <div className={classes.newUser}>
      <TextInput
        label={t('access.userName')}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value.trim())}
      />
      <PasswordInput
        label={t('access.userPassword')}
        autoComplete="new-password"
        maxLength={256}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button
        h={36}
        variant="default"
        leftSection={<IconPlus size={15} />}
        disabled={!isComplete}
        onClick={add}
      >
        {t('access.addUser')}
      </Button>
    </div>
  )
}
