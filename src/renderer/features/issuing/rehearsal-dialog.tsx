import { Group, Modal, NumberInput, Select, Stack, Switch, Text } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { rehearsalPlanSchema } from '../../../contract/acme/acme-rehearsal.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { DialogButtons } from './dialog-fields.tsx'
import { SpellFields } from './rehearsal-spell-fields.tsx'

const profiles = ['classic', 'shortlived'] as const
const usual = rehearsalPlanSchema.parse({})
const msPerSecond = 1000

export function RehearsalDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('issuing')
  const client = useClient()
  const call = useCall()
  const [days, setDays] = useState<number | string>(usual.days)
  const [daySeconds, setDaySeconds] = useState<number | string>(usual.dayMs / msPerSecond)
  const [profile, setProfile] = useState(usual.profile)
  const [limits, setLimits] = useState(usual.limits)
  const [spells, setSpells] = useState(usual.spells)
  const plan = rehearsalPlanSchema.safeParse({
    days,
    dayMs: typeof daySeconds === 'number' ? Math.round(daySeconds * msPerSecond) : null,
    profile,
    limits,
    spells,
  })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!plan.success) return
    if (await call.run(() => client.acmeServer.rehearse(plan.data))) onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('rehearsal.plan')} size="lg">
      <form onSubmit={(event) => void send(event)}>
        <Stack gap="md">
          <Group gap="md" align="flex-start" grow>
            <NumberInput
              label={t('rehearsal.days')}
              min={1}
              max={1000}
              allowDecimal={false}
              data-autofocus
              value={days}
              onChange={setDays}
            />
            <NumberInput
              label={t('rehearsal.daySeconds')}
              min={0.1}
              max={600}
              step={1}
              decimalScale={1}
              value={daySeconds}
              onChange={setDaySeconds}
            />
          </Group>
          {plan.success ? (
            <Text size="sm">
              {t('rehearsal.takes', { minutes: minutesOf(plan.data.days * plan.data.dayMs) })}
            </Text>
          ) : null}
          <Select
            label={t('rehearsal.profile')}
            description={t('rehearsal.profileText')}
            allowDeselect={false}
            value={profile}
            onChange={(value) => setProfile(profiles.find((each) => each === value) ?? 'classic')}
            data={profiles.map((value) => ({ value, label: t(`rehearsal.profiles.${value}`) }))}
          />
          <Switch
            label={t('rehearsal.limits')}
            description={t('rehearsal.limitsText')}
            checked={limits}
            onChange={({ currentTarget: { checked } }) => setLimits(checked)}
          />
          <SpellFields spells={spells} onChange={setSpells} />
          {plan.success ? null : (
            <Text size="sm" role="alert">
              {t('rehearsal.notPossible')}
            </Text>
          )}
          {call.error ? <ErrorPanel error={call.error} /> : null}
          <DialogButtons label={t('rehearsal.do')} isBusy={call.busy} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}

function minutesOf(ms: number): number {
  return Math.max(0.1, Math.round(ms / 6_000) / 10)
}
