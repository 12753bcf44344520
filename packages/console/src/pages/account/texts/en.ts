import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  account: {
    title: 'My account',
    password: 'Change password',
    current: 'Present password',
    next: 'New password',
    nextHelp: '10 characters at least. Other devices are signed out.',
    totp: 'One-time codes',
    totpText: 'Six digits of an authenticator app beside the password, so that a leaked one opens nothing.',
    totpOn: 'On',
    totpOff: 'Off',
    setUp: 'Set up',
    setUpText:
      'Scan the code with an authenticator app, or type the key, then enter the six digits it shows.',
    qr: 'QR code for the authenticator',
    key: 'Key',
    open: 'Open in the authenticator',
    code: 'Six digits',
    confirm: 'Confirm',
    recovery: 'Recovery codes',
    recoveryText: 'Each replaces a one-time code once, when the phone is away.',
    newRecovery: 'New recovery codes',
    turnOff: 'Switch off',
    askPassword: 'Enter your password to confirm',
    sessions: 'Where I am signed in',
    here: 'Here',
    device: 'Browser',
    ip: 'Address',
    seenAt: 'Last used',
    endsAt: 'Ends at the latest',
    end: 'Sign out',
    endOthers: 'Sign out elsewhere',
    changed: 'The password is changed',
  },
}
