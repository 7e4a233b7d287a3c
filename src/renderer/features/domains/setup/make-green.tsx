import { Anchor, Button, Modal, Stack, Group } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleX, IconVariable } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { EngineButton, ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { NameLeads } from '../../../../contract/names/names.ts'
import type { TrustClient, TrustPlan, TrustStep } from '../../../../contract/trust/trust.ts'
import { useEngineStatus, useDomains } from '../../../connection/engine-context.tsx'
import { DialogFoot } from '../../../ui/forms/dialog.tsx'
import { isPlanPossible, PlanOutcomes, PlanSteps } from '../../../ui/forms/plan.tsx'
import { ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { joinNames } from '../../../../domain/green-browsers.ts'
import { Note } from '../../../ui/primitives/note.tsx'
import { addressOf } from '../address.ts'
import classes from '../domain-page.module.css'
import { useSetup, type Setup } from './use-setup.ts'
import { create } from 'zustand'

/** Guided setup from a domain to a trusted padlock: plan, progress, proof and address. */
export function MakeGreenDialog({ domain, onClose }: { domain: Domain; onClose: () => void }) {
  const { t } = useTranslation('domains')
  const setup = useSetup(domain.name)
  const { call, plan, outcomes } = setup
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('green.title', { domain: domain.displayName })}
      size="lg"
      centered
    >
      <Stack gap="md">
        {call.error ? <ErrorPanel error={call.error} /> : null}
        {plan || call.error ? null : <LoadingRows rows={4} />}
        {plan && !outcomes ? <Plan setup={setup} /> : null}
        {outcomes ? <Progress domain={domain} setup={setup} /> : null}
        <Buttons setup={setup} onClose={onClose} />
      </Stack>
    </Modal>
  )
}

function Plan({ setup: { plan, choose } }: { setup: Setup }) {
  const { t } = useTranslation('domains')
  if (!plan) return null
  const open = plan.steps.filter(isChoice)
  const text = open.length > 0 ? 'green.choose' : plan.steps.length > 0 ? 'green.text' : 'green.nothing'
  return (
    <>
      <p className="dim flush">{t(text)}</p>
      <PlanSteps
        plan={open.length > 0 ? { ...plan, steps: open, elevatedScript: null } : plan}
        onCure={choose}
      />
    </>
  )
}

function Progress({ domain, setup }: { domain: Domain; setup: Setup }) {
  const { t } = useTranslation('domains')
  const { outcomes, clients, current } = setup
  return (
    <>
      <PlanOutcomes outcomes={outcomes ?? []} />
      {clients.length > 0 ? (
        <ul className="plain-list stack gap-6" aria-live="polite" aria-label={t('green.proofs')}>
          {clients.map((client) => (
            <Proof key={client.id} client={client} />
          ))}
        </ul>
      ) : null}
      {current ? (
        <p className="dim flush" role="status">
          {t(current.isProof ? 'green.running' : 'green.doing', { title: current.title })}
        </p>
      ) : null}
      <Address domain={domain} setup={setup} />
    </>
  )
}

function Proof({ client: { name, trust, proof } }: { client: TrustClient }) {
  const { t } = useTranslation(['domains', 'trust'])
  const Sign = trust === 'proven' ? IconCircleCheckFilled : trust === 'variables' ? IconVariable : IconCircleX
  return (
    <li className="row-top gap-8">
      <Sign size={18} className={classes.sign} data-trust={trust} aria-hidden />
      <span>
        <strong>{name}</strong> {t(trust === 'proven' ? 'green.proven' : `trust:state.${trust}`)}
        {trust === 'proven' ? null : <span className="dim flush"> {proof?.sentence}</span>}
      </span>
    </li>
  )
}

/** Result: the URL of the domain once the browsers accept it, or the reason why they do not. */
function Address({ domain, setup }: { domain: Domain; setup: Setup }) {
  const { t } = useTranslation('domains')
  const edge = useEngineStatus((state) => state.value?.edge)
  const { report, result } = setup
  const address = addressOf({ ...domain, https: { ...domain.https, state: 'on' } }, edge)
  const link = useRef<HTMLAnchorElement>(null)
  const isOpened = useRef(false)
  const toOpen = result?.state === 'green' ? address : null
  useEffect(() => {
    if (toOpen === null || isOpened.current) return
    isOpened.current = true
    // The link remains for browsers that block the popup; Enter opens it.
    window.open(toOpen, '_blank', 'noreferrer')
    link.current?.focus()
  }, [toOpen])
  if (!result) return null
  if (toOpen === null)
    return (
      <Note tone="no" role="status" className="wrap">
        <strong>{t('green.notYet', { domain: domain.displayName })}</strong>{' '}
        {report && !reachable.includes(report.leads) ? `${report.sentence} ${report.fix ?? ''}` : null}
      </Note>
    )
  return (
    <p className="medium flush wrap" role="status">
      {t('green.in', { names: joinNames(result.names) })}{' '}
      <Anchor ref={link} href={toOpen} target="_blank" rel="noreferrer">
        {t('green.open', { address: toOpen })}
      </Anchor>
    </p>
  )
}

/** Whether a step waits for the choice of a cure, before which no other step helps. */
const isChoice = ({ obstacle }: TrustStep) => obstacle?.cures !== undefined

const reachable: NameLeads[] = ['here', 'browsers']

function Buttons({ setup, onClose }: { setup: Setup; onClose: () => void }) {
  const { t } = useTranslation(['domains', 'ui', 'trust'])
  const { plan, outcomes, call, current } = setup
  return (
    <DialogFoot>
      {current ? (
        <Button variant="default" onClick={setup.stop}>
          {t('green.stop')}
        </Button>
      ) : (
        <Button variant="default" onClick={onClose}>
          {t(outcomes ? 'ui:close' : 'ui:confirm.cancel')}
        </Button>
      )}
      {plan &&
      !outcomes &&
      !plan.steps.some(isChoice) &&
      (plan.steps.length === 0 || isPlanPossible(plan)) ? (
        <EngineButton
          variant={plan.unaskable === null ? 'filled' : 'default'}
          loading={call.busy}
          onClick={() => void setup.begin()}
          data-autofocus
        >
          {t(beginLabel(plan))}
        </EngineButton>
      ) : null}
    </DialogFoot>
  )
}

function beginLabel({ steps, unaskable }: TrustPlan) {
  if (steps.length === 0) return 'green.prove'
  return unaskable === null ? 'green.begin' : 'trust:plan.others'
}

/** Dismissed until the next start of the window. */
const useOffered = create<{ isPutOff: boolean }>(() => ({ isPutOff: false }))

function putOff(): void {
  useOffered.setState({ isPutOff: true })
}

/** Offers the guided setup after the first domain was added. Changes nothing before its plan is confirmed. */
export function SetupOffer({ domain, onAccept }: { domain: Domain; onAccept: () => void }) {
  const { t } = useTranslation('domains')
  const isOnly = useDomains((state) => state.items.length === 1)
  const isPutOff = useOffered((state) => state.isPutOff)
  if (!isOnly || isPutOff || domain.https.state !== 'off') return null
  return (
    <aside className={classes.offer} aria-label={t('offer.title')}>
      <div>
        <strong>{t('offer.title')}</strong>
        <p className="dim flush">{t('offer.text', { domain: domain.displayName })}</p>
      </div>
      <Group gap="xs" wrap="nowrap">
        <ChangeButton size="xs" variant="default" onClick={onAccept}>
          {t('offer.accept')}
        </ChangeButton>
        <Button size="xs" variant="subtle" onClick={putOff}>
          {t('offer.later')}
        </Button>
      </Group>
    </aside>
  )
}
