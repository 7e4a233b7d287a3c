import { Accordion, Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ExtensionFacts } from '../../../contract/inspect/certificate-facts.ts'
import { CopyIcon } from '../primitives/copy-icon.tsx'
import classes from './certificate.module.css'
import { hexDump } from '../primitives/hex.tsx'

export function ExtensionList({ extensions }: { extensions: readonly ExtensionFacts[] }) {
  const { t } = useTranslation('facts')
  if (extensions.length === 0) return <p className="dim flush">{t('extensions.none')}</p>
  return (
    <Accordion
      multiple
      variant="default"
      chevronSize={14}
      order={4}
      classNames={{ control: classes.control }}
    >
      {extensions.map((extension) => (
        <Accordion.Item key={extension.oid} value={extension.oid}>
          <Accordion.Control>
            <ExtensionHead extension={extension} />
          </Accordion.Control>
          <Accordion.Panel>
            <ExtensionBody extension={extension} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}

function ExtensionHead({ extension }: { extension: ExtensionFacts }) {
  const { t } = useTranslation('facts')
  return (
    <span className={classes.extensionHead}>
      <span className="medium rigid">{extension.name}</span>
      {extension.critical ? (
        <Badge size="xs" variant="light" color="gray" radius="sm" tt="none">
          {t('extensions.critical')}
        </Badge>
      ) : null}
      <span className={classes.extensionWords}>{extension.words.join(', ')}</span>
    </span>
  )
}

function ExtensionBody({ extension }: { extension: ExtensionFacts }) {
  const { t } = useTranslation('facts')
  return (
    <div>
      <ul className={classes.words}>
        {extension.words.map((word, index) => (
          <li key={index}>{word}</li>
        ))}
      </ul>
      <div className="dim text-xs row between below-8">
        <span>
          {t('extensions.raw', { count: extension.rawHex.length / 2 })} · {t('extensions.oid')}{' '}
          <code>{extension.oid}</code>
        </span>
        <CopyIcon value={extension.rawHex} label={t('extensions.copyRaw', { name: extension.name })} />
      </div>
      <pre
        className={classes.dump}
        tabIndex={0}
        aria-label={t('extensions.copyRaw', { name: extension.name })}
      >
        {hexDump(extension.rawHex)}
      </pre>
    </div>
  )
}
