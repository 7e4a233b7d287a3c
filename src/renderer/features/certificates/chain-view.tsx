import { Collapse, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateFacts, Verification } from '../../../contract/inspect/certificate-facts.ts'
import { CertificateFactsList, roleOf } from '../../ui/certificate/certificate-facts.tsx'
import { ExtensionList } from '../../ui/certificate/extension-list.tsx'
import { DaysLeft } from '../../ui/certificate/validity-bar.tsx'
import classes from './certificate-drawer.module.css'

/** Chain from the trust anchor down to the leaf; each certificate expands to its facts. */
export function ChainView(props: { chain: readonly CertificateFacts[]; verification: Verification }) {
  const links = [...props.chain].reverse()
  return (
    <ol className="plain-list stack gap-8">
      <Anchor chain={props.chain} verification={props.verification} />
      {links.map((facts, depth) => (
        <li key={facts.fingerprintSha256} className="frame" style={{ marginInlineStart: (depth + 1) * 18 }}>
          <ChainLink facts={facts} />
        </li>
      ))}
    </ol>
  )
}

/** Trust anchor found by verification, unless the server sends it in the chain. */
function Anchor(props: { chain: readonly CertificateFacts[]; verification: Verification }) {
  const { t } = useTranslation('certificates')
  const { path, trustedBy } = props.verification
  const anchor = path.at(-1)
  if (!anchor) return <li className={classes.anchor}>{t('chain.noAnchor')}</li>
  const served = props.chain.some((each) => each.fingerprintSha256 === anchor.fingerprintSha256)
  if (served) return null
  return (
    <li className={classes.anchor}>
      <span className="medium wrap">{anchor.title}</span>
      <div>{t('chain.anchor', { store: trustedBy ?? '' })}</div>
    </li>
  )
}

function ChainLink({ facts }: { facts: CertificateFacts }) {
  const { t } = useTranslation('facts')
  const [open, setOpen] = useState(false)
  const body = useId()
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <>
      <UnstyledButton
        className={classes.linkHead}
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setOpen(!open)}
      >
        <Chevron size={15} aria-hidden />
        <span className="grow">
          <span className="medium wrap">{facts.title}</span>
          <span className="dim text-sm light"> {t(`roles.${roleOf(facts)}`)}</span>
        </span>
        <DaysLeft notBefore={facts.notBefore} notAfter={facts.notAfter} />
      </UnstyledButton>
      <Collapse expanded={open} id={body}>
        {open ? (
          <div className={classes.linkBody}>
            <CertificateFactsList facts={facts} />
            <ExtensionList extensions={facts.extensions} />
          </div>
        ) : null}
      </Collapse>
    </>
  )
}
