import { useTranslation } from 'react-i18next'
import type { CertificateFacts, PublicKeyFacts } from '../../../contract/inspect/certificate-facts.ts'
import { absoluteTime } from '../primitives/time.tsx'
import { ValidityBar } from './validity-bar.tsx'
import { Fact, FactList } from '../lists/facts.tsx'
import { Anchor } from '@mantine/core'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useState } from 'react'
import classes from './certificate.module.css'

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
      <Fact term={t('issuer')} copy={facts.issuer} />
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
      <Fact term={t('serial')} hex={facts.serialHex} />
      <Fact term={t('sha256')} hex={facts.fingerprintSha256} />
      <Fact term={t('sha1')} hex={facts.fingerprintSha1} />
      <Fact term={t('spki')} hex={facts.publicKey.spkiSha256} />
      <Fact term={t('pin')} copy={facts.spkiPin} mono />
      <Fact term={t('version')}>{facts.version}</Fact>
    </FactList>
  )
}

/** Formats a key: `EC P-256`, `RSA 2048 bits`, `Ed25519`. */
export function formatKey(key: PublicKeyFacts): string {
  if (key.curve !== undefined) return `${key.type} ${key.curve}`
  return key.bits === undefined || key.type.startsWith('Ed') ? key.type : `${key.type} ${key.bits} bits`
}

type Role = 'root' | 'authority' | 'leaf' | 'selfSigned'

/** Role of a certificate; `root` and `selfSigned` are signed by their own key. */
export function roleOf(facts: CertificateFacts): Role {
  if (facts.isCa) return facts.isSelfSigned ? 'root' : 'authority'
  return facts.isSelfSigned ? 'selfSigned' : 'leaf'
}

/** SANs of a certificate; those after the first `limit` are collapsed. */
export function NamesList({ names, limit = 12 }: { names: readonly string[]; limit?: number }) {
  const { t } = useTranslation('facts')
  const [all, setAll] = useState(false)
  if (names.length === 0) return <span className="dim flush">{t('names.none')}</span>
  const shown = all ? names : names.slice(0, limit)
  return (
    <div className="row wrapping gap-4">
      {shown.map((name) => (
        <code key={name} className={classes.name}>
          {readableName(name)}
          {readableName(name) === name ? null : <span className={classes.ascii}>{name}</span>}
        </code>
      ))}
      {names.length > limit ? (
        <Anchor component="button" type="button" size="xs" onClick={() => setAll(!all)}>
          {all ? t('names.fewer') : t('names.all', { count: names.length })}
        </Anchor>
      ) : null}
    </div>
  )
}
