import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { HaomaModule } from './haoma.module.js'
import { options } from './options.js'
import { OrdersController } from './orders.controller.js'

@Module({ imports: [HaomaModule.register(options)], controllers: [OrdersController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] })
app.enableShutdownHooks()
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
process.stdout.write(`listening on ${await app.getUrl()}\n`)
