import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './banner.module.css'

interface BannerProps {
  label: string
  icon: Icon
  /** True for an error that needs action by the user. */
  isTrouble: boolean
  title: ReactNode
  lines: string[]
  role?: 'alert'
  children: ReactNode
}

/** Banner above every page for a window-wide state: its reason, what still works, and the way out. */
export function Banner({ label, icon: Sign, isTrouble, title, lines, role, children }: BannerProps) {
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
