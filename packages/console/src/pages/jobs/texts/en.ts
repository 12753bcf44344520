import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  jobs: {
    title: 'Jobs',
    lead: 'What the service does in the background; of several processes one at a time.',
    name: 'Job',
    state: 'State',
    states: {
      running: 'Running',
      waiting: 'Waiting',
      failing: 'Failing',
    },
    nextAt: 'Next',
    finishedAt: 'Finished',
    runs: 'Runs',
    failures: 'Failures in a row',
    run: 'Run now',
    does: {
      'access-tokens': 'Renews access tokens ahead of their end',
      'alert-messages': 'Sends alerts to their channels',
      alerts: 'Looks at the rules of alerts',
      'book-ledger': 'Prices entries of the ledger and adds them up',
      'end-overdue-codes': 'Ends codes that are overdue',
      'forget-codes': 'Forgets codes of two days ago',
      'forget-expired-sessions': 'Forgets sessions that are over',
      'forget-telemetry-batches': 'Forgets ids of telemetry',
      'member-store': 'Brings changes of members to your own user table',
      months: 'Makes the partition of next month',
      'read-balances': 'Reads use and balance from WeChat',
      reconcile: "Compares WeChat's count with ours",
      retention: 'Deletes what is kept long enough',
      'signing-keys': 'Rotates the keys that sign',
      'webhooks-forget': 'Forgets events that were delivered',
    },
    empty: 'No job has run yet',
  },
}
