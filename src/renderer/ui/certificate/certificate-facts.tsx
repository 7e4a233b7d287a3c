import { useTranslation } from 'react-i18next'
import type { CertificateFacts } from '../../../contract/inspect/certificate-facts.ts'
import { absoluteTime } from '../times.ts'
import { ValidityBar } from '../validity-bar.tsx'
import { Fact, FactList } from './fact-list.tsx'
import { HexPairs } from './hex-pairs.tsx'
import { formatKey } from './format-key.ts'
import { NamesList } from './names-list.tsx'
import { roleOf } from './role.ts'

/** Fields of a certificate without its extensions. `withBar` draws the validity period. */
export function CertificateFactsList(props: { facts: CertificateFacts; withBar?: boolean }) {
  const { facts, withBar = true } = props
  const { t, i18n } = useTranslation('facts')
  const { dns, ip, email, uri } = facts.names
  const names = [...dns, ...ip, ...email, ...uri]
  const usages = [...facts.keyUsage, ...facts.extendedKeyUsage]
  return (
    <FactList>
      {withBar ? (
        <Fact term={t('validity')}>
          <ValidityBar notBefore={facts.notBefore} notAfter={facts.notAfter} />
        </Fact>
      ) : null}
      <Fact term={t('names.term')} {...(names.length > 0 ? { copy: names.join('\n') } : {})}>
        <NamesList names={names} />
      </Fact>
      <Fact term={t('subject')} copy={facts.subject}>
        {facts.subject === '' ? t('none') : facts.subject}
      </Fact>
      <Fact term={t('issuer')} copy={facts.issuer}>
        {facts.issuer}
      </Fact>
      <Fact term={t('role')}>{t(`roles.${roleOf(facts)}`)}</Fact>
      <Fact term={t('from')} copy={facts.notBefore}>
        {absoluteTime(facts.notBefore, i18n.language)}
      </Fact>
      <Fact term={t('until')} copy={facts.notAfter}>
        {absoluteTime(facts.notAfter, i18n.language)}
      </Fact>
      <Fact term={t('lifetime')}>{t('days', { count: Math.round(facts.lifetimeDays) })}</Fact>
      <Fact term={t('publicKey')}>{formatKey(facts.publicKey)}</Fact>
      <Fact term={t('signature')}>{facts.signatureAlgorithm}</Fact>
      {usages.length > 0 ? <Fact term={t('usage')}>{usages.join(', ')}</Fact> : null}
      <Fact term={t('serial')} copy={facts.serialHex} mono>
        <HexPairs hex={facts.serialHex} />
      </Fact>
      <Fact term={t('sha256')} copy={facts.fingerprintSha256} mono>
        <HexPairs hex={facts.fingerprintSha256} />
      </Fact>
      <Fact term={t('sha1')} copy={facts.fingerprintSha1} mono>
        <HexPairs hex={facts.fingerprintSha1} />
      </Fact>
      <Fact term={t('spki')} copy={facts.publicKey.spkiSha256} mono>
        <HexPairs hex={facts.publicKey.spkiSha256} />
      </Fact>
      <Fact term={t('pin')} copy={facts.spkiPin} mono>
        {facts.spkiPin}
      </Fact>
      <Fact term={t('version')}>{facts.version}</Fact>
    </FactList>
  )
}
