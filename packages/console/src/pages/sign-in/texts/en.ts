import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  signIn: {
    title: 'Sign in to the console',
    username: 'Name',
    password: 'Password',
    newPassword: 'New password',
    totp: 'One-time code',
    totpHelp: 'Six digits of the authenticator app, or a recovery code',
    submit: 'Sign in',
    forgot: 'Password forgotten? Ask an owner, or run {command} on the server',
    first:
      'No administrator yet? The terminal that started the service shows a one-time link; {command} makes a new one.',
    passwordHelp: '10 characters at least; long beats odd',
    tooShort: 'A password has 10 characters at least',
    usernameHelp: '2–64 characters: letters, digits, . _ {at} -',
    link: {
      checking: 'Checking the link',
      firstOwner: 'Create the first owner',
      invite: 'Accept the invitation',
      reset: 'Set a new password',
      signIn: 'Signing in',
      firstOwnerLead: 'This account can do everything. The link ends with it.',
      inviteLead: 'You are invited as {role}.',
      resetLead: 'A new password for {username}. All its other sessions end.',
      submit: 'Go on',
      expires: 'The link lives {time} more',
      dead: 'This link is of no use any more',
      deadText: 'A link works once, for a while. Run {command} on the server to make a new one.',
      toSignIn: 'To the sign-in',
    },
  },
}
