import { Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import { AcmeSection } from './acme-section.tsx'
import { issueCertificate, makeRequest, signRequest } from './actions.ts'
import { DnsSection } from './dns-section.tsx'
import { IssueDialog } from './issue-dialog.tsx'
import { IssuedList, RevocationSection } from './issued-list.tsx'
import { RehearsalSection } from './rehearsal-section.tsx'
import { RequestDialog, RequestList } from './request-list.tsx'
import { SignDialog } from './sign-dialog.tsx'
import { useIssuing } from './use-issuing.ts'

/** Issuing by the local authority: manually, from CSRs, and by ACME for other programs. */
export function Page() {
  const { t } = useTranslation(['issuing', 'app'])
  const { shown, call, read, showMore } = useIssuing()
  const [opened, setOpened] = useState<'issue' | 'sign' | 'request' | null>(null)
  const close = () => {
    setOpened(null)
    void read()
  }
  return (
    <PageLayout
      title={t('app:sections.issuing')}
      description={t('description')}
      actions={
        <Group gap="xs">
          <ActionButton action={makeRequest} variant="default" act={() => setOpened('request')} />
          <ActionButton action={signRequest} variant="default" act={() => setOpened('sign')} />
          <ActionButton action={issueCertificate} act={() => setOpened('issue')} />
        </Group>
      }
    >
      {call.error ? <ErrorPanel error={call.error} title={t('failed')} /> : null}
      {shown ? (
        <>
          <IssuedList
            issued={shown.issued}
            isServed={shown.service.address !== null}
            showMore={() => showMore('issued')}
            changed={() => void read()}
          />
          <RequestList requests={shown.requests} changed={() => void read()} />
          <RevocationSection service={shown.service} changed={() => void read()} />
          <AcmeSection shown={shown} showMoreAccounts={() => showMore('accounts')} changed={read} />
          <RehearsalSection runs={shown.acme.directory !== null} />
          <DnsSection methods={shown.methods} changed={() => void read()} />
        </>
      ) : call.error ? null : (
        <LoadingRows rows={6} height={44} />
      )}
      {opened === 'issue' ? <IssueDialog onClose={close} /> : null}
      {opened === 'sign' ? <SignDialog onClose={close} /> : null}
      {opened === 'request' ? <RequestDialog onClose={close} /> : null}
    </PageLayout>
  )
}
