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
    empty: 'No job has run yet',
  },
}
