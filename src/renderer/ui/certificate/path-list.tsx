import { IconCornerDownRight } from '@tabler/icons-react'
import classes from './certificate.module.css'
import { Fingerprint } from '../primitives/hex.tsx'
import { useTranslation } from 'react-i18next'

/** A certification path from the trust anchor down to the leaf. */
export function PathList(props: {
  path: readonly { title: string; fingerprintSha256: string }[]
  /** Index of the certificate that broke the path, counted from the leaf. */
  brokenAt?: number
}) {
  const { t } = useTranslation('facts')
  const steps = props.path.map((step, index) => ({ ...step, index })).reverse()
  return (
    <ol className="plain-list">
      {steps.map((step, depth) => (
        <li
          key={step.index}
          className={classes.step}
          data-broken={step.index === props.brokenAt}
          style={{ paddingInlineStart: depth * 18 }}
        >
          {depth > 0 ? <IconCornerDownRight size={14} aria-hidden className="dim rigid" /> : null}
          <span className={classes.stepTitle}>{step.title}</span>
          <Fingerprint hex={step.fingerprintSha256} label={t('fingerprintOf', { name: step.title })} />
        </li>
      ))}
    </ol>
  )
}
