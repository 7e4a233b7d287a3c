import { ActionIcon, Button, Fieldset, Group, NumberInput, Select, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { type RehearsalSpell, spellKinds, usualSpells } from '../../../contract/acme/acme-rehearsal.ts'

/** Simulated faults of a rehearsal, each with its first and last day. */
export function SpellFields(props: {
  spells: RehearsalSpell[]
  onChange: (spells: RehearsalSpell[]) => void
}) {
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
            {t('rehearsal.addSpell')}
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
