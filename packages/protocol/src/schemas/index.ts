/**
 * The request and response bodies of the login service as zod schemas. JSON, camelCase. Durations are whole seconds
 * (`…InS`), instants ISO 8601 in UTC.
 *
 * @module
 */
export * from './exchange.ts'
export * from './login.ts'
export * from './members.ts'
export * from './problem.ts'
export * from './sessions.ts'
export * from './sms.ts'
export * from './telemetry.ts'
export * from './values.ts'
