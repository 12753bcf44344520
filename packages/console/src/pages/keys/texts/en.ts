import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  keys: {
    title: 'Keys',
    lead: 'What signs sessions of members, and what seals numbers and finds them. No private key is ever shown.',
    signing: 'Signing keys',
    signingCounted:
      'A new key is published a while before it signs, so that caches follow, and after it retired until what it signed is over.',
    kid: 'Key id',
    alg: 'Algorithm',
    state: 'State',
    states: {
      next: 'Next',
      signing: 'Signing',
      retired: 'Retired',
      revoked: 'Revoked',
      writing: 'Writing',
      reading: 'Reading',
    },
    signsFrom: 'Signs from',
    createdAt: 'Created',
    rotate: 'Rotate signing key',
    rotateText: 'A new key is made and signs a while later. Nobody is signed out.',
    revoke: 'Revoke',
    revokeText:
      'Access tokens signed by it end at once; people get new ones by their refresh token. Only when the key may have leaked.',
    index: 'Keys that find numbers',
    indexCounted:
      'Numbers are found by a keyed digest; one key writes, older ones read until all is rewritten.',
    since: 'Since',
    master: 'Master key',
    fingerprint: 'Fingerprint',
    oldKeys: 'Old master keys',
    rekey: 'Re-keying',
    rekeyNeeded: 'Some data is still under an old key; run {command}',
    rekeyLeft: '{n} left',
    rekeyDone: 'Everything is under the present key',
  },
}
