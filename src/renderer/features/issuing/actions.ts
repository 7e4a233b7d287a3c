import {
  IconCertificate,
  IconFileCertificate,
  IconPlayerPlay,
  IconPlus,
  IconPlayerStop,
  IconSignature,
} from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'

const page = '/issuing'
const about = 'app:sections.issuing'

export const issueCertificate: Action = {
  id: 'issuing.issue',
  label: 'issuing:issue.open',
  about,
  icon: IconCertificate,
  page,
  changes: true,
}

export const signRequest: Action = {
  id: 'issuing.sign',
  label: 'issuing:sign.open',
  about,
  icon: IconSignature,
  page,
  changes: true,
}

export const makeRequest: Action = {
  id: 'issuing.request',
  label: 'issuing:request.open',
  about,
  icon: IconFileCertificate,
  page,
  changes: true,
}

export const addDnsMethod: Action = {
  id: 'issuing.dns',
  label: 'issuing:dns.open',
  about,
  icon: IconPlus,
  page,
  changes: true,
}

export const startRehearsal: Action = {
  id: 'issuing.rehearse',
  label: 'issuing:rehearsal.start',
  about,
  icon: IconPlayerPlay,
  page,
  changes: true,
}

export const stopRehearsal: Action = {
  id: 'issuing.stop-rehearsal',
  label: 'issuing:rehearsal.stop',
  about,
  icon: IconPlayerStop,
  page,
}
