import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, UnsealError } from '../crypto/sealer.ts'
import type { AlertChannel } from '../stores/alert-store.ts'
import type { Sender } from '../webhooks/outbound/sender.ts'
import { signedHeaders } from '../webhooks/secrets.ts'
import { type Notice, type RobotKind, robots, type Verdict, verdictOf } from './robots.ts'

export type ChannelKind = RobotKind | 'webhook'

/** What is encrypted of a channel. */
export interface ChannelConfig {
  url: string
  secret?: string | undefined
  language: 'zh' | 'en'
}

/** What a channel is told: the notice for people, and the same for programs. */
export interface Told {
  /** Stays the same when it is sent again. */
  id: string
  notice(language: ChannelConfig['language']): Notice
  payload: Record<string, unknown>
}

export interface ChannelPosts {
  seal(channelId: string, config: ChannelConfig): string
  /** `undefined` when it does not open: its master key is missing. */
  open(channel: Pick<AlertChannel, 'id' | 'configSealed'>): ChannelConfig | undefined
  post(channel: AlertChannel, told: Told, nowMs: number): Promise<Verdict>
}

const unreadable: Verdict = {
  isDelivered: false,
  waitMs: 30 * 60_000,
  text: {
    zh: '这个渠道的地址打不开：缺少加密它的主密钥，请重新填写',
    en: 'The address of this channel does not open: its master key is missing. Enter it again',
  },
}

/** Speaks to channels, by the rules for addresses that strangers chose. */
export function createChannelPosts({ keyRing, sender }: { keyRing: KeyRing; sender: Sender }): ChannelPosts {
  const sealer = createSealer(keyRing, 'alert-channel')
  const open: ChannelPosts['open'] = ({ id, configSealed }) => {
    try {
      return JSON.parse(sealer.open(configSealed, id))
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

  const postWebhook = async (
    { url, secret }: ChannelConfig,
    { id, payload }: Told,
    nowMs: number,
  ): Promise<Verdict> => {
    const body = JSON.stringify({ id, type: 'alert', timestamp: new Date(nowMs).toISOString(), ...payload })
    const signature = secret ? signedHeaders([secret], { id, body, nowMs }) : {}
    const headers = { 'content-type': 'application/json', 'user-agent': 'Haoma-Alerts', ...signature }
    const { status, error } = await sender.post(url, headers, body)
    const isDelivered = status !== null && status >= 200 && status < 300
    const reason = error ?? `HTTP ${status}`
    const text = isDelivered
      ? { zh: '已送达', en: 'Delivered' }
      : { zh: `没有送达：${reason}`, en: `Not delivered: ${reason}` }
    return { isDelivered, waitMs: 60_000, text }
  }

  return {
    open,
    seal: (channelId, config) => sealer.seal(JSON.stringify(config), channelId),
    post: async (channel, told, nowMs) => {
      const config = open(channel)
      if (!config) return unreadable
      if (channel.kind === 'webhook') return postWebhook(config, told, nowMs)
      const robot = robots[channel.kind as RobotKind]
      const { url, body } = robot.request(
        { ...config, secret: config.secret, nowMs },
        told.notice(config.language),
      )
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      return verdictOf(robot, await sender.post(url, headers, body))
    },
  }
}
