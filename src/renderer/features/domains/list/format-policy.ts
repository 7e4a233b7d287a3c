import type { TFunction } from 'i18next'
import type { HeaderRule } from '../../../../contract/domains/header-rules.ts'
import type { Policies } from '../../../../contract/domains/policies.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'

/** Further origins and routes are specific to one site and never copied. */
type CopiedPolicies = Omit<Policies, 'origins'>

type Translate = TFunction<['policies', 'protocol']>
type Formatters<Section> = { [Field in keyof Section]: (t: Translate, value: Section[Field]) => string }

/** Formatter of every policy field; the type makes the table complete. */
const formatters: { [Section in keyof CopiedPolicies]: Formatters<CopiedPolicies[Section]> } = {
  hsts: {
    days: (t, days) => {
      if (days === null) return t('words.nothingSaid')
      return days === 0 ? t('words.forgotten') : t('words.days', { count: days })
    },
    includeSubDomains: yesOrNo,
    preload: yesOrNo,
  },
  redirect: { except: (t, paths) => paths.join(', ') || t('words.none') },
  headers: { rules: (t, rules) => rules.map((rule) => formatRule(t, rule)).join('; ') || t('words.none') },
  access: {
    allow: (t, addresses) => (addresses ? addresses.join(', ') || t('words.nobody') : t('words.everywhere')),
    users: (t, users) =>
      users ? users.map(({ name }) => name).join(', ') || t('words.nobody') : t('words.everybody'),
    realm: (_t, realm) => `“${realm}”`,
    forwardAuthorization: yesOrNo,
  },
  body: { maxBytes: (t, bytes) => (bytes === null ? t('words.anySize') : megabytes(t, bytes)) },
  findings: { watch: yesOrNo },
  tls: {
    minimumVersion: (t, version) => t('protocol:version', { version }),
    ciphers: (t, profile) => t(`protocol:profiles.${profile}`),
    http2: yesOrNo,
    sessionTickets: yesOrNo,
    ocspStapling: yesOrNo,
    clientCertificates: (t, mode) => t(`protocol:clientModes.${mode}`),
    clientAnchors: (t, anchors) =>
      anchors.length === 0 ? t('words.none') : t('words.authorities', { count: anchors.length }),
  },
  health: {
    ejectAfter: (t, count) => (count === 0 ? t('words.never') : t('words.inARow', { count })),
    check: (t, check) => (check ? t('words.check', check) : t('words.notAsked')),
  },
  timeouts: {
    connectSeconds: formatTimeout,
    responseSeconds: formatTimeout,
    idleSeconds: formatTimeout,
    minRequestRate: leastRate,
    minResponseRate: leastRate,
  },
}

/** `HSTS, for how long` */
export function policyFieldLabel(t: Translate, { section, field }: PolicyField): string {
  return t(`fields.${section}.${field}` as 'fields.hsts.days')
}

/** Formats a value: `30 days`, `any size`. */
export function formatPolicyValue(t: Translate, { section, field }: PolicyField, value: unknown): string {
  const ways: [string, unknown][] = Object.entries(formatters[section])
  const [, say] = ways.find(([name]) => name === field) ?? []
  return say ? (say as (t: Translate, value: unknown) => string)(t, value) : String(value)
}

export interface PolicyField {
  section: keyof CopiedPolicies
  field: string
}

function yesOrNo(t: Translate, value: boolean): string {
  return t(value ? 'words.yes' : 'words.no')
}

function formatTimeout(t: Translate, seconds: number | null): string {
  return seconds === null ? t('words.usual') : t('words.seconds', { count: seconds })
}

function leastRate(t: Translate, bytes: number | null): string {
  if (bytes === null) return t('words.usual')
  return bytes === 0 ? t('words.anyRate') : t('words.bytesPerSecond', { bytes })
}

function megabytes(t: Translate, bytes: number): string {
  return t('words.megabytes', { size: bytes / 1_000_000 })
}

/** `To client: Set X-Env local` */
function formatRule(t: Translate, { on, action, name, value }: HeaderRule): string {
  return `${t(`headers.${on}`)}: ${[t(`headers.${action}`), name, value].filter(Boolean).join(' ')}`
}

export interface PolicyDifference extends PolicyField {
  domain: string
  before: unknown
  after: unknown
}

/** Fields that would change if `domains` were given `policies`. */
export function policyDifferences(domains: readonly Domain[], policies: Policies): PolicyDifference[] {
  const after = fieldsOf(policies)
  return domains.flatMap(({ displayName, policies: own }) => {
    const before = fieldsOf(own)
    return after.flatMap(({ section, field, value }, at) =>
      JSON.stringify(before[at]?.value) === JSON.stringify(value)
        ? []
        : [{ domain: displayName, section, field, before: before[at]?.value, after: value }],
    )
  })
}

/** Yields the same fields in the same order for every domain, because policies include their defaults. */
function fieldsOf({ origins: _ofOneSite, ...copied }: Policies): (PolicyField & { value: unknown })[] {
  return (Object.keys(copied) as (keyof CopiedPolicies)[]).flatMap((section) =>
    Object.entries(copied[section]).map(([field, value]) => ({ section, field, value: value as unknown })),
  )
}
