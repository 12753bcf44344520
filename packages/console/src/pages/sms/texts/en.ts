import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  sms: {
    title: 'SMS',
    lead: 'The way in when WeChat’s button cannot help: how many were sent and used, and why some failed.',
    none: 'There is no SMS way in',
    noneText:
      'Set the variables that begin with HAOMA_SMS for Tencent or Aliyun, and there are numbers here.',
    provider: 'Provider',
    providers: {
      tencent: 'Tencent Cloud',
      aliyun: 'Aliyun',
      console: 'Printed (for development)',
    },
    sentToday: 'Sent today',
    budget: 'Limit a day',
    noBudget: 'None',
    days: 'Last 7 days',
    counted:
      'Sent: the provider took it. Used: the code was entered right. Unknown: no response, it may have arrived.',
    used: 'Used',
    sent: 'Not used',
    failed: 'Failed',
    unknown: 'Unknown',
    errors: 'Why sending fails',
    errorsEmpty: 'Nothing failed',
    list: 'Latest requests',
    empty: 'No SMS yet',
    masked: 'Number',
    state: 'State',
    allStates: 'All states',
    states: {
      claimed: 'About to be sent',
      sent: 'Sent',
      unknown: 'Unknown',
      failed: 'Failed',
      used: 'Used',
      burnt: 'Too many tries',
      expired: 'Expired',
    },
    tries: 'Tries',
    at: 'Time',
  },
}
