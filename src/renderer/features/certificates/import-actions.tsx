import { Button, Group } from '@mantine/core'
import { IconFolders, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ChangeButton } from '../../ui/change-button.tsx'
import { useLocked } from '../../ui/use-locked.ts'
import { importManyPath, importPath } from './paths.ts'

const ways = [
  { id: 'many', path: importManyPath, Icon: IconFolders, variant: 'default' },
  { id: 'import', path: importPath, Icon: IconPlus, variant: 'filled' },
] as const

/** The two ways to bring certificates into the vault: one with its key, or a folder of them. */
export function ImportActions() {
  const { t } = useTranslation('certificates')
  const locked = useLocked() !== null
  return (
    <Group gap={8} justify="center">
      {ways.map(({ id, path, Icon, variant }) => {
        const look = { variant, leftSection: <Icon size={15} /> }
        return locked ? (
          <ChangeButton key={id} {...look}>
            {t(`${id}.open`)}
          </ChangeButton>
        ) : (
          <Button key={id} {...look} component={Link} href={path}>
            {t(`${id}.open`)}
          </Button>
        )
      })}
    </Group>
  )
}
