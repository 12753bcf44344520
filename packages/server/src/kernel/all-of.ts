/**
 * `Promise.all` that waits for every part before it fails. In a transaction nothing else will do: a statement that is still
 * on its way when another one fails would reach the database after the rollback, on its own.
 */
export async function allOf<const Parts extends readonly unknown[]>(
  parts: Parts,
): Promise<{ -readonly [I in keyof Parts]: Awaited<Parts[I]> }> {
  const ended = await Promise.allSettled(parts)
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return Promise.all(parts) as Promise<{ -readonly [I in keyof Parts]: Awaited<Parts[I]> }>
}
