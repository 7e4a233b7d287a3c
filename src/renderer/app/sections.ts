import {
  IconArrowsLeftRight,
  IconCertificate,
  IconChartBar,
  IconHistory,
  IconSignature,
  IconZoomCode,
  IconSettings,
  IconShieldCheck,
  IconWorld,
  type Icon,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { Page as ActivityPage } from '../features/activity/page.tsx'
import { Page as CertificatesPage } from '../features/certificates/page.tsx'
import { Page as DomainsPage } from '../features/domains/page.tsx'
import { Page as InspectorPage } from '../features/inspector/page.tsx'
import { Page as IssuingPage } from '../features/issuing/page.tsx'
import { Page as SettingsPage } from '../features/settings/page.tsx'
import { Page as TrafficPage } from '../features/traffic/page.tsx'
import { Page as TrustPage } from '../features/trust/page.tsx'
import { Page as UsagePage } from '../features/usage/page.tsx'

export interface SectionEntry {
  id:
    | 'domains'
    | 'certificates'
    | 'inspector'
    | 'traffic'
    | 'usage'
    | 'trust'
    | 'issuing'
    | 'activity'
    | 'settings'
  group: 'daily' | 'computer' | 'observe' | 'settings'
  path: `/${string}`
  icon: Icon
  /** Renders everything under `path`, with nested wouter routes for sub-pages. */
  Page: ComponentType
}

/** In the order of the rail, which is the order of their keys in the application menu. */
export const sections: readonly SectionEntry[] = [
  { id: 'domains', group: 'daily', path: '/domains', icon: IconWorld, Page: DomainsPage },
  {
    id: 'certificates',
    group: 'daily',
    path: '/certificates',
    icon: IconCertificate,
    Page: CertificatesPage,
  },
  { id: 'inspector', group: 'daily', path: '/inspector', icon: IconZoomCode, Page: InspectorPage },
  { id: 'trust', group: 'computer', path: '/trust', icon: IconShieldCheck, Page: TrustPage },
  { id: 'issuing', group: 'computer', path: '/issuing', icon: IconSignature, Page: IssuingPage },
  { id: 'traffic', group: 'observe', path: '/traffic', icon: IconArrowsLeftRight, Page: TrafficPage },
  { id: 'usage', group: 'observe', path: '/usage', icon: IconChartBar, Page: UsagePage },
  { id: 'activity', group: 'observe', path: '/activity', icon: IconHistory, Page: ActivityPage },
  { id: 'settings', group: 'settings', path: '/settings', icon: IconSettings, Page: SettingsPage },
]
