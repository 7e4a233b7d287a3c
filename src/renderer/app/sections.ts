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
  path: `/${string}`
  icon: Icon
  /** Renders everything under `path`, with nested wouter routes for sub-pages. */
  Page: ComponentType
}

export const sections: readonly SectionEntry[] = [
  { id: 'domains', path: '/domains', icon: IconWorld, Page: DomainsPage },
  { id: 'certificates', path: '/certificates', icon: IconCertificate, Page: CertificatesPage },
  { id: 'inspector', path: '/inspector', icon: IconZoomCode, Page: InspectorPage },
  { id: 'traffic', path: '/traffic', icon: IconArrowsLeftRight, Page: TrafficPage },
  { id: 'usage', path: '/usage', icon: IconChartBar, Page: UsagePage },
  { id: 'trust', path: '/trust', icon: IconShieldCheck, Page: TrustPage },
  { id: 'issuing', path: '/issuing', icon: IconSignature, Page: IssuingPage },
  { id: 'activity', path: '/activity', icon: IconHistory, Page: ActivityPage },
  { id: 'settings', path: '/settings', icon: IconSettings, Page: SettingsPage },
]
