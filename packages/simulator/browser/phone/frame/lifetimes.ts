import { Component, type Node as EaselNode, type GeneralComponent } from 'glass-easel'

interface Waiting {
  component: GeneralComponent
  depth: number
}

/** When components are ready: glass-easel leaves the `ready` lifetime to whoever draws. */
export interface ReadyQueue {
  /** Runs the callback; what it attaches is ready only at the next {@link ReadyQueue.flush}. */
  hold(run: () => void): void
  /** Calls `ready` on everything attached since, inner components before those around them. */
  flush(): void
}

/**
 * Calls `ready` once on each component after it was attached and drawn: those of a page when the page is shown,
 * those that data brings later in the turn after.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/custom-component/lifetimes.html
 */
export function createReadyQueue(): ReadyQueue {
  let waiting: Waiting[] = []
  let held = 0
  let planned = false
  const attached = new WeakSet<GeneralComponent>()

  const flush = () => {
    const batch = waiting
    waiting = []
    for (const component of innerFirst(batch)) {
      if (attached.has(component)) component.triggerLifetime('ready', [])
    }
  }
  const plan = () => {
    if (planned || held > 0) return
    planned = true
    setTimeout(() => {
      planned = false
      flush()
    })
  }

  const trigger = Component.prototype.triggerLifetime
  Component.prototype.triggerLifetime = function (this: GeneralComponent, name: string, args: never) {
    trigger.call(this, name, args)
    if (name === 'attached') {
      attached.add(this)
      waiting.push({ component: this, depth: depthOf(this) })
      plan()
    }
    if (name === 'detached') attached.delete(this)
  } as typeof trigger

  return {
    hold(run) {
      held++
      try {
        run()
      } finally {
        held--
      }
    },
    flush,
  }
}

/** From the order in which components are attached, parents first, to the one in which they are ready. */
function* innerFirst(attached: Waiting[]): Generator<GeneralComponent> {
  const open: Waiting[] = []
  for (const next of attached) {
    for (let last = open.at(-1); last && last.depth >= next.depth; last = open.at(-1)) {
      open.pop()
      yield last.component
    }
    open.push(next)
  }
  for (const { component } of open.reverse()) yield component
}

function depthOf(component: GeneralComponent): number {
  let depth = 0
  for (let node: EaselNode | null = component as unknown as EaselNode; node; depth++) {
    node = (node as { getComposedParent?(): EaselNode | null }).getComposedParent?.() ?? null
  }
  return depth
}
