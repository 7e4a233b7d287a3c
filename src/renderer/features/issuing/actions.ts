import {
  IconCertificate,
  IconFileCertificate,
  IconPlayerPlay,
  IconPlus,
  IconPlayerStop,
  IconSignature,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'

const page = '/issuing'
const about = 'app:sections.issuing'
const changeOnPage = actionsAbout(about, { page, changes: true })
const onPage = actionsAbout(about, { page })

export const issueCertificate = changeOnPage('issuing.issue', 'issuing:issue.open', IconCertificate)
export const signRequest = changeOnPage('issuing.sign', 'issuing:sign.open', IconSignature)
export const makeRequest = changeOnPage('issuing.request', 'issuing:request.open', IconFileCertificate)
export const addDnsMethod = changeOnPage('issuing.dns', 'issuing:dns.open', IconPlus)
export const startRehearsal = changeOnPage('issuing.rehearse', 'issuing:rehearsal.start', IconPlayerPlay)
export const stopRehearsal = onPage('issuing.stop-rehearsal', 'issuing:rehearsal.stop', IconPlayerStop)
