export function findPgBouncer(): { missing?: string }
export function startPgBouncer(
  databaseUrl: string,
  certificate?: { key: string; cert: string },
): Promise<{ url: string; stop: () => Promise<void> }>
