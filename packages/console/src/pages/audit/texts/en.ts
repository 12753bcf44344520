import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  audit: {
    title: 'Audit',
    lead: 'Who changed or revealed what, and when. It cannot be rewritten.',
    export: 'Export',
    action: 'Action',
    actionPlaceholder: 'e.g. member. or member.erase',
    at: 'Time',
    actor: 'By',
    target: 'Of',
    reason: 'Reason',
    ip: 'Address',
    empty: 'Nothing here',
    emptyText: 'Try something else.',
    kinds: {
      admin: 'Administrator',
      'api-key': 'API key',
      client: 'Back end',
      cli: 'Command line',
      system: 'System',
    },
    details: 'Details',
  },
}
