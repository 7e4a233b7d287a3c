import {
  IconArrowBackUp,
  IconBrowserCheck,
  IconCertificate,
  IconDeviceMobile,
  IconDownload,
  IconMapPin,
  IconPlayerStop,
  IconQrcode,
  IconRefresh,
  IconReplace,
  IconShieldCheck,
  IconShieldPlus,
  IconSitemap,
  IconWifi,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'
import { partPath } from './paths.ts'

const page = partPath('clients')
const about = 'app:sections.trust'
const ofAuthority = 'trust:authority.title'
const changeOnPage = actionsAbout(about, { page, changes: true })
const earlierChange = actionsAbout('trust:earlier.title', { page, changes: true })
const onPage = actionsAbout(about, { page })
const namesChange = actionsAbout('trust:names.title', { page: partPath('names'), changes: true })
const devicesChange = actionsAbout('trust:devices.title', { page: partPath('devices'), changes: true })
const onAuthority = { page: partPath('authority') }
const authority = actionsAbout(ofAuthority, onAuthority)
const authorityChange = actionsAbout(ofAuthority, { ...onAuthority, changes: true })

export const installTrust = changeOnPage('trust.install', 'trust:install', IconShieldPlus)
export const undoTrust = changeOnPage('trust.undo', 'trust:undo', IconArrowBackUp)
export const replaceRoots = earlierChange('trust.replace-roots', 'trust:earlier.install', IconShieldPlus)
export const takeRootsOut = earlierChange('trust.take-out', 'trust:earlier.undo', IconArrowBackUp)
export const proveTrust = changeOnPage('trust.prove', 'trust:prove', IconShieldCheck)
export const provePage = changeOnPage('trust.page', 'trust:provePage', IconBrowserCheck)
export const readTrust = onPage('trust.read', 'trust:again', IconRefresh)
export const stopProof = onPage('trust.stop', 'trust:stop', IconPlayerStop)
export const leadSuffix = namesChange('trust.suffix', 'trust:names.lead', IconSitemap)
export const pointNames = namesChange('trust.point-names', 'trust:names.pointNames', IconMapPin)
export const publishDomain = devicesChange('trust.publish', 'trust:devices.publish', IconWifi)
export const letDeviceTrust = devicesChange('trust.device', 'trust:devices.page', IconDeviceMobile)
export const savePem = authority('trust.pem', 'trust:authority.pem', IconDownload)
export const saveDer = authority('trust.der', 'trust:authority.der', IconDownload)
export const showCode = authority('trust.code', 'trust:authority.code', IconQrcode)
export const replaceAuthority = authorityChange('trust.rotate', 'trust:authority.rotate', IconReplace)
export const allowDomain = authorityChange('trust.allow', 'trust:authority.allow', IconCertificate)
