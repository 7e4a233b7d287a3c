import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconCertificate, IconSearch, IconWorld } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { CertificateSummary, Domain } from '../../contract/domains/domains.ts'
import { formatOrigin } from '../../domain/origin-text.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { namesInShort } from '../ui/lists/names-in-short.ts'
import { useCertificates, useDomains } from '../connection/engine-context.tsx'
import { labelSpaces } from '../ui/actions/action.ts'
import { ActionKey } from '../ui/actions/action-button.tsx'
import { awaitOffer, offerOf, useHindrances, useOffers } from '../ui/actions/offers.ts'
import { actions, globalActions } from './actions.ts'
import { sections } from './sections.ts'

/** Entries shown at once: more than all commands, before domains and certificates, which are found by typing. */
const limit = 100

/** Command palette (Ctrl-K or ⌘K) for sections, domains, certificates and commands. */
export function CommandPalette() {
  const { t } = useTranslation()
  const chosen = useRef<(() => void) | null>(null)
  const [isShown, setShown] = useState(false)
  const [query, setQuery] = useState('')
  const exited = () => {
    setShown(false)
    const act = chosen.current
    chosen.current = null
    act?.()
  }
  const choose: Choose = (act) => () => (chosen.current = act)
  const fixed = useFixedEntries(choose)
  const rows = useRowEntries(choose, isShown ? query : null)
  return (
    <Spotlight
      actions={[...fixed, ...rows].filter((group) => group.actions.length > 0)}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => setShown(true)}
      // Runs the choice after the palette has closed and restored the focus, so that the choice may move it.
      transitionProps={{ onExited: exited }}
      attributes={{ content: { 'aria-label': t('search.label') } }}
      shortcut={['mod + K']}
      // Also opens while a text field has the focus.
      tagsToIgnore={[]}
      nothingFound={t('search.none')}
      highlightQuery
      scrollable
      overlayProps={{ backgroundOpacity: 0.5 }}
      maxHeight={420}
      limit={limit}
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

function useFixedEntries(choose: Choose): SpotlightActionGroupData[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
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
  ]
}

const none: readonly never[] = []

/** Domains and certificates found by `query`; none while it is null, when the palette is closed. */
function useRowEntries(choose: Choose, query: string | null): SpotlightActionGroupData[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const domains = useDomains(({ items }) => (query === null ? none : items))
  const certificates = useCertificates(({ items }) => (query === null ? none : items))
  return [
    {
      group: t('sections.domains'),
      actions: firstFound(domains, query ?? '', domainTexts).map((domain) => ({
        id: `domain:${domain.name}`,
        label: domain.displayName,
        keywords: domainTexts.others(domain),
        leftSection: <IconWorld size={18} stroke={1.7} />,
        onClick: choose(() => navigate(`/domains/${encodeURIComponent(domain.name)}`)),
      })),
    },
    {
      group: t('sections.certificates'),
      actions: firstFound(certificates, query ?? '', certificateTexts).map((certificate) => ({
        id: `certificate:${certificate.id}`,
        label: certificate.name,
        description: namesInShort(certificate.dnsNames, 3),
        keywords: certificateTexts.others(certificate),
        leftSection: <IconCertificate size={18} stroke={1.7} />,
        onClick: choose(() => navigate(`/certificates/${encodeURIComponent(certificate.id)}`)),
      })),
    },
  ]
}

interface Texts<Row> {
  label: (row: Row) => string
  others: (row: Row) => string[]
}

const domainTexts: Texts<Domain> = {
  label: ({ displayName }) => displayName,
  others: ({ name, origin }) => [name, formatOrigin(origin)],
}

const certificateTexts: Texts<CertificateSummary> = {
  label: ({ name }) => name,
  others: ({ fingerprintSha256, issuer, dnsNames }) => [
    fingerprintSha256,
    issuer,
    ...dnsNames,
    ...dnsNames.map(readableName),
  ],
}

/** First rows with `query` in their label, then those with it in another text; entries are made of these alone. */
function firstFound<Row>(rows: readonly Row[], query: string, { label, others }: Texts<Row>): Row[] {
  const wanted = query.trim().toLowerCase()
  const found = new Set<Row>()
  const take = (isFound: (row: Row) => boolean) => {
    for (const row of rows) {
      if (found.size === limit) return
      if (isFound(row)) found.add(row)
    }
  }
  take((row) => label(row).toLowerCase().includes(wanted))
  take((row) => others(row).some((text) => text.toLowerCase().includes(wanted)))
  return [...found]
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
