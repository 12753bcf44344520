// What is used of Playwright, by shape: the package must not pin anyone's version of it, nor need it at all.

/** A `Locator` of Playwright. */
export interface LocatorLike {
  click(): Promise<void>
  fill(value: string): Promise<void>
  innerText(options?: { timeout?: number }): Promise<string>
  textContent(): Promise<string | null>
  getAttribute(name: string): Promise<string | null>
  count(): Promise<number>
  isVisible(): Promise<boolean>
  waitFor(options?: {
    state?: 'visible' | 'hidden' | 'attached' | 'detached'
    timeout?: number
  }): Promise<void>
  locator(selector: string, options?: { hasText?: string | RegExp }): LocatorLike
  getByText(text: string | RegExp, options?: { exact?: boolean }): LocatorLike
  getByTestId(id: string): LocatorLike
  filter(options: { hasText?: string | RegExp; visible?: boolean }): LocatorLike
  first(): LocatorLike
  all(): Promise<LocatorLike[]>
}

/** A `FrameLocator` of Playwright. */
export interface FrameLocatorLike {
  locator(selector: string, options?: { hasText?: string | RegExp }): LocatorLike
}

/** A `Page` of Playwright. */
export interface PageLike {
  goto(url: string): Promise<unknown>
  locator(selector: string, options?: { hasText?: string | RegExp }): LocatorLike
  frameLocator(selector: string): FrameLocatorLike
  getByTestId(id: string): LocatorLike
}
