import { describe, expect, it } from 'vitest'
import type { Client, ClientSecret } from '../client-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const client = (change: Partial<Client> = {}): Client => ({
  id: 'hc1',
  name: '商城',
  scopes: ['token', 'exchange'],
  appids: ['wx1'],
  ips: ['10.0.0.0/8'],
  limits: { perMinute: 60 },
  gatewayPaths: ['/wxa/msg_sec_check'],
  tokenMarginS: 300,
  createdAtMs: 1,
  seenAtMs: null,
  revokedAtMs: null,
  ...change,
})
const secret = (change: Partial<ClientSecret> = {}): ClientSecret => ({
  digest: 'k.1',
  clientId: 'hc1',
  hint: 'abcd',
  createdAtMs: 1,
  expiresAtMs: null,
  revokedAtMs: null,
  ...change,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testClientStore(create: CreateDatabases): void {
  describe('client store', () => {
    const at = useDatabases(create)

    it('gives a client by any digest of its living secret, as it was written', async () => {
      await at.db.clients.add(client())
      await at.db.clients.addSecret(secret())
      expect(await at.other.clients.findBySecret(['other.1', 'k.1'], 5)).toEqual({
        client: client(),
        secret: secret(),
      })
      expect(await at.other.clients.findBySecret(['k.2'], 5)).toBeUndefined()
      expect(await at.other.clients.list()).toEqual([client()])
    })

    it('tells all apps and any address from none', async () => {
      await at.db.clients.add(client({ appids: null, ips: null, limits: null, gatewayPaths: [] }))
      expect(await at.other.clients.find('hc1')).toMatchObject({
        appids: null,
        ips: null,
        limits: null,
        gatewayPaths: [],
      })
    })

    it('gives no client by a secret that expired or was revoked', async () => {
      await at.db.clients.add(client())
      await at.db.clients.addSecret(secret({ expiresAtMs: 10 }))
      expect(await at.db.clients.findBySecret(['k.1'], 9)).toBeDefined()
      expect(await at.db.clients.findBySecret(['k.1'], 10)).toBeUndefined()
      await at.db.clients.changeSecret('k.1', { expiresAtMs: null, revokedAtMs: 5 })
      expect(await at.db.clients.findBySecret(['k.1'], 1)).toBeUndefined()
    })

    it('revokes a client once, with all its secrets, and lets nobody change it after', async () => {
      await at.db.clients.add(client())
      await at.db.clients.addSecret(secret())
      const revoked = await Promise.all([at.db.clients.revoke('hc1', 7), at.other.clients.revoke('hc1', 8)])
      expect(revoked.filter(Boolean)).toHaveLength(1)
      expect(await at.db.clients.findBySecret(['k.1'], 1)).toBeUndefined()
      expect(await at.db.clients.change('hc1', { scopes: ['gateway'] })).toBe(false)
      expect(await at.db.transaction(({ clients }) => clients.lock('hc1'))).toBe(false)
    })

    it('changes what is named and nothing else', async () => {
      await at.db.clients.add(client())
      expect(await at.db.clients.change('hc1', { scopes: ['gateway'], appids: null })).toBe(true)
      await at.db.clients.touch('hc1', 9)
      expect(await at.other.clients.find('hc1')).toEqual(
        client({ scopes: ['gateway'], appids: null, seenAtMs: 9 }),
      )
      expect(await at.db.clients.change('hc2', { name: 'x' })).toBe(false)
    })
  })
}
