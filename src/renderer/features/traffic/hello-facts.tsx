import { useTranslation } from 'react-i18next'
import type { HelloFacts } from '../../../contract/traffic/traffic.ts'
import { Fact } from '../../ui/lists/facts.tsx'

export function HelloFactRows({ hello }: { hello: HelloFacts }) {
  const { t } = useTranslation('traffic')
  return (
    <>
      <Fact term={t('hello.versions')}>{hello.versions.join(', ')}</Fact>
      <Fact term={t('hello.alpn')}>{hello.alpn.join(', ') || t('tls.noAlpn')}</Fact>
      <Fact term={t('hello.groups')} mono>
        {hello.groups.join(', ')}
      </Fact>
      <Fact term={t('hello.ja4')} mono copy={hello.ja4}>
        {hello.ja4}
      </Fact>
    </>
  )
}
