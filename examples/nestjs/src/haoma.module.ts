import { createHaoma, type Haoma, type HaomaOptions, nodeHandler } from '@haoma/server'
import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationShutdown,
} from '@nestjs/common'
import type { Request, Response } from 'express'
import { HAOMA } from './haoma.js'
import { MemberGuard } from './member.guard.js'

const BASE_PATH = Symbol('basePath')

/** The login service inside a Nest application, under `basePath`. */
@Module({})
export class HaomaModule implements NestModule, OnApplicationShutdown {
  static register(options: HaomaOptions & { basePath: string }): DynamicModule {
    return {
      module: HaomaModule,
      global: true,
      providers: [
        { provide: HAOMA, useFactory: () => createHaoma(options) },
        { provide: BASE_PATH, useValue: options.basePath },
        MemberGuard,
      ],
      exports: [HAOMA, MemberGuard],
    }
  }

  constructor(
    @Inject(HAOMA) private readonly haoma: Haoma,
    @Inject(BASE_PATH) private readonly basePath: string,
  ) {}

  configure(consumer: MiddlewareConsumer) {
    const handler = nodeHandler(this.haoma)
    const mount = (request: Request, response: Response) => {
      // Nest takes the whole route off the address.
      request.url = request.originalUrl
      return handler(request, response)
    }
    consumer.apply(mount).forRoutes(`${this.basePath}/*path`)
  }

  /** Nest calls it after `enableShutdownHooks()`; what WeChat said is stored first. */
  onApplicationShutdown() {
    return this.haoma.close()
  }
}
