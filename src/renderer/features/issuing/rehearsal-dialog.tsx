import { Group, NumberInput, Select, Stack, Switch, Text, ActionIcon, Button, Fieldset } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  rehearsalPlanSchema,
  type RehearsalSpell,
  spellKinds,
  usualSpells,
} from '../../../contract/acme/acme-rehearsal.ts'
import { useCall } from '../../ui/feedback/feedback.tsx'
import { FormDialog } from './dialog-fields.tsx'
import { IconX } from '@tabler/icons-react'

const profiles = ['classic', 'shortlived'] as const
const usual = rehearsalPlanSchema.parse({})
const msPerSecond = 1000

export function RehearsalDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('issuing')
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
  const send = async () => {
    if (!plan.success) return
    if (await call.run((client) => client.acmeServer.rehearse(plan.data))) onClose()
  }
  return (
    <FormDialog
      title={t('rehearsal.plan')}
      size="lg"
      submitLabel={t('rehearsal.do')}
      call={call}
      onSubmit={send}
      onClose={onClose}
    >
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
    </FormDialog>
  )
}

function minutesOf(ms: number): number {
  return Math.max(0.1, Math.round(ms / 6_000) / 10)
}

/** Simulated faults of a rehearsal, each with its first and last day. */
function SpellFields(props: { spells: RehearsalSpell[]; onChange: (spells: RehearsalSpell[]) => void }) {
  const { t } = useTranslation('issuing')
  const { spells, onChange } = props
  return (
    <Fieldset legend={t('rehearsal.spells')}>
      <Stack gap="xs">
        {spells.length === 0 ? <Text size="sm">{t('rehearsal.noSpells')}</Text> : null}
        {spells.map((spell, at) => (
          <SpellRow
            key={at}
            spell={spell}
            number={at + 1}
            onChange={(changed) => onChange(spells.with(at, changed))}
            onRemove={() => onChange(spells.toSpliced(at, 1))}
          />
        ))}
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            onClick={() => onChange([...spells, { what: 'unavailable', from: 10, to: 12 }])}
          >
            {t('dns.do')}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => onChange(usualSpells)}>
            {t('rehearsal.usualSpells')}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => onChange([])}>
            {t('rehearsal.calm')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}

function SpellRow(props: {
  spell: RehearsalSpell
  number: number
  onChange: (spell: RehearsalSpell) => void
  onRemove: () => void
}) {
  const { t } = useTranslation('issuing')
  const { spell, number, onChange, onRemove } = props
  const day = (side: 'from' | 'to') => (
    <NumberInput
      w={84}
      size="xs"
      aria-label={t(`rehearsal.${side}Day`, { number })}
      min={0}
      max={1000}
      hideControls
      error={side === 'to' && spell.to <= spell.from}
      value={spell[side]}
      onChange={(value) => typeof value === 'number' && onChange({ ...spell, [side]: value })}
    />
  )
  return (
    <Group gap="xs" wrap="nowrap">
      <Select
        size="xs"
        flex={1}
        aria-label={t('rehearsal.spell', { number })}
        allowDeselect={false}
        value={spell.what}
        onChange={(value) =>
          onChange({ ...spell, what: spellKinds.find((kind) => kind === value) ?? spell.what })
        }
        data={spellKinds.map((value) => ({ value, label: t(`rehearsal.kinds.${value}`) }))}
      />
      {day('from')}
      <span aria-hidden>–</span>
      {day('to')}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('rehearsal.removeSpell', { number })}
        onClick={onRemove}
      >
        <IconX size={15} aria-hidden />
      </ActionIcon>
    </Group>
  )
}
