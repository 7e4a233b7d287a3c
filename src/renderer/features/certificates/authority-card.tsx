import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocalAuthority } from '../../../contract/local-authority/authority.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { useCertificates, useClient, useConnection } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { ValidityBar } from '../../ui/certificate/validity-bar.tsx'
import { saveAuthority } from './actions.ts'
import classes from './certificates.module.css'
import { downloadText } from '../../ui/primitives/download.ts'

/** The local authority's certificate, to be trusted elsewhere. Empty before the first free certificate. */
export function AuthorityCard() {
  const { t } = useTranslation(['certificates', 'trust', 'facts'])
  const { authority, error } = useAuthority()
  if (error) return <ErrorPanel error={error} title={t('authority.failed')} />
  if (!authority) return null
  const { facts, pem } = authority.root
  return (
    <div className="below-18">
      <Section
        title={t('trust:authority.title')}
        description={t('authority.text')}
        aside={
          <ActionButton
            action={saveAuthority}
            variant="default"
            act={() => downloadText('edgekeep-local-authority.crt', 'application/x-x509-ca-cert', pem)}
          />
        }
      >
        <div className={classes.columns}>
          <FactList>
            <Fact term={t('authority.name')}>{facts.title}</Fact>
            <Fact term={t('facts:sha256')} hex={facts.fingerprintSha256} />
            <Fact term={t('facts:validity')}>
              <ValidityBar notBefore={facts.notBefore} notAfter={facts.notAfter} />
            </Fact>
          </FactList>
          <div className={classes.hint}>
            <h3 className="text-sm strong flush plain-color below-6">{t('authority.trust.title')}</h3>
            <ul>
              <li>{t('authority.trust.chrome')}</li>
              <li>{t('authority.trust.firefox')}</li>
              <li>{t('authority.trust.safari')}</li>
            </ul>
          </div>
        </div>
      </Section>
    </div>
  )
}

/** Reloads after a reconnect, and when the number of free certificates changes: the first creates the CA. */
function useAuthority(): { authority: LocalAuthority | null; error: EdgekeepError | null } {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const freeCount = useCertificates((state) => state.items.filter((each) => each.kind === 'free').length)
  const { run, error } = useCall()
  const [authority, setAuthority] = useState<LocalAuthority | null>(null)
  useEffect(() => {
    let current = true
    if (connected) {
      void run(() => client.authority.get()).then((answer) => {
        if (current && answer !== undefined) setAuthority(answer)
      })
    }
    return () => {
      current = false
    }
  }, [client, connected, freeCount, run])
  return { authority, error }
}
