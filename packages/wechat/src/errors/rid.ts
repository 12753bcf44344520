const shape = /\brid: ?([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})/

/** Finds the request id in an errmsg, whichever tail the endpoint writes. */
export function findRid(errmsg: string): string | undefined {
  return shape.exec(errmsg)?.[1]
}

/**
 * The time a rid carries: its first group is the Unix time in seconds.
 *
 * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/
 */
export function ridTime(rid: string): Date {
  return new Date(Number.parseInt(rid.slice(0, 8), 16) * 1000)
}
