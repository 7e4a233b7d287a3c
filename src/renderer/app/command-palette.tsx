import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import {
  IconCertificate,
  IconDeviceFloppy,
  IconHelp,
  IconLock,
  IconMoon,
  IconPlus,
  IconSearch,
  IconWorld,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { asEdgekeepError } from '../../client/client.ts'
import { formatOrigin } from '../../contract/rules/origin-text.ts'
import { useCertificates, useClient, useDomains, useEngineStatus } from '../engine/engine-context.tsx'
import { notifyDone } from '../ui/notify.ts'
import { openGuide } from './open-guide.ts'
import { sections } from './sections.ts'

/** Ctrl-K or ⌘K: every section, domain, certificate and command by name. */
export function CommandPalette() {
  const { t } = useTranslation()
  return (
    <Spotlight
      actions={usePaletteActions()}
      attributes={{ content: { 'aria-label': t('search.label') } }}
      shortcut={['mod + K']}
      // It opens from inside a field too.
      tagsToIgnore={[]}
      nothingFound={t('search.none')}
      highlightQuery
      scrollable
      overlayProps={{ backgroundOpacity: 0.5, blur: 1 }}
      maxHeight={420}
      limit={40}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.7} />,
        placeholder: t('search.placeholder'),
        'aria-label': t('search.label'),
      }}
    />
  )
}

function usePaletteActions(): SpotlightActionGroupData[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const domains = useDomains((state) => state.items)
  const certificates = useCertificates((state) => state.items)
  const commands = useCommands()
  return [
    {
      group: t('palette.domains'),
      actions: domains.map((domain) => ({
        id: `domain:${domain.name}`,
        label: domain.displayName,
        keywords: [domain.name, formatOrigin(domain.origin)],
        leftSection: <IconWorld size={18} stroke={1.7} />,
        onClick: () => navigate(`/domains/${encodeURIComponent(domain.name)}`),
      })),
    },
    {
      group: t('palette.certificates'),
      actions: certificates.map((certificate) => ({
        id: `certificate:${certificate.id}`,
        label: certificate.name,
        description: certificate.dnsNames.join(', '),
        keywords: [certificate.fingerprintSha256, certificate.issuer],
        leftSection: <IconCertificate size={18} stroke={1.7} />,
        onClick: () => navigate(`/certificates/${encodeURIComponent(certificate.id)}`),
      })),
    },
    {
      group: t('palette.go'),
      actions: sections.map(({ id, path, icon: Icon }) => ({
        id: `section:${id}`,
        label: t('palette.goTo', { section: t(`sections.${id}`) }),
        leftSection: <Icon size={18} stroke={1.7} />,
        onClick: () => navigate(path),
      })),
    },
    { group: t('palette.commands'), actions: commands },
  ].filter((group) => group.actions.length > 0)
}

function useCommands(): SpotlightActionGroupData['actions'] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const scheme = useComputedColorScheme('light')
  const { setColorScheme } = useMantineColorScheme()
  const vaultCommands = useVaultCommands()
  return [
    {
      id: 'command:add-domain',
      label: t('palette.addDomain'),
      leftSection: <IconPlus size={18} stroke={1.7} />,
      onClick: () => navigate('/domains/+'),
    },
    ...vaultCommands,
    {
      id: 'command:guide',
      label: t('palette.guide'),
      leftSection: <IconHelp size={18} stroke={1.7} />,
      onClick: openGuide,
    },
    {
      id: 'command:theme',
      label: t('palette.theme'),
      leftSection: <IconMoon size={18} stroke={1.7} />,
      onClick: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark'),
    },
  ]
}

function useVaultCommands(): SpotlightActionGroupData['actions'] {
  const { t } = useTranslation(['app', 'vault'])
  const [, navigate] = useLocation()
  const client = useClient()
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? false)
  if (locked) return []
  const lock = () => {
    client.vault.lock().then(
      () => notifyDone(t('vault:locked')),
      (error: unknown) => notifyDone(asEdgekeepError(error).message),
    )
  }
  return [
    {
      id: 'command:lock',
      label: t('palette.lock'),
      leftSection: <IconLock size={18} stroke={1.7} />,
      onClick: lock,
    },
    {
      id: 'command:back-up',
      label: t('palette.backUp'),
      leftSection: <IconDeviceFloppy size={18} stroke={1.7} />,
      onClick: () => navigate('/settings/backup'),
    },
  ]
}
