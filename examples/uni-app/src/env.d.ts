/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Address of the login service. */
  readonly VITE_HAOMA_URL?: string
  /** AppID of this mini program. */
  readonly VITE_HAOMA_APPID?: string
}

interface Window {
  /** Set by whoever serves the H5 build, so that one build serves every address. */
  __HAOMA__?: { baseUrl: string; appid: string }
}
