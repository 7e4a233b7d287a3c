import {
  IconAdjustments,
  IconArrowsExchange,
  IconBuildingBank,
  IconCalendarRepeat,
  IconCertificate,
  IconDeviceFloppy,
  IconDeviceMobile,
  IconEraser,
  IconFileImport,
  IconFileText,
  IconKey,
  IconLock,
  IconLockExclamation,
  IconLockOpen,
  IconPencil,
  IconPlayerPause,
  IconPlus,
  IconPoint,
  IconRestore,
  IconRoute,
  IconSettings,
  IconShieldCheck,
  IconTag,
  type Icon,
} from '@tabler/icons-react'
import classes from './activity.module.css'

const icons = new Map<string, Icon>(
  Object.entries({
    'domain.add': IconPlus,
    'domain.origin': IconRoute,
    'domain.policies': IconAdjustments,
    'domain.redirect': IconArrowsExchange,
    'domain.remove': IconEraser,
    'https.enable': IconShieldCheck,
    'https.replace': IconShieldCheck,
    'https.import': IconShieldCheck,
    'https.pause': IconPlayerPause,
    'https.disable': IconEraser,
    'certificate.import': IconCertificate,
    'certificate.issue': IconCertificate,
    'issue.device': IconDeviceMobile,
    'issue.request': IconCertificate,
    'issue.revoke': IconEraser,
    'authority.publish': IconBuildingBank,
    'request.create': IconFileText,
    'request.forget': IconEraser,
    'certificate.rename': IconPencil,
    'certificate.annotate': IconPencil,
    'certificate.keep': IconTag,
    'certificate.remove': IconEraser,
    'configuration.import': IconFileImport,
    'authority.create': IconBuildingBank,
    'authority.rotate': IconBuildingBank,
    'authority.renew': IconBuildingBank,
    'trust.install': IconBuildingBank,
    'trust.undo': IconBuildingBank,
    'backup.make': IconDeviceFloppy,
    'backup.run': IconDeviceFloppy,
    'backup.schedule': IconCalendarRepeat,
    'traffic.access-log': IconFileText,
    'vault.rotate': IconKey,
    'vault.restore': IconRestore,
    'vault.lock': IconLock,
    'vault.locking': IconLock,
    'edge.settings': IconSettings,
    'vault.unlock': IconLockOpen,
    'vault.recovery-key': IconKey,
    'vault.refuse': IconLockExclamation,
  }),
)

/** An icon for the kind of change; the sentence beside it says the same. */
export function ActionSign({ action }: { action: string }) {
  const Sign = icons.get(action) ?? IconPoint
  return (
    <span className={classes.sign} aria-hidden>
      <Sign size={16} stroke={1.7} />
    </span>
  )
}
