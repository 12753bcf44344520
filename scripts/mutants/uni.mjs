// Faults of the machine, the session and the held code, each of which cost a user a login or a second paid tap.
const faults = 'packages/uni/src/phone-login.faults.test.ts'
const login = 'packages/uni/src/phone-login.test.ts'
const property = 'packages/uni/src/machine.property.test.ts'
const machine = 'packages/uni/src/machine.ts'

export const mutants = [
  {
    file: machine,
    find: "tap.at === 'idle' && (session.at === 'in'",
    replace: "tap.at !== 'asking' && (session.at === 'in'",
    tests: [faults, property],
    why: 'a second tap is paid for while a code is held or exchanged',
  },
  {
    file: machine,
    find: 'codes.filter(({ diesAtMs }) => diesAtMs > atMs)',
    replace: 'codes',
    tests: [login, faults],
    why: 'a dead code is sent for ever',
  },
  {
    file: machine,
    find: 'diesAtMs: (tap.tappedAtMs ?? atMs) + codeLifeMs',
    replace: 'diesAtMs: atMs + codeLifeMs',
    tests: [login],
    why: 'the age of a code is counted from the consent and not from the tap',
  },
  {
    file: machine,
    find: 'if (phoneCode === tap.endedCode || ',
    replace: 'if (',
    tests: [faults],
    why: 'an event that comes twice is exchanged twice',
  },
  {
    file: machine,
    find: 'if (state.tap.codes.length > 0) return state',
    replace: 'if (state.tap.codes.length > 9) return state',
    tests: [property, login],
    why: 'a refusal that comes after the consent throws the paid code away',
  },
  {
    file: machine,
    find: "if (canResend(error)) return withTap(state, { at: 'held', error })",
    replace: '',
    tests: [login, faults],
    why: 'a lost answer costs the paid code',
  },
  {
    file: machine,
    find: 'strikes >= mostStrikes',
    replace: 'strikes > 99',
    tests: [faults],
    why: 'paid taps in a loop',
  },
  {
    file: machine,
    find: "state.session.run === run && state.session.at !== 'out'",
    replace: 'run > 0',
    tests: [faults, property, login],
    why: 'a start that was overtaken signs in whoever has signed out',
  },
  {
    file: machine,
    find: "if (state.session.at === 'out')\n",
    replace: 'if (false)\n',
    tests: [faults],
    why: 'a late event signs in somebody who has signed out',
  },
  {
    file: machine,
    find: "at: state.tap.at === 'held' ? 'held' : 'idle',",
    replace: "at: 'idle', codes: [],",
    tests: [faults],
    why: 'signing out throws a paid code away without a word',
  },
  {
    file: 'packages/uni/src/cache.ts',
    find: '      kept.set(key, value)\n',
    replace: '      throw new Error(key)\n',
    tests: [faults],
    why: 'a full storage fails a login that the service has made',
  },
  {
    file: 'packages/uni/src/cache.ts',
    find: '        storage.remove(key)\n      } catch',
    replace: '      } catch',
    tests: [faults],
    why: 'the next launch believes an older login than the last one',
  },
  {
    file: 'packages/uni/src/session.ts',
    find: 'if (current?.refreshToken === refreshToken) write(current.member, renewed)',
    replace: 'if (current) write(current.member, renewed)',
    tests: [faults],
    why: 'a late renewal writes over a newer login',
  },
  {
    file: 'packages/uni/src/service.ts',
    find: 'answer.status < 300 && holds(read)',
    replace: 'answer.status < 300',
    tests: [faults],
    why: 'the page of a hotspot counts as a login',
  },
  {
    file: 'packages/uni/src/login.ts',
    find: 'if (after.tap.codes !== before.tap.codes) heldCodes.write(after.tap.codes)',
    replace: '',
    tests: [faults],
    why: 'a paid code is gone when the mini program is closed',
  },
  {
    file: 'packages/uni/src/login.ts',
    find: 'line = done.catch(() => undefined)',
    replace: 'line = Promise.resolve()',
    tests: [faults, property],
    why: 'a start and an exchange run side by side and write over each other',
  },
  {
    file: 'packages/uni/src/haoma-back-end.ts',
    find: 'if (!known?.phone.bound) throw cause',
    replace: '',
    tests: [faults],
    why: 'a paid button is drawn for somebody whose number the service may know',
  },
]
