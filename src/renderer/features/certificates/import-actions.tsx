import { Group } from '@mantine/core'
import { useLocation } from 'wouter'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { importCertificate, importFolder, openCalendar } from './actions.ts'
import { calendarPath, importManyPath, importPath } from './paths.ts'

/** The two ways to bring certificates into the vault: one with its key, or a folder of them; and their calendar. */
export function ImportActions() {
  const [, navigate] = useLocation()
  return (
    <Group gap={8} justify="center">
      <ActionButton action={openCalendar} variant="default" act={() => navigate(calendarPath)} />
      <ActionButton action={importFolder} variant="default" act={() => navigate(importManyPath)} />
      <ActionButton action={importCertificate} act={() => navigate(importPath)} />
    </Group>
  )
}
