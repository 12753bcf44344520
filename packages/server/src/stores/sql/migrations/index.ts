import type { Migration, MigrationProvider } from 'kysely'
import { login } from './0001-login.ts'

/**
 * Every migration in order. A released one is never edited; a change is a new one.
 * They are named here, not found on disk, so that a bundle holds them.
 */
const migrations: Record<string, Migration> = {
  '0001-login': login,
}

export const migrationProvider: MigrationProvider = {
  getMigrations: async () => migrations,
}
