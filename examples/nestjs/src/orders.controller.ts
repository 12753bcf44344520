import type { MemberSession } from '@haoma/server'
import { Controller, Get, UseGuards } from '@nestjs/common'
import { Member, MemberGuard } from './member.guard.js'

@Controller('orders')
@UseGuards(MemberGuard)
export class OrdersController {
  @Get()
  list(@Member() member: MemberSession) {
    return { memberId: member.memberId }
  }
}
