import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './band.module.css'

interface BandProps {
  label: string
  icon: Icon
  /** Whether something is wrong that a person should see to. */
  isTrouble: boolean
  title: ReactNode
  /** Sentences below the title. */
  lines: string[]
  role?: 'alert'
  /** What can be done about it. */
  children: ReactNode
}

/** Over every page while something holds for the whole window: why, what still works, and the way out. */
export function Band({ label, icon: Sign, isTrouble, title, lines, role, children }: BandProps) {
  return (
    <section className={classes.band} data-trouble={isTrouble} aria-label={label} role={role}>
      <span className={classes.sign} aria-hidden>
        <Sign size={20} stroke={1.7} />
      </span>
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {lines.map((line) => (
          <p key={line} className={classes.text}>
            {line}
          </p>
        ))}
      </div>
      {children}
    </section>
  )
}
