import { Button, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { acmeChallengePath, redirectPolicySchema } from '../../../../contract/domains/policies.ts'

/** Validation error of the paths; null if valid. */
export function exceptionsFault(except: string[]): string | null {
  const parsed = redirectPolicySchema.safeParse({ except })
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? '')
}

export function ExceptionsField(props: { value: string[]; onChange: (value: string[]) => void }) {
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
