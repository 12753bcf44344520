/** The part of `/readyz` that is read here; its details are for operators, such as this process. */
interface Readiness {
  checks?: { name: string; appid?: string; ok: boolean; detail?: { zh: string; en: string } }[]
}

/**
 * Asks the service that has just started whether WeChat takes the secret of each app, so that a wrong one is told now and
 * not by the first user.
 */
export async function appTroubles(serviceUrl: string): Promise<{ zh: string; en: string }[]> {
  const answer = await fetch(`${serviceUrl}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  )
  const { checks = [] } = ((await answer?.json().catch(() => undefined)) ?? {}) as Readiness
  return checks.flatMap(({ name, appid, ok, detail }) =>
    ok || !detail || name !== 'wechat'
      ? []
      : [{ zh: `${appid}：${detail.zh}`, en: `${appid}: ${detail.en}` }],
  )
}
