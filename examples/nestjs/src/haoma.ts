/** Injects the service: `@Inject(HAOMA) private readonly haoma: Haoma`. */
export const HAOMA = Symbol('haoma')
