import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

/**
 * A list by cursor, newest first, longer with each `more()`.
 *
 * @param key - What it depends on; a change starts it anew.
 */
export function useCursorList<Item>(
  key: MaybeRefOrGetter<readonly unknown[]>,
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  { enabled = true }: { enabled?: MaybeRefOrGetter<boolean> } = {},
) {
  const query = useInfiniteQuery({
    queryKey: computed(() => toValue(key)),
    queryFn: ({ pageParam, signal }) => read(pageParam || undefined, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled: computed(() => toValue(enabled)),
  })
  return {
    query,
    items: computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? []),
    hasMore: computed(() => query.hasNextPage.value),
    isLoadingMore: computed(() => query.isFetchingNextPage.value),
    more: () => void query.fetchNextPage(),
  }
}
