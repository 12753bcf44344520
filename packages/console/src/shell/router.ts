import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { may, recallSession, session } from '../api/session.ts'
import { loadTexts } from '../look/i18n.ts'
import { tokenOfLink } from './link-token.ts'
import { innerPages, pages } from './pages.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Name of the entry of the navigation that is marked. */
    under?: string
    /** Words that the page needs. */
    texts?: string
    /** Nobody has to be signed in. */
    isOpen?: boolean
    least?: 'viewer' | 'operator' | 'owner'
    byApp?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  ...pages.map(({ name, path, load, least, byApp }) => ({
    name,
    path,
    component: load,
    meta: { under: name, texts: name, least, byApp },
  })),
  ...innerPages.map(({ name, path, load, under }) => ({
    name,
    path,
    component: load,
    meta: { under, texts: under },
  })),
  {
    name: 'sign-in',
    path: '/sign-in',
    component: () => import('../pages/sign-in/SignInPage.vue'),
    meta: { isOpen: true, texts: 'sign-in' },
  },
  {
    name: 'link',
    path: '/link',
    component: () => import('../pages/sign-in/LinkPage.vue'),
    meta: { isOpen: true, texts: 'sign-in' },
  },
  {
    name: 'nothing',
    path: '/:rest(.*)*',
    component: () => import('../pages/nothing/NothingPage.vue'),
    meta: { texts: 'nothing' },
  },
]

export const router = createRouter({
  history: createWebHistory(new URL(document.baseURI).pathname),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to, from) => {
  // A one-time link brings its token behind the #, where no server and no log sees it.
  if (tokenOfLink.take(to.hash)) return { name: 'link', replace: true }
  if (session.value === undefined) await recallSession()
  if (session.value === null && !to.meta.isOpen) {
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  }
  if (to.meta.least && !may(to.meta.least))
    return { name: 'nothing', params: { rest: to.path.slice(1).split('/') } }
  // The app chosen above stays chosen from page to page.
  if (from.query.app && !to.query.app && to.meta.byApp && from.path !== to.path) {
    return { ...to, query: { ...to.query, app: from.query.app } }
  }
  await loadTexts(to.meta.texts)
  return true
})
