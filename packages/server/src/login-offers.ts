import type { LoginResponse } from '@haoma/protocol'
import type { Budgets } from './apps/budgets.ts'

/** A login whose answer says which paid buttons may be shown from now on; budgets hide those that cost too much. */
export function withOffers<Request extends { appid: string }, Rest extends unknown[]>(
  login: (request: Request, ...rest: Rest) => Promise<LoginResponse>,
  offers: Budgets['offers'],
): typeof login {
  return async (request, ...rest) => ({
    ...(await login(request, ...rest)),
    components: offers(request.appid),
  })
}
