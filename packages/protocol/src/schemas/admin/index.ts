/**
 * The bodies of the administrators' surface, `/admin/v1`, as zod schemas. Days and months are those of Asia/Shanghai,
 * money is whole li (1/1000 yuan), instants are ISO 8601 in UTC.
 *
 * @module
 */
export * from './accounts.ts'
export * from './alerts.ts'
export * from './apps.ts'
export * from './clients.ts'
export * from './cost.ts'
export * from './logins.ts'
export * from './members.ts'
export * from './operations.ts'
export * from './overview.ts'
export * from './sms.ts'
export * from './values.ts'
export * from './webhooks.ts'
