import { migrateDatabase } from '@haoma/server'
import { defineCommand } from 'citty'
import { besideService } from './beside.ts'

/** `haoma migrate`: what every start does by itself, as a step of its own for a deployment. */
export const migrate = defineCommand({
  meta: {
    name: 'migrate',
    description:
      '把数据库升级到本版本的结构；启动时也会自动进行 · Bring the database up to date; every start does so by itself',
  },
  run: async () => {
    const { database } = await besideService()
    await migrateDatabase(database)
    console.log('数据库已是最新 · the database is up to date')
  },
})
