import { Button } from '@mantine/core'
import { IconZoomScan } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RemoteReport } from '../../../../contract/inspect/remote.ts'
import { Fact, FactList } from '../../../ui/lists/facts.tsx'
import { PathList } from '../../../ui/certificate/path-list.tsx'
import { ComparisonView } from '../compare/comparison-view.tsx'
import { AlsoFound, Headline } from '../headline.tsx'
import classes from './remote.module.css'

export function RemoteResult({ report, onLook }: { report: RemoteReport; onLook: () => void }) {
  const { t } = useTranslation('inspector')
  const { diagnosed, handshake, chain, comparison, address, serverName, asSent } = report
  return (
    <>
      <div>
        <Headline diagnosis={diagnosed.diagnosis}>
          <Button mt={10} variant="default" leftSection={<IconZoomScan size={15} />} onClick={onLook}>
            {t('remote.look')}
          </Button>
        </Headline>
        <AlsoFound others={diagnosed.others} />
      </div>
      <FactList>
        <Fact term={t('remote.asked')}>
          {serverName === '' ? address : t('remote.for', { address, serverName })}
        </Fact>
        <Fact term={t('remote.handshake')}>
          {[handshake.protocol.replace('TLSv', 'TLS '), handshake.cipher, handshake.alpn]
            .filter(Boolean)
            .join(', ')}{' '}
          · {t('remote.ms', { ms: Math.round(handshake.tookMs) })}
        </Fact>
        <Fact term={t(asSent ? 'remote.chain' : 'remote.chainUnordered')}>
          <PathList path={chain} />
        </Fact>
      </FactList>
      {comparison ? (
        <section aria-label={t('remote.compared')}>
          <h3 className={classes.heading}>{t('remote.compared')}</h3>
          <ComparisonView comparison={comparison} />
        </section>
      ) : null}
    </>
  )
}
