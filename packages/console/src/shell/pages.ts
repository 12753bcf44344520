import type { AdminRole } from '@haoma/protocol/admin'
import type { Component } from 'vue'
import type { IconName } from '../parts/icons.ts'

export interface PageEntry {
  /** Name of its folder in `pages/`, of its route and of its words. */
  name: string
  path: string
  icon: IconName
  group: 'watch' | 'connect' | 'operate'
  /** Who sees it. */
  least: AdminRole
  /** Whether the app chosen above holds for it. */
  byApp: boolean
  load: () => Promise<{ default: Component }>
}

/** Every page of the navigation, in its order. */
export const pages: readonly PageEntry[] = [
  {
    name: 'overview',
    path: '/',
    icon: 'overview',
    group: 'watch',
    least: 'viewer',
    byApp: true,
    load: () => import('../pages/overview/OverviewPage.vue'),
  },
  {
    name: 'logins',
    path: '/logins',
    icon: 'logins',
    group: 'watch',
    least: 'viewer',
    byApp: true,
    load: () => import('../pages/logins/LoginsPage.vue'),
  },
  {
    name: 'members',
    path: '/members',
    icon: 'members',
    group: 'watch',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/members/MembersPage.vue'),
  },
  {
    name: 'cost',
    path: '/cost',
    icon: 'cost',
    group: 'watch',
    least: 'viewer',
    byApp: true,
    load: () => import('../pages/cost/CostPage.vue'),
  },
  {
    name: 'alerts',
    path: '/alerts',
    icon: 'alerts',
    group: 'watch',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/alerts/AlertsPage.vue'),
  },
  {
    name: 'apps',
    path: '/apps',
    icon: 'apps',
    group: 'connect',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/apps/AppsPage.vue'),
  },
  {
    name: 'clients',
    path: '/clients',
    icon: 'clients',
    group: 'connect',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/clients/ClientsPage.vue'),
  },
  {
    name: 'webhooks',
    path: '/webhooks',
    icon: 'webhooks',
    group: 'connect',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/webhooks/WebhooksPage.vue'),
  },
  {
    name: 'sms',
    path: '/sms',
    icon: 'sms',
    group: 'connect',
    least: 'viewer',
    byApp: true,
    load: () => import('../pages/sms/SmsPage.vue'),
  },
  {
    name: 'keys',
    path: '/keys',
    icon: 'keys',
    group: 'operate',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/keys/KeysPage.vue'),
  },
  {
    name: 'jobs',
    path: '/jobs',
    icon: 'jobs',
    group: 'operate',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/jobs/JobsPage.vue'),
  },
  {
    name: 'audit',
    path: '/audit',
    icon: 'audit',
    group: 'operate',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/audit/AuditPage.vue'),
  },
  {
    name: 'admins',
    path: '/admins',
    icon: 'admins',
    group: 'operate',
    least: 'owner',
    byApp: false,
    load: () => import('../pages/admins/AdminsPage.vue'),
  },
  {
    name: 'settings',
    path: '/settings',
    icon: 'settings',
    group: 'operate',
    least: 'viewer',
    byApp: false,
    load: () => import('../pages/settings/SettingsPage.vue'),
  },
]

/** Pages that others lead to. */
export const innerPages: ReadonlyArray<Pick<PageEntry, 'name' | 'path' | 'load'> & { under: string }> = [
  {
    name: 'login',
    path: '/logins/:id',
    under: 'logins',
    load: () => import('../pages/logins/LoginPage.vue'),
  },
  {
    name: 'member',
    path: '/members/:id',
    under: 'members',
    load: () => import('../pages/members/MemberPage.vue'),
  },
  { name: 'app', path: '/apps/:appid', under: 'apps', load: () => import('../pages/apps/AppPage.vue') },
  {
    name: 'webhook',
    path: '/webhooks/:id',
    under: 'webhooks',
    load: () => import('../pages/webhooks/WebhookPage.vue'),
  },
  {
    name: 'account',
    path: '/account',
    under: 'account',
    load: () => import('../pages/account/AccountPage.vue'),
  },
]
