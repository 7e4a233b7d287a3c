import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconCertificate, IconSearch, IconWorld } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { formatOrigin } from '../../domain/origin-text.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { namesInShort } from '../ui/lists/names-in-short.ts'
import { useCertificates, useDomains } from '../connection/engine-context.tsx'
import { labelSpaces } from '../ui/actions/action.ts'
import { ActionKey } from '../ui/actions/action-button.tsx'
import { awaitOffer, offerOf, useOffers } from '../ui/actions/offers.ts'
import { useHindrances } from '../ui/primitives/change-controls.tsx'
import { actions, globalActions } from './actions.ts'
import { sections } from './sections.ts'

/** Command palette (Ctrl-K or ⌘K) for sections, domains, certificates and commands. */
export function CommandPalette() {
  const { t } = useTranslation()
  const chosen = useRef<(() => void) | null>(null)
  const run = () => {
    const act = chosen.current
    chosen.current = null
    act?.()
  }
  return (
    <Spotlight
      actions={usePaletteActions((act) => () => (chosen.current = act))}
      // Runs the choice after the palette has closed and restored the focus, so that the choice may move it.
      transitionProps={{ onExited: run }}
      attributes={{ content: { 'aria-label': t('search.label') } }}
      shortcut={['mod + K']}
      // Also opens while a text field has the focus.
      tagsToIgnore={[]}
      nothingFound={t('search.none')}
      highlightQuery
      scrollable
      overlayProps={{ backgroundOpacity: 0.5 }}
      maxHeight={420}
      // More than all commands; domains and certificates follow, which are found by typing.
      limit={100}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.7} />,
        placeholder: t('search.placeholder'),
        'aria-label': t('search.label'),
      }}
    />
  )
}

/** Returns the handler of an entry: closes the palette, then runs `act`. */
type Choose = (act: () => void) => () => void

function usePaletteActions(choose: Choose): SpotlightActionGroupData[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const domains = useDomains((state) => state.items)
  const certificates = useCertificates((state) => state.items)
  const { here, elsewhere } = useCommands(choose)
  return [
    { group: t('palette.here'), actions: here },
    {
      group: t('palette.go'),
      actions: sections.map(({ id, path, icon: Icon }) => ({
        id: `section:${id}`,
        label: t('palette.goTo', { section: t(`sections.${id}`) }),
        leftSection: <Icon size={18} stroke={1.7} />,
        onClick: choose(() => navigate(path)),
      })),
    },
    { group: t('palette.commands'), actions: elsewhere },
    {
      group: t('sections.domains'),
      actions: domains.map((domain) => ({
        id: `domain:${domain.name}`,
        label: domain.displayName,
        keywords: [domain.name, formatOrigin(domain.origin)],
        leftSection: <IconWorld size={18} stroke={1.7} />,
        onClick: choose(() => navigate(`/domains/${encodeURIComponent(domain.name)}`)),
      })),
    },
    {
      group: t('sections.certificates'),
      actions: certificates.map((certificate) => ({
        id: `certificate:${certificate.id}`,
        label: certificate.name,
        description: namesInShort(certificate.dnsNames, 3),
        keywords: [
          certificate.fingerprintSha256,
          certificate.issuer,
          ...certificate.dnsNames,
          ...certificate.dnsNames.map(readableName),
        ],
        leftSection: <IconCertificate size={18} stroke={1.7} />,
        onClick: choose(() => navigate(`/certificates/${encodeURIComponent(certificate.id)}`)),
      })),
    },
  ].filter((group) => group.actions.length > 0)
}

/** Every command: run in place if this page offers it, else after navigating to its page. */
function useCommands(choose: Choose) {
  const { t } = useTranslation(labelSpaces)
  const [location, navigate] = useLocation()
  const offered = useOffers((state) => state.offered)
  const hindranceOf = useHindrances()
  const commands = actions.flatMap((action) => {
    const mine = offerOf(offered, action)
    const { page } = action
    if (mine?.disabled || hindranceOf(action) !== null || (!mine && !page)) return []
    const act = () => (mine ? mine.act() : awaitOffer(action, () => navigate(page ?? location)))
    const entry = {
      id: action.id,
      label: mine?.label ?? t(action.label),
      description: t(action.about),
      leftSection: <action.icon size={18} stroke={1.7} />,
      rightSection: action.key ? <ActionKey name={action.key} /> : undefined,
      onClick: choose(act),
    }
    return [{ entry, isHere: mine !== undefined && !globalActions.includes(action) }]
  })
  const those = (here: boolean) => commands.filter(({ isHere }) => isHere === here).map(({ entry }) => entry)
  return { here: those(true), elsewhere: those(false) }
}
